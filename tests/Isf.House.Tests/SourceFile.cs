using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace Isf.House.Tests;

/// <summary>One file of the repository: its path from the root, with slashes, and its text.</summary>
public sealed class SourceFile(string path, string text)
{
    private readonly Lazy<CompilationUnitSyntax> code = new(() =>
        CSharpSyntaxTree.ParseText(text, new CSharpParseOptions(LanguageVersion.Preview), path)
            .GetCompilationUnitRoot());

    /// <summary>The path from the repository's root.</summary>
    public string Path { get; } = path;

    /// <summary>The whole text.</summary>
    public string Text { get; } = text;

    /// <summary>The name of the file without its folder.</summary>
    public string Name => Path[(Path.LastIndexOf('/') + 1)..];

    /// <summary>The name of the file without folder and ending.</summary>
    public string Stem => System.IO.Path.GetFileNameWithoutExtension(Path);

    /// <summary>The folder, without a slash at its end; empty at the root.</summary>
    public string Folder => Path.LastIndexOf('/') is var slash and >= 0 ? Path[..slash] : "";

    /// <summary>The syntax of a C# file.</summary>
    public CompilationUnitSyntax Code => code.Value;

    /// <summary>Whether this is C# written by a person.</summary>
    public bool IsCSharp => Path.EndsWith(".cs", StringComparison.Ordinal)
        && !Path.EndsWith(".g.cs", StringComparison.Ordinal)
        && !Path.EndsWith(".Designer.cs", StringComparison.Ordinal);

    /// <summary>The lines, without their ends; a line end at the end of the file does not start a line.</summary>
    public string[] Lines => Text.TrimEnd('\n').Split('\n').Select(line => line.TrimEnd('\r')).ToArray();

    /// <summary>All syntax nodes of one kind.</summary>
    public IEnumerable<T> All<T>() where T : SyntaxNode => Code.DescendantNodes().OfType<T>();

    /// <summary>Whether the file is in a folder or below it.</summary>
    public bool IsUnder(string folder) => Path.StartsWith(folder + "/", StringComparison.Ordinal);

    /// <summary>A finding at a node.</summary>
    public Finding Found(SyntaxNode at, string what) => Found(at.GetLocation(), what);

    /// <summary>A finding at a token.</summary>
    public Finding Found(SyntaxToken at, string what) => Found(at.GetLocation(), what);

    /// <summary>A finding on a line; the first line is 1.</summary>
    public Finding Found(int line, string what) => new(Path, line, what);

    private Finding Found(Location at, string what) =>
        new(Path, at.GetLineSpan().StartLinePosition.Line + 1, what);
}

/// <summary>A place that breaks a rule, and how to correct it.</summary>
public sealed record Finding(string Path, int Line, string What)
{
    /// <inheritdoc />
    public override string ToString() => $"{Path}:{Line}: {What}";
}
