using Isf.Measures;
using NodaTime;

namespace Isf.Funds.Domain;

/// <summary>
/// A day by which a source has got back more than it has paid in. Both sums include that day.
/// </summary>
public sealed record ReturnExcess(Source Source, LocalDate On, Money PaidIn, Money WentBack);

/// <summary>
/// The limit on returns: on the day of a return and on every later day, no more has gone back to a source than it has
/// paid in (api.md, Funds). Voided receipts and returns do not count.
/// </summary>
public static class ReturnBounds
{
    /// <summary>
    /// The first day, on or after <paramref name="from"/>, by which more has gone back to the source than it has paid
    /// in; null if there is no such day.
    /// </summary>
    public static ReturnExcess? FirstExcess(
        Source source, LocalDate from, IEnumerable<Receipt> receipts, IEnumerable<MoneyReturn> returns)
    {
        var paidIn = receipts.Where(receipt => receipt.VoidedBecause is null && receipt.Details.Source == source)
            .Select(receipt => (On: receipt.Details.ReceivedOn, Amount: receipt.Details.Amount())).ToList();
        var paidBack = returns
            .Where(moneyReturn => moneyReturn.VoidedBecause is null && moneyReturn.Details.Source == source)
            .Select(moneyReturn => (On: moneyReturn.Details.PaidOn, Amount: moneyReturn.Details.Amount())).ToList();
        // The sum paid in less the sum gone back falls only on days of returns, so only those days need a check. The
        // first day is checked too, because its sums include all earlier days.
        foreach (var day in paidBack
            .Select(payment => payment.On).Where(on => on > from).Append(from).Distinct().Order())
        {
            var (paid, returned) = (SumUpTo(day, paidIn), SumUpTo(day, paidBack));
            if (returned > paid)
                return new(source, day, paid, returned);
        }
        return null;
    }

    private static Money SumUpTo(LocalDate day, IEnumerable<(LocalDate On, Money Amount)> payments) =>
        Money.Sum(payments.Where(payment => payment.On <= day).Select(payment => payment.Amount));
}
