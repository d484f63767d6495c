using FsCheck;
using FsCheck.Fluent;
using Isf.Domain.Tests.Ledger;
using Isf.Measures;
using Isf.Reconciliation.Domain;
using NodaTime;
using Xunit;
using static Isf.Domain.Tests.Reconciliation.Copies;

namespace Isf.Domain.Tests.Reconciliation;

/// <summary>
/// Reconciliation's own attribution equals the Ledger's on every day, also when the order of spending changes or the
/// fund closes. The two share no code.
/// </summary>
public sealed class AttributionComparisonLaws
{
    private static readonly IReadOnlyList<LocalDate> EveryDay =
        [.. Enumerable.Range(-1, HeldFact.Days + 3).Select(AttributedFund.April.PlusDays)];

    [Fact]
    public void On_every_day_both_come_to_the_same() => Check.One(
        Config.QuickThrowOnFailure.WithMaxTest(300),
        Prop.ForAll(AttributedFund.Some.ToArbitrary(), fund =>
        {
            var (copies, terms) = (CopyOf(fund), TermsOf(fund));
            Assert.All(EveryDay, day => Same(fund.LeftOn(day), FundingSplit.On(copies, day, terms)));
        }));

    [Fact]
    public void With_budgets_from_every_source_both_come_to_the_same_and_sum_to_what_is_held() => Check.One(
        Config.QuickThrowOnFailure.WithMaxTest(500),
        Prop.ForAll(AttributedFund.Mixed.ToArbitrary(), fund =>
        {
            var (copies, day) = (CopyOf(fund), Day("2026-05-10"));
            var ours = FundingSplit.On(copies, day, TermsOf(fund));
            Same(fund.LeftOn(day), ours);
            Assert.Equal((long)Fold.From(copies, day).BalanceOfKind("money", "held"), ours.InAll.Pence);
        }));

    private static void Same(Isf.Ledger.Domain.FundingSplit theirs, MoneyLeft ours)
    {
        Assert.Equal(
            theirs.Left.OrderBy(left => left.Source).Select(left => (left.Source, left.Pence)),
            ours.Held.OrderBy(left => left.Source).Select(left => (left.Source, left.Left.Pence)));
        Assert.Equal(theirs.Overdrawn, ours.Overdrawn);
    }

    private static IReadOnlyList<CopiedJournal> CopyOf(AttributedFund fund)
    {
        var books = new Copies();
        foreach (var fact in fund.Facts)
        {
            books.PostAbout($"{fact.CareOn:uuuu-MM-dd}", $"{fact.On:uuuu-MM-dd}",
                Money(fact.From.Path, fact.To.Path, fact.Pence));
        }
        if (fund.ClosedOn is { } closed)
            books.PostKind("fund-closed", "closure", $"{closed:uuuu-MM-dd}");
        return books.Journals;
    }

    private static FundTerms TermsOf(AttributedFund fund)
    {
        List<BudgetShares> budgets =
        [
            .. fund.Budgets.Select(terms => new BudgetShares(new CarePeriod(terms.From, null), terms.Weekly,
                terms.Shares.ToDictionary(share => share.About, share => share.Amount))),
        ];
        return new(
            [.. fund.Agreed.Select(agreed => new AgreedVersion(
                agreed.Version, agreed.Since, (SpendOrder)agreed.Order, agreed.PersonPaysHolder))],
            _ => budgets);
    }
}
