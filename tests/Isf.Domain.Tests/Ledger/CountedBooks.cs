using Isf.Ledger.Domain;
using NodaTime;

namespace Isf.Domain.Tests.Ledger;

/// <summary>The books of one fund beside a separate count, made by plain additions of the facts.</summary>
internal sealed class CountedBooks
{
    private readonly Dictionary<string, (List<Journal> Journals, FactAmounts Whole)> targets = [];
    private readonly List<Journal> journals = [];
    private readonly List<FactAmounts> amounts = [];
    private Head head = Head.New(Books.Holder, "F-1");

    public IReadOnlyList<Journal> Journals => journals;

    /// <summary>The last version of each visit, and the journal that posts it.</summary>
    public Dictionary<string, (PricedCare Care, Journal Journal)> Visits { get; } = [];

    /// <summary>Receipts and returns that are not voided.</summary>
    public IReadOnlyList<Journal> MoneyInForce =>
    [
        .. journals.Where(journal => journal.Entry.Kind is "money-received" or "money-returned"
            && !journals.Exists(other => other.Entry.Reverses == journal.JournalId)),
    ];

    public Journal Post(Entry entry, FactAmounts counted)
    {
        var journal = HashChain.Append(head, entry, Books.Noon);
        head = head.After(journal);
        journals.Add(journal);
        amounts.Add(counted);
        return journal;
    }

    /// <summary>Posts the reversal of a journal, which takes back all that the journal counts.</summary>
    public void PostReversal(Entry reversal, Journal reversed) =>
        Post(reversal, -amounts[(int)reversed.Position - 1]);

    /// <summary>Posts the difference between a target's new total and the total posted so far.</summary>
    public void PostTarget(string key, Func<int, CumulativePosting> target, FactAmounts whole)
    {
        var (posted, before) = targets.GetValueOrDefault(key, ([], new FactAmounts()));
        var journal = Post(target(posted.Count + 1).DifferenceFrom(posted), whole - before);
        targets[key] = ([.. posted, journal], whole);
    }

    /// <summary>The same entries in the opposite order of arrival.</summary>
    public CountedBooks Backwards()
    {
        var books = new CountedBooks();
        foreach (var (journal, counted) in journals.Zip(amounts).Reverse())
            books.Post(journal.Entry, counted);
        return books;
    }

    public BooksAsAt AsAt(LocalDate day, long? position = null)
    {
        var visible = journals.Zip(amounts).Where(entry => entry.First.Entry.EffectiveOn <= day
            && entry.First.Position <= (position ?? journals.Count)).ToList();
        return new(day, position ?? journals.Count, [.. visible.Select(entry => entry.First)],
            visible.Aggregate(new FactAmounts(), (sum, entry) => sum + entry.Second));
    }

    /// <summary>Whether a law holds on the day before, on and after every date, and at every position.</summary>
    public bool AtEvery(Func<BooksAsAt, bool> law) =>
        journals.SelectMany(journal => new[] { -1, 0, 1 }.Select(journal.Entry.EffectiveOn.PlusDays)).Distinct()
            .All(day => Enumerable.Range(0, journals.Count + 1).All(position => law(AsAt(day, position))));
}
