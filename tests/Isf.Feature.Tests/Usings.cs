global using Isf.Tests;
global using Xunit;
