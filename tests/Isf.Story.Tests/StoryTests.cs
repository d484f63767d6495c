using Isf.Story.Tests.Telling;
using Xunit;

namespace Isf.Story.Tests;

public sealed class SentenceTests
{
    [Fact]
    public void Every_step_of_every_story_is_in_words_that_the_teller_knows()
    {
    }
}
