using System.Globalization;
using FsCheck;
using FsCheck.Fluent;

namespace Isf.Tests.Ledger.Oracle;

/// <summary>
/// Random histories of facts go to the Ledger on real PostgreSQL and to an oracle, which folds the same facts in
/// memory by design §4 alone. Facts are back-dated, future-dated, late, repeated and corrected. Both must agree on
/// every fund, on both axes. A history on which they differ is printed. ISF_ORACLE_RUNS sets the number of histories,
/// ISF_ORACLE_SEED selects others, and ISF_ORACLE_CUT=1 shrinks a failing history as far as possible.
/// </summary>
public sealed class The_books_are_what_an_independent_fold_says
{
    private const int CommandsInHistory = 450;

    [Fact]
    public void Random_histories_give_the_same_books_on_both_axes()
    {
        var runs = Number("ISF_ORACLE_RUNS", 5);
        var seed = (ulong)Number("ISF_ORACLE_SEED", 20_260_406);
        var config = Config.QuickThrowOnFailure.WithMaxTest(runs).WithReplay(seed, 1_234_567_891);
        var isCut = Environment.GetEnvironmentVariable("ISF_ORACLE_CUT") is "1";
        Check.One(config, Prop.ForAll(Commands.Arbitrary(CommandsInHistory, isCut), commands =>
        {
            var history = HistoryBuilder.Of(commands);
            var wrong = Task.Run(() => FirstDifferenceAsync(history)).GetAwaiter().GetResult();
            return (wrong is null).Label(wrong is null ? "" : $"{wrong}\n{string.Join('\n', history)}");
        }));
    }

    private static async Task<string?> FirstDifferenceAsync(List<Step> history)
    {
        await using var ledger = await LedgerHost.StartImpatientAsync();
        var run = new Run(ledger);
        try
        {
            await run.ReplayAsync(history);
            await new Oracle.LedgerQueries(run, history.Count).AllAsync();
            foreach (var fund in run.World.Funds)
                await Identities.HoldAsync(run, fund);
            return null;
        }
        catch (Exception wrong) when (wrong is not OutOfMemoryException)
        {
            return wrong.ToString();
        }
    }

    private static int Number(string variable, int otherwise) =>
        int.TryParse(Environment.GetEnvironmentVariable(variable), CultureInfo.InvariantCulture, out var number)
            ? number : otherwise;
}
