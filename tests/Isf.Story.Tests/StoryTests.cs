using Isf.Story.Tests.Telling;
using Xunit;

namespace Isf.Story.Tests;

/// <summary>
/// Each story is run twice on a whole platform under a fixed clock, in memory and on RabbitMQ. Every step ends when no
/// message is on its way.
/// </summary>
public sealed class StoryTests
{
    private const string EightWeeks = "one-funds-eight-weeks";

    [Fact]
    public void Every_step_of_every_story_is_a_sentence_that_the_runner_knows()
    {
        foreach (var file in Directory.GetFiles(StoryScript.Folder, "*.story"))
            Assert.Empty(StoryRunner.NotUnderstood(StoryScript.Read(Path.GetFileNameWithoutExtension(file))));
    }

    [Theory]
    [InlineData("memory")]
    [InlineData("rabbitmq")]
    public async Task One_funds_eight_weeks_come_out_as_worked_by_hand(string transport) =>
        Assert.NotEmpty((await StoryResult.OnceAsync(EightWeeks, transport)).Statements);

    /// <summary>
    /// In this story funds close after a death, after a move that becomes known late, and at the agreement's end. The
    /// story checks figures and approved pages.
    /// </summary>
    [Theory]
    [InlineData("memory")]
    [InlineData("rabbitmq")]
    public async Task Three_funds_close_as_worked_by_hand(string transport) =>
        Assert.NotEmpty((await StoryResult.OnceAsync("three-funds-close", transport)).Statements);

    [Fact]
    public async Task Statements_are_the_same_byte_for_byte_in_memory_and_on_rabbitmq()
    {
        var memory = await StoryResult.OnceAsync(EightWeeks, "memory");
        var rabbit = await StoryResult.OnceAsync(EightWeeks, "rabbitmq");

        Assert.Equal(memory.Statements.Keys.Order(), rabbit.Statements.Keys.Order());
        foreach (var (name, bytes) in memory.Statements)
            Assert.Equal(bytes, rabbit.Statements[name]);
    }

    [Fact]
    public async Task The_last_hash_of_every_fund_is_the_same_in_memory_and_on_rabbitmq()
    {
        var memory = await StoryResult.OnceAsync(EightWeeks, "memory");
        var rabbit = await StoryResult.OnceAsync(EightWeeks, "rabbitmq");

        Assert.Equal(["F-1", "F-2"], memory.LastHashes.Keys.Order());
        Assert.Equal(memory.LastHashes, rabbit.LastHashes);
    }
}
