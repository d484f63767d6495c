using System.Diagnostics;
using System.Globalization;
using Isf.Hosting.Http;
using Isf.Support.Domain.Files;
using Isf.Tests;
using Isf.Tests.Servers;
using NodaTime;
using Npgsql;

namespace Isf.Benchmarks;

/// <summary>
/// Measures a nation's week of visits. A visits-csv of 2.3 million rows over 120,000 funds is parsed, imported,
/// priced, posted and copied downstream over RabbitMQ, and compared with a binary COPY of the same rows into a table
/// with the same indexes. ISF_BENCH_VISITS and ISF_BENCH_FUNDS make the file smaller; ISF_BENCH_ORDER=day writes the
/// file day by day instead of fund by fund; ISF_BENCH_STAGES=import,chain selects the stages (parse, import, chain;
/// all by default).
/// </summary>
public static class VisitsBench
{
    private const string Holder = "sunrise";
    private static readonly int Visits = Setting("ISF_BENCH_VISITS", 2_300_000);
    private static readonly int Funds = Setting("ISF_BENCH_FUNDS", 120_000);
    private static readonly int Parsed = Setting("ISF_BENCH_PARSED", 10_000_000);

    /// <summary>Runs the benchmark.</summary>
    public static async Task RunAsync(Figures figures)
    {
        var stages = Environment.GetEnvironmentVariable("ISF_BENCH_STAGES")?.Split(',') ?? ["parse", "import", "chain"];
        foreach (var rows in stages.Contains("parse") ? new[] { 100_000, Parsed } : [])
            Parse(figures, rows);
        if (stages.Contains("import"))
            await ImportAsync(figures);
        if (stages.Contains("chain"))
            await ChainAsync(figures);
    }

    private static int Setting(string name, int otherwise) =>
        int.TryParse(Environment.GetEnvironmentVariable(name), CultureInfo.InvariantCulture, out var number)
            ? number : otherwise;

    private static VisitsFile File(int visits) =>
        new(visits, Funds, Environment.GetEnvironmentVariable("ISF_BENCH_ORDER") == "day");

    // Measures parsing alone, from bytes to rows to visits.
    private static void Parse(Figures figures, int rows)
    {
        ForgetPeak();
        var watch = Stopwatch.StartNew();
        using var file = File(rows);
        var (bytes, letters) = (new byte[64 * 1024], new char[(64 * 1024) + 16]);
        var splitter = new RowSplitter(',');
        var split = new List<SourceRow>();
        FileReading? reading = null;
        TextEncoding? written = null;
        var visits = 0;
        for (int length; (length = file.Read(bytes)) > 0;)
        {
            written ??= TextEncoding.Detect(bytes.AsSpan(0, length))!;
            var count = written.Decoder.GetChars(bytes, 0, length, letters, 0, flush: false);
            splitter.Push(letters.AsSpan(0, count), split);
            foreach (var row in split)
            {
                if (reading is null)
                    reading = FileReading.Begin(new(FileFormat.VisitsCsv), row, monthFirst: false).Value!;
                else if (reading.Row(row).Parsed is not null)
                    visits++;
            }
            split.Clear();
        }
        if (visits != rows)
            throw new InvalidOperationException($"Of {rows} rows {visits} were read.");
        figures.Counted($"rows of a file of {rows:N0} parsed", "a second", PerSecond(rows, watch.Elapsed));
        figures.Counted($"  peak memory with {rows:N0} rows parsed", "MiB", PeakOfThis());
    }

    // Measures Support alone: parse, validate, deduplicate, store and publish, compared with COPY of the same rows.
    private static async Task ImportAsync(Figures figures)
    {
        var database = await TestServers.NewDatabaseAsync();
        await using (var office = await StartAsync("all", "memory", database))
            await SeedAsync(office, "support");
        await ImportAsync(figures, database);
        await TestServers.DropAsync(database);
    }

    private static async Task ImportAsync(Figures figures, string database)
    {
        await using var host = await StartAsync("support", "memory", database);
        var few = Math.Min(100_000, Visits / 2);
        foreach (var rows in new[] { few, Visits })
        {
            ForgetPeak();
            await ImportAsync(host, rows);
            figures.Counted($"peak memory with {rows:N0} rows imported", "MiB", PeakOfThis());
        }
        var path = Path.Combine(Path.GetTempPath(), $"isf-bench-{Environment.ProcessId}.copy");
        try
        {
            var columns = await CopyOutAsync(host.Database, path);
            await figures.AgainstAsync($"visits of a file of {Visits:N0} imported", () => ImportAsync(host, Visits), 1,
                "binary COPY of the same rows, same indexes", () => CopyInAsync(host.Database, columns, path), 1);
        }
        finally
        {
            System.IO.File.Delete(path);
        }
    }

    private static async Task<int> ImportAsync(TestHost host, int rows)
    {
        await RunAsync(host.Database, "truncate support.visit");
        await SendAsync(host, rows);
        return rows;
    }

    private static async Task<string> CopyOutAsync(string database, string path)
    {
        await RunAsync(database, "create table support.copied (like support.visit including all)");
        var columns = (string)(await ScalarAsync(database, """
            select string_agg(quote_ident(attname), ', ' order by attnum) from pg_attribute
            where attrelid = 'support.visit'::regclass and attnum > 0 and not attisdropped and attgenerated = ''
            """))!;
        await using var connection = new NpgsqlConnection(database);
        await connection.OpenAsync();
        await using var file = System.IO.File.Create(path);
        await using var rows = await connection.BeginRawBinaryCopyAsync(
            $"copy support.visit ({columns}) to stdout (format binary)");
        await rows.CopyToAsync(file);
        return columns;
    }

