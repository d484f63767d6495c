using Isf.Funds.Domain;
using Isf.Hosting.Data;
using Isf.Hosting.Http;
using Isf.Measures;
using NodaTime;

namespace Isf.Funds.Funds;

/// <summary>
/// Refuses days that a fund cannot have: for its opening and its closure, for the start of a budget or an allocation,
/// and for money and fees (api.md, Dates).
/// </summary>
internal sealed record FundDays(LocalDate OpensOn, LocalDate? LastDay, LocalDate Today)
{
    /// <summary>The earliest opening day; this form of care did not exist before.</summary>
    private static readonly LocalDate FirstOpening = new(2000, 1, 1);

    private const int MoneyDaysAhead = 31, ClosureDaysAhead = 92;

    /// <summary>The days of a fund; null for an unknown fund, which is refused elsewhere.</summary>
    public static async Task<FundDays?> OfAsync(Session session, string fundId, IClock clock) =>
        await session.LoadAsync<Fund>(fundId) is { } fund
            ? new(fund.Details.OpensOn, await CloseFund.LastDayAsync(session, fundId), London.Today(clock)) : null;

    /// <summary>Refuses an opening day before 2000 or more than a year ahead.</summary>
    public static void Opening(LocalDate opensOn, LocalDate today)
    {
        DayBounds.NotBefore(opensOn, FirstOpening, "/opensOn", "no fund opened earlier");
        DayBounds.NotAfter(opensOn, today.PlusYears(1), "/opensOn", "a fund opens at most a year ahead");
    }

    /// <summary>Refuses a first day of a budget or an allocation on which the fund is not open.</summary>
    public void Starts(LocalDate from)
    {
        DayBounds.NotBefore(from, OpensOn, "/from", "the fund opens on that day");
        DayBounds.NotAfter(from, LastDay, "/from", "the fund closed on that day");
    }

    /// <summary>Refuses a day of money more than a year before the fund opens, or more than 31 days ahead.</summary>
    public void Money(LocalDate day, string pointer)
    {
        DayBounds.NotBefore(day, OpensOn.PlusYears(-1), pointer, "money comes at most a year before the fund opens");
        DayBounds.NotAfter(
            day, Today.PlusDays(MoneyDaysAhead), pointer, $"money is dated at most {MoneyDaysAhead} days ahead");
    }

    /// <summary>Refuses a closure more than 92 days ahead, because notice runs for weeks, not for years.</summary>
    public void Closes(LocalDate on) => DayBounds.NotAfter(on, Today.PlusDays(ClosureDaysAhead), "/on",
        $"a closure is at most {ClosureDaysAhead} days ahead");

    /// <summary>
    /// Refuses a fee that is for more than a year, begins before the fund opens, or ends after the agreement or after
    /// the next payment period.
    /// </summary>
    public void Fee(LocalDate from, LocalDate to, Agreement agreement)
    {
        DayBounds.NotBefore(from, OpensOn, "/from", "the fund opens on that day");
        DayBounds.NotAfter(to, from.PlusYears(1).PlusDays(-1), "/to", "a fee is for at most a year");
        DayBounds.NotAfter(to, agreement.EndsOn, "/to", "the agreement ends on that day");
        DayBounds.NotAfter(to, NextPeriodEnd(agreement.Payment), "/to", "the next payment period ends on that day");
    }

    // The last day of the payment period that follows today's. Before the first payment, it is the last day of the
    // second period.
    private LocalDate NextPeriodEnd(PaymentTerms payment)
    {
        var (first, today) = (payment.FirstOn, LocalDate.Max(Today, payment.FirstOn));
        if (payment.Every == PaymentEvery.Month)
        {
            var months = Period.Between(first, today, PeriodUnits.Months).Months;
            return first.PlusMonths(months + 2).PlusDays(-1);
        }
        var length = payment.Every switch { PaymentEvery.Week => 7, PaymentEvery.TwoWeeks => 14, _ => 28 };
        var periods = Period.DaysBetween(first, today) / length;
        return first.PlusDays(((periods + 2) * length) - 1);
    }
}
