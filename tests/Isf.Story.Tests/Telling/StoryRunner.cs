using Isf.Client;
using Isf.Tests;
using NodaTime;
using Xunit.Sdk;

namespace Isf.Story.Tests.Telling;

/// <summary>Runs a story on a running platform, and waits after each step until no message is on its way.</summary>
internal sealed class StoryRunner
{
    private readonly StoryScript story;
    private readonly Office office;
    private readonly Action<Instant> setClock;
    private readonly IReadOnlyList<Sentence> sentences;
    private readonly AccountSentences accounts;

    public StoryRunner(StoryScript story, Office office, Action<Instant> setClock)
    {
        (this.story, this.office, this.setClock) = (story, office, setClock);
        var promises = new PromiseSentences(office);
        accounts = new AccountSentences(office, story.Name);
        sentences = [.. promises.All, .. new CareSentences(office, promises.Prices).All,
            .. new BookSentences(office).All, .. accounts.All];
    }

    /// <summary>The steps of a story that match no sentence; no step is performed.</summary>
    public static IEnumerable<string> NotUnderstood(StoryScript story)
    {
        var deaf = new Office(_ => throw new InvalidOperationException("Nobody is to be called."));
        var runner = new StoryRunner(story, deaf, _ => { });
        return story.Steps.Where(step => !runner.sentences.Any(sentence => sentence.Fits(step, out _)))
            .Select(step => $"line {step.Line}: {step.Text}");
    }

    /// <summary>Every statement as issued, by name.</summary>
    public IReadOnlyDictionary<string, byte[]> Statements => accounts.FirstRead;

    public async Task RunAsync()
    {
        foreach (var step in story.Steps)
        {
            setClock(step.At);
            try
            {
                await ActOf(step)();
                await office.UntilIdleAsync();
            }
            catch (Exception fault)
            {
                var lately = string.Join("\n", TestLog.Lately);
                throw new XunitException(
                    $"{story.Name}.story, line {step.Line}: {step.Text}\n{fault.Message}\n{lately}", fault);
            }
        }
    }

    /// <summary>The last hash of every fund.</summary>
    public async Task<IReadOnlyDictionary<string, string>> LastHashesAsync()
    {
        var hashes = new Dictionary<string, string>();
        foreach (var fund in await office.ListAsync<OpenFundResponse>("/v1/funds"))
        {
            var journals = await office.ListAsync<ListJournalsItem>($"/v1/funds/{fund.FundId}/journals");
            hashes[fund.FundId] = journals[^1].Hash;
        }
        return hashes;
    }

    private Func<Task> ActOf(Step step)
    {
        foreach (var sentence in sentences)
        {
            if (sentence.Fits(step, out var act))
                return act;
        }
        throw new FormatException("No sentence has this shape: see the lists in Telling/*Sentences.cs.");
    }
}
