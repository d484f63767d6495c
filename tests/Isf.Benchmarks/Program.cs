using Isf.Benchmarks;

// Measures on servers that ops/bench makes. Absolute figures are this machine's at this moment; the ratios are what
// is held.
var which = args.Length == 0 ? ["documents", "books", "chain"] : args;
foreach (var name in which)
{
    switch (name)
    {
        case "documents":
            await DocumentBench.RunAsync();
            break;
        case "books":
            await BooksBench.RunAsync();
            break;
        case "chain":
            await ChainBench.RunAsync("memory", visits: 50_000);
            await ChainBench.RunAsync("rabbitmq", visits: 50_000);
            break;
        default:
            Console.Error.WriteLine($"There is no measurement “{name}”. There are: documents, books, chain.");
            return 1;
    }
}
return 0;
