using Isf.Hosting.Data;
using Isf.Hosting.Http;
using Isf.Ledger.Books;
using Isf.Ledger.Domain;
using Isf.Ledger.Posting;
using Isf.Measures;
using Microsoft.AspNetCore.Http;
using NodaTime;

namespace Isf.Ledger.Questions;

/// <summary>
/// Shows a fund's balance as at a day and as known at a position or moment. If no day is given, the day is today, so
/// that a journal dated in the future does not count. The figures are always sums of moves (design §4).
/// </summary>
public static class ShowBalance
{
    /// <summary>Shows a fund's balance as at a day, today by default.</summary>
    /// <param name="fundId">The fund.</param>
    public static async Task<ShowResult<Balance>> GetAsync(
        string fundId, AsAtQuery asAt, Caller caller, Session session, IClock clock, HttpContext http)
    {
        var fund = await asAt.FundAsync(session, caller, fundId);
        var effectiveOn = asAt.Day("effectiveOn") ?? London.Today(clock);
        var balance = await OfAsync(session, fundId, effectiveOn, fund.Position);
        return IdempotentPut.Show(http, checked((int)fund.Position), balance);
    }

    /// <summary>The balance as at a day and as known at a position.</summary>
    public static async Task<Balance> OfAsync(Session session, string fundId, LocalDate effectiveOn, long position)
    {
        var sums = await BooksTable.SumsAsync(session, fundId, effectiveOn, position);
        var terms = await AgreementTable.TermsAsync(session, fundId, position);
        var (left, closed) = (await LeftAsync(session, fundId, effectiveOn, position, sums, terms),
            terms.ClosedBy(effectiveOn));
        return Balance.Build(fundId, effectiveOn, position, sums, left, closed);
    }

    private static async Task<FundingSplit> LeftAsync(
        Session session, string fundId, LocalDate effectiveOn, long position, PostingSums sums, FundTerms terms)
    {
        // Attributions are calculated and never read from the books, because a later version of the agreement may undo
        // the change for which an attribution was posted.
        if (terms.Changes().Any(change => change.On <= effectiveOn) || terms.ClosedBy(effectiveOn)
            || sums.Between(Book.Money, "held", "held").Any())
        {
            return SourceAttribution.LeftOn(terms, effectiveOn,
                await MoveTable.HeldSumsAsync(session, fundId, effectiveOn, position),
                await PromiseTable.BudgetsAsync(session, fundId, position));
        }
        var order = terms.OrderOn(effectiveOn);
        var held = sums.Balances.Where(balance => balance.Key.Kind == "held" && balance.Key != Account.Drawn)
            .ToDictionary(balance => balance.Key.About, balance => balance.Value);
        if (order != SpendOrder.ProRata)
        {
            // The spend order alone decides, so the budget shares of single days are not needed.
            var drawn = new DrawnOnDay(effectiveOn, -sums.BalanceOf(Account.Drawn));
            return FundingSplit.Attribute(order, held, [drawn], _ => []);
        }
        var days = await BooksTable.DrawnAsync(session, fundId, effectiveOn, position);
        var budgets = await BooksTable.BudgetsAsync(session, fundId, effectiveOn, position);
        return FundingSplit.Attribute(order, held, days, day => FundingSplit.SharesOn(day, budgets));
    }
}
