using Isf.Measures;
using Isf.Statements.Domain;
using NodaTime;

namespace Isf.Domain.Tests.Statements;

/// <summary>Journals of one fund as the Ledger would post them, in the order in which a test adds them.</summary>
internal sealed class FundBooks
{
    private readonly List<Journal> journals = [];
    private readonly Dictionary<(string, int), Reason> reasons = [];
    private readonly Dictionary<LocalDate, (int Version, Move[] Sums)> closings = [];

    internal IReadOnlyList<Journal> Journals => journals;

    /// <summary>The journals that reverse no other, and that no other reverses.</summary>
    internal IReadOnlyList<Journal> InForce
    {
        get
        {
            var reversed = journals.Select(journal => journal.Reverses).ToHashSet();
            return [.. journals.Where(journal => journal.Reverses is null && !reversed.Contains(journal.JournalId))];
        }
    }

    internal long Position => journals.Count;

    internal FundFacts Facts { get; set; } = new()
    {
        Fund = new FundCard("F-1", "P-1", "E10000009", new LocalDate(2026, 3, 30), "england"),
        Person = new PersonCard("Example Person", "Example", "C-77"),
        Holder = new HolderCard("Sunrise Support", "1 High Street", "01234 567890", "ask@example.org", "Write to us."),
        Agreements =
        [
            new AgreementTerms(1, new LocalDate(2026, 3, 30), new LocalDate(2026, 10, 5), "to-holder", null, null),
        ],
        Budgets =
        [
            new BudgetTerms("B-1", new CarePeriod(new LocalDate(2026, 4, 6), null), new Money(42000),
                new Dictionary<string, Money> { ["council"] = new(36000), ["person"] = new(6000) }),
        ],
        Providers = new Dictionary<string, ProviderCard> { ["V-1"] = new("Sunrise Support", "holder") },
    };

    internal FundFacts AllFacts => Facts with { Reasons = reasons };

    internal Journal Received(string id, string source, long pence, LocalDate on) =>
        Post("money-received", id, on, new Move(Book.Money, $"outside/{source}", $"held/{source}", pence));

    internal Journal Returned(string id, string source, long pence, LocalDate on) =>
        Post("money-returned", id, on, new Move(Book.Money, $"held/{source}", $"outside/{source}", pence));

    internal Journal Priced(string id, int version, LocalDate on, long minutes, long pence, string provider = "V-1")
    {
        var because = $"{new Minutes(minutes)} at £24.00 an hour: {new Money(pence)}.";
        reasons[(id, version)] = new Reason(provider, because);
        var moves = new List<Move>();
        if (minutes > 0)
            moves.Add(new Move(Book.Time, "planned/L-1", "delivered/L-1", minutes));
        if (pence > 0)
        {
            moves.Add(new Move(Book.Promise, "promised/A-1", "used/A-1", pence));
            moves.Add(new Move(Book.Money, "held/drawn", $"accrued/{provider}", pence));
        }
        return Post(version == 1 ? "visit-priced" : "visit-repriced", $"{id}/v{version}", on, [.. moves]);
    }

    internal void Corrected(Journal original, string id, int version, LocalDate on, long minutes, long pence)
    {
        Reversed(original, "visit-repriced", $"{id}/v{version}");
        Priced(id, version, on, minutes, pence);
    }

    internal Journal Reversed(Journal original, string message, string id)
    {
        var reversed = original.Moves.Select(move => move with { From = move.To, To = move.From }).ToArray();
        var journal = Post(message, id, original.EffectiveOn, reversed);
        journals[^1] = journal with { Reverses = original.JournalId };
        return journals[^1];
    }

    internal Journal Planned(LocalDate on, long minutes) =>
        Post("day-planned", $"F-1/{on}/1", on, new Move(Book.Time, "agreed/L-1", "planned/L-1", minutes));

    /// <summary>Reverses the earlier sums of a week and posts the new ones, in one journal.</summary>
    internal void CloseWeek(LocalDate monday, Func<int, Move[]> sumsOfVersion)
    {
        var (version, before) = closings.GetValueOrDefault(monday, (0, []));
        var sums = sumsOfVersion(++version);
        var reversal = before.Select(move => move with { From = move.To, To = move.From });
        Post("week-closed", $"{monday:uuuu-MM-dd}/v{version}", monday.PlusDays(6), [.. reversal, .. sums]);
        closings[monday] = (version, sums);
    }

    internal void PostAbout(LocalDate careOn, LocalDate on, params Move[] moves)
    {
        Post("any", $"N-{Position + 1}", on, moves);
        journals[^1] = journals[^1] with { CareOn = careOn };
    }

    internal void Closed(LocalDate on, string? reason, params ClosureNotice[] notice)
    {
        Facts = Facts with { Closure = new Closure(on, reason, notice) };
        Post("fund-closed", "closure", on);
        foreach (var charge in notice)
        {
            Post("notice-charged", charge.NoticeId, on,
                new Move(Book.Money, "held/drawn", $"owed/{charge.ProviderId}", charge.Amount.Pence));
        }
    }

    internal Journal Post(string message, string id, LocalDate on, params Move[] moves)
    {
        var position = journals.Count + 1;
        journals.Add(new Journal
        {
            JournalId = new Guid(position, 0, 0, new byte[8]),
            Position = position,
            EffectiveOn = on,
            CauseMessage = message,
            CauseId = id,
            Moves = moves,
        });
        return journals[^1];
    }

    internal Statement BuildStatement(
        LocalDate from, LocalDate to, Statement? previous = null, string id = "S-1") => StatementBuilder.Build(
        AllFacts, Journals, previous?.Carried,
        new StatementRequest(id, from, to, Position, Instant.FromUtc(to.Year, to.Month, to.Day, 12, 0)));
}
