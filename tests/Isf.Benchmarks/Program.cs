using Isf.Benchmarks;

// Measures on servers that ops/bench creates. Absolute figures depend on the machine and the moment; only the ratios
// are asserted.
var all = new Dictionary<string, Func<Figures, Task>>
{
    ["documents"] = DocumentBench.RunAsync,
    ["price"] = figures => Task.Run(() => PriceBench.Run(figures)),
    ["checks"] = ChecksBench.RunAsync,
    ["books"] = BooksBench.RunAsync,
    ["chain"] = ChainBench.RunAsync,
    ["visits"] = VisitsBench.RunAsync,
    ["idle"] = IdleBench.RunAsync,
};
foreach (var name in args.Length == 0 ? all.Keys : args.AsEnumerable())
{
    if (!all.TryGetValue(name, out var run))
    {
        Console.Error.WriteLine($"There is no measurement “{name}”. There are: {string.Join(", ", all.Keys)}.");
        return 1;
    }
    var figures = new Figures(name);
    await run(figures);
#pragma warning disable RS0030 // The time of a measurement is the machine's.
    await figures.SaveAsync(DateTimeOffset.UtcNow);
#pragma warning restore RS0030
}
return 0;
