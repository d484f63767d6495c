using NodaTime;

namespace Isf.Tests.Ledger.Oracle;

/// <summary>
/// Computes how much the person paid beyond the amount due by the fund's last day. That money belongs to the person.
/// </summary>
internal sealed class FundDue(List<Post> posts, List<Signed> agreements, List<Promised> budgets)
{
    public long PersonBeyond(LocalDate lastDay, LocalDate through)
    {
        var paid = posts.Where(post => post.On <= through).SelectMany(post => post.Flows).Sum(flow =>
            flow.From == "money:outside/person" ? flow.Amount : flow.To == "money:outside/person" ? -flow.Amount : 0);
        return Math.Max(0, paid - budgets.Sum(budget => Due(budget, lastDay)));
    }

    // Counts day by day. The contribution of each unbroken run of days on which the person pays the holder is rounded
    // once.
    private long Due(Promised budget, LocalDate lastDay)
    {
        var share = budget.Shares.Where(entry => entry.About == "person").Sum(entry => entry.Weight);
        var (due, run) = (0L, 0);
        var to = budget.To is { } end && end < lastDay ? end : lastDay;
        for (var day = budget.From; day <= to; day = day.PlusDays(1))
        {
            if (PaysHolder(day))
            {
                run++;
                continue;
            }
            (due, run) = (due + Shares.Weekly(share, run), 0);
        }
        return due + Shares.Weekly(share, run);
    }

    private bool PaysHolder(LocalDate day) => agreements.Where(signed => signed.Version == 1 || signed.On <= day)
        .MaxBy(signed => signed.Version)!.PersonPaysHolder;
}
