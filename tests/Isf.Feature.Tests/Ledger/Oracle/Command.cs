using FsCheck;
using FsCheck.Fluent;

namespace Isf.Tests.Ledger.Oracle;

/// <summary>The action of a command in a random history.</summary>
internal enum Deed
{
    Receive, Void, Return, UnReturn, Budget, ReviseBudget, Allocate, ReviseAllocation, EndAllocation, Plan, Unplan,
    Visit, Reprice, AdjustPrice, CloseWeek, Match, Credit, Pay, BankReturn, Repay, Recover, Fee, Sign, CloseFund,
    AdjustByHand, ReverseByHand, ClosePeriod, Wait, Run, Repeat,
}

/// <summary>One command: its action, fund and day, and numbers that choose the rest.</summary>
internal sealed record Command(Deed Deed, int Fund, int Day, int One, int Two, int Three);

/// <summary>
/// Generates random histories. Any list of commands is a history, so a failing history can be shrunk.
/// </summary>
internal static class Commands
{
    private static readonly Gen<Deed> Deeds = Gen.Frequency(
        (10, Gen.Constant(Deed.Receive)), (2, Gen.Constant(Deed.Void)), (4, Gen.Constant(Deed.Return)),
        (1, Gen.Constant(Deed.UnReturn)), (2, Gen.Constant(Deed.Budget)), (3, Gen.Constant(Deed.ReviseBudget)),
        (3, Gen.Constant(Deed.Allocate)), (3, Gen.Constant(Deed.ReviseAllocation)),
        (1, Gen.Constant(Deed.EndAllocation)), (8, Gen.Constant(Deed.Plan)), (4, Gen.Constant(Deed.Unplan)),
        (24, Gen.Constant(Deed.Visit)), (10, Gen.Constant(Deed.Reprice)), (4, Gen.Constant(Deed.AdjustPrice)),
        (6, Gen.Constant(Deed.CloseWeek)), (6, Gen.Constant(Deed.Match)), (2, Gen.Constant(Deed.Credit)),
        (4, Gen.Constant(Deed.Pay)), (1, Gen.Constant(Deed.BankReturn)), (1, Gen.Constant(Deed.Repay)),
        (1, Gen.Constant(Deed.Recover)), (2, Gen.Constant(Deed.Fee)), (2, Gen.Constant(Deed.Sign)),
        (2, Gen.Constant(Deed.CloseFund)), (4, Gen.Constant(Deed.AdjustByHand)), (2, Gen.Constant(Deed.ReverseByHand)),
        (1, Gen.Constant(Deed.ClosePeriod)), (1, Gen.Constant(Deed.Wait)), (1, Gen.Constant(Deed.Run)),
        (6, Gen.Constant(Deed.Repeat)));

    // Most days are in the fund's first four months. Some are up to ten days before the fund opens, and some up to 500
    // days after.
    private static readonly Gen<int> Days = Gen.Frequency(
        (90, Gen.Choose(0, 125)), (4, Gen.Choose(-10, 0)), (6, Gen.Choose(126, 500)));

    private static readonly Gen<Command> One =
        from deed in Deeds
        from fund in Gen.Choose(1, HistoryBuilder.FundCount)
        from day in Days
        from number in Gen.Choose(0, 9_999)
        from two in Gen.Choose(0, 9_999)
        from three in Gen.Choose(0, 9_999)
        select new Command(deed, fund, day, number, two, three);

    /// <summary>
    /// Histories of a given length; on request, a failing one is shrunk by leaving out ever smaller parts.
    /// </summary>
    public static Arbitrary<Command[]> Arbitrary(int length, bool isCut) =>
        Arb.From(One.ArrayOf(length), commands => isCut ? Cut(commands) : []);

    private static IEnumerable<Command[]> Cut(Command[] commands)
    {
        for (var size = commands.Length / 2; size >= Math.Max(1, commands.Length / 16); size /= 2)
        {
            for (var at = 0; at + size <= commands.Length; at += size)
                yield return [.. commands[..at], .. commands[(at + size)..]];
        }
    }
}