    private static async Task<int> CopyInAsync(string database, string columns, string path)
    {
        await RunAsync(database, "truncate support.copied");
        await using var connection = new NpgsqlConnection(database);
        await connection.OpenAsync();
        await using var file = System.IO.File.OpenRead(path);
        await using var rows = await connection.BeginRawBinaryCopyAsync(
            $"copy support.copied ({columns}) from stdin (format binary)");
        await file.CopyToAsync(rows);
        return Visits;
    }

    // Measures the whole chain over RabbitMQ: the time from sending the file until each stage has all visits.
    private static async Task ChainAsync(Figures figures)
    {
        await using var host = await StartAsync("all", "rabbitmq");
        await SeedAsync(host, null);
        ForgetPeak();
        var watch = Stopwatch.StartNew();
        var stages = new Dictionary<string, string>
        {
            ["priced"] = "select count(*) from invoicing.priced_visits",
            ["posted"] = "select count(*) from ledger.journals where kind like '%visit%'",
        };
        var sending = SendAsync(host, Visits);
        var done = new Dictionary<string, TimeSpan>();
        while (done.Count < stages.Count)
        {
            await Task.Delay(TimeSpan.FromSeconds(1 + (Visits / 500_000)));
            foreach (var (stage, sql) in stages.Where(stage => !done.ContainsKey(stage.Key)))
            {
                if ((long)(await ScalarAsync(host.Database, sql))! >= Visits)
                    done[stage] = watch.Elapsed;
            }
        }
        figures.Counted("visits of the chain imported", "a second", PerSecond(Visits, await sending));
        foreach (var (stage, at) in done)
            figures.Counted($"visits of the chain {stage}", "a second", PerSecond(Visits, at));
        await host.UntilIdleAsync(TimeSpan.FromHours(2));
        figures.Counted("visits of the chain in the books and all copies", "a second",
            PerSecond(Visits, watch.Elapsed));
        figures.Counted("  peak memory of the one process of all services", "MiB", PeakOfThis());
        foreach (var (name, peak) in Peaks("postgres", "beam.smp"))
            figures.Counted($"  peak memory of the largest {name}", "MiB", peak);
    }

    private static Task<TestHost> StartAsync(string services, string transport, string? database = null) =>
        TestHost.StartAsync(new()
        {
            Services = services, Transport = transport, Database = database, RepublishAfter = TimeSpan.FromHours(1),
            LookupRetryTime = TimeSpan.FromSeconds(30),
            Now = VisitsFile.First.PlusDays(70).AtStartOfDayInZone(DateTimeZone.Utc).ToInstant(),
        });

    private static int sent;

    private static async Task<TimeSpan> SendAsync(TestHost host, int rows)
    {
        var admin = host.As(Role.HolderAdmin, Holder);
        admin.Timeout = TimeSpan.FromHours(1);
        using var body = new StreamContent(File(rows));
        body.Headers.ContentType = new("text/csv");
        var watch = Stopwatch.StartNew();
        var stored = await (await admin.PostAsync($"/v1/visit-files?format=visits-csv&reference=bench-{sent++}", body))
            .NeedsAsync(202);
        var address = stored.Headers.Location!.ToString();
        var file = await admin.GetJsonAsync(address);
        while ((string)file["state"]! == "reading")
        {
            await Task.Delay(100);
            file = await admin.GetJsonAsync(address);
        }
        return (long)file["new"]! == rows ? watch.Elapsed
            : throw new InvalidOperationException($"Of {rows} visits {file["new"]} were new.");
    }

    // Opens one fund over the interface, and adds all others as copies of the rows that the services hold of it.
    private static async Task SeedAsync(TestHost host, string? only)
    {
        await SeededFund.OpenAsync(host, host.As(Role.HolderAdmin, Holder));
        await SeededFund.CloneAsync(host.Database, only, Funds);
    }

    private static async Task RunAsync(string database, string sql) => await ScalarAsync(database, sql);

    private static async Task<object?> ScalarAsync(string database, string sql)
    {
        await using var connection = new NpgsqlConnection(database);
        await connection.OpenAsync();
        await using var command = new NpgsqlCommand(sql, connection) { CommandTimeout = 1800 };
        return await command.ExecuteScalarAsync();
    }

    private static long PerSecond(int visits, TimeSpan time) =>
        visits * 1000L / Math.Max(1, (long)time.TotalMilliseconds);

    // The kernel keeps a process's peak resident memory (VmHWM), and resets it on request.
    private static void ForgetPeak()
    {
        GC.Collect();
        System.IO.File.WriteAllText("/proc/self/clear_refs", "5");
    }

    private static long PeakOfThis() => PeakOf("/proc/self/status");

    private static long PeakOf(string status) => System.IO.File.ReadLines(status)
        .Where(line => line.StartsWith("VmHWM:", StringComparison.Ordinal))
        .Select(line => long.Parse(line.AsSpan(6).Trim().TrimEnd("kB ").ToString(), CultureInfo.InvariantCulture))
        .FirstOrDefault() >> 10;

    private static IEnumerable<(string Name, long Peak)> Peaks(params string[] names) =>
        from name in names
        select (name, Directory.GetDirectories("/proc").Max(folder =>
        {
            try
            {
                return System.IO.File.ReadAllText(folder + "/comm").Trim() == name ? PeakOf(folder + "/status") : 0;
            }
            catch (IOException)
            {
                // The folder does not belong to a process, or its process has ended.
                return 0;
            }
        }));
}
