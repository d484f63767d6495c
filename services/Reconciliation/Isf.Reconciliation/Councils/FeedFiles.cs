using System.Globalization;
using System.IO.Compression;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Isf.Hosting.Http;
using Isf.Hosting.Serialization;
using Isf.Reconciliation.Copies;
using Isf.Reconciliation.Domain;
using NodaTime;

namespace Isf.Reconciliation.Councils;

/// <summary>An exception that was open when the feed was issued.</summary>
/// <param name="Code">The code of what does not agree.</param>
/// <param name="PlainWords">What does not agree, in plain words.</param>
public sealed record OpenException(string Code, string PlainWords);

/// <summary>The unspent money of one source.</summary>
/// <param name="Source">The source of the money.</param>
/// <param name="Pence">What is left of its money.</param>
public sealed record HeldPence(string Source, long Pence);

/// <summary>
/// One fund's line of a feed. Money is in whole pence. Received, returned and spent are sums of the period; all other
/// money is as at the end of the period. Time is in carer-minutes by day of care. No line names a person, since the
/// council has its own reference for each.
/// </summary>
public sealed record FeedLine
{
    /// <summary>The person.</summary>
    public required string PersonId { get; init; }

    /// <summary>The council's own reference for the person; null if none was given.</summary>
    public required string? CouncilRef { get; init; }

    /// <summary>The NHS number of the person; null if none was given.</summary>
    public required string? NhsNumber { get; init; }

    /// <summary>The fund.</summary>
    public required string FundId { get; init; }

    /// <summary>The position in the fund's books up to which the line counts.</summary>
    public required long Position { get; init; }
    public required long ReceivedPence { get; init; }
    public required long ReturnedPence { get; init; }
    public required long SpentPence { get; init; }
    public required long AccruedPence { get; init; }
    public required long OwedPence { get; init; }
    public required long HeldPence { get; init; }

    /// <summary>What is left, by source.</summary>
    public required IReadOnlyList<HeldPence> Held { get; init; }
    public required long OverdrawnPence { get; init; }
    public required long BudgetPence { get; init; }
    public required long PromisedPence { get; init; }
    public required long PlannedMinutes { get; init; }
    public required long ExtraMinutes { get; init; }
    public required long DeliveredMinutes { get; init; }
    public required long MissedMinutes { get; init; }
    public required long ChargedNotDeliveredMinutes { get; init; }
    public required long BankedMinutes { get; init; }
    public required long ReleasedMinutes { get; init; }
    public required long OutstandingMinutes { get; init; }

    /// <summary>The exceptions that were open when the feed was issued.</summary>
    public required IReadOnlyList<OpenException> OpenExceptions { get; init; }

    /// <summary>The line of a fund.</summary>
    public static FeedLine Build(
        FundCopy fund, PersonCopy? person, FundPeriod figures, IReadOnlyList<OpenException> open)
    {
        var minutes = figures.Minutes;
        return new()
        {
            PersonId = fund.PersonId,
            CouncilRef = person?.CouncilRef,
            NhsNumber = person?.NhsNumber,
            FundId = fund.Id,
            Position = figures.Position,
            ReceivedPence = figures.Received.Pence,
            ReturnedPence = figures.Returned.Pence,
            SpentPence = figures.Spent.Pence,
            AccruedPence = figures.Accrued.Pence,
            OwedPence = figures.Owed.Pence,
            HeldPence = figures.Left.InAll.Pence,
            Held = [.. figures.Left.Held.Select(held => new HeldPence(held.Source, held.Left.Pence))],
            OverdrawnPence = figures.Left.Overdrawn.Pence,
            BudgetPence = figures.Budget.Pence,
            PromisedPence = figures.Promised.Pence,
            PlannedMinutes = minutes.Planned.Count,
            ExtraMinutes = minutes.Extra.Count,
            DeliveredMinutes = minutes.Delivered.Count,
            MissedMinutes = minutes.Missed.Count,
            ChargedNotDeliveredMinutes = minutes.ChargedNotDelivered.Count,
            BankedMinutes = minutes.Banked.Count,
            ReleasedMinutes = minutes.Released.Count,
            OutstandingMinutes = minutes.Outstanding.Count,
            OpenExceptions = open,
        };
    }

    /// <summary>The unspent money of one source, in pence; 0 if the line does not list the source.</summary>
    public long LeftOf(string source) => Held.FirstOrDefault(held => held.Source == source)?.Pence ?? 0;
}

/// <summary>A feed's JSON file: the period, and a line for each fund of the council's people.</summary>
/// <param name="FeedId">The id of the feed.</param>
/// <param name="CouncilId">The council.</param>
/// <param name="From">The first day of the period.</param>
/// <param name="To">The last day of the period.</param>
/// <param name="IssuedAt">When the feed was issued.</param>
/// <param name="People">A line for each fund of a person of the council.</param>
public sealed record FeedFile(
    string FeedId, string CouncilId, LocalDate From, LocalDate To, Instant IssuedAt, IReadOnlyList<FeedLine> People);

/// <summary>
/// The files of a feed: JSON, CSV, and a ZIP with both and a manifest of their hashes. They are made when the feed is
/// issued, and only read after that.
/// </summary>
public static class FeedFiles
{
    // Any fixed date will do, because the time of a file in the ZIP must not depend on when the ZIP was made.
    private static readonly DateTimeOffset Packed = new(1980, 1, 1, 0, 0, 0, TimeSpan.Zero);
    private static readonly JsonSerializerOptions Indented = new(IsfJson.Options) { WriteIndented = true };

    private static readonly (string Name, Func<FeedLine, object?> Of)[] Columns =
    [
        ("personId", line => line.PersonId), ("councilRef", line => line.CouncilRef),
        ("nhsNumber", line => line.NhsNumber),
        ("fundId", line => line.FundId), ("position", line => line.Position),
        ("receivedPence", line => line.ReceivedPence), ("returnedPence", line => line.ReturnedPence),
        ("spentPence", line => line.SpentPence), ("accruedPence", line => line.AccruedPence),
        ("owedPence", line => line.OwedPence), ("heldPence", line => line.HeldPence),
        ("heldCouncilPence", line => line.LeftOf("council")), ("heldNhsPence", line => line.LeftOf("nhs")),
        ("heldPersonPence", line => line.LeftOf("person")), ("heldTopUpPence", line => line.LeftOf("top-up")),
        ("heldOtherPence", line => line.LeftOf("other")), ("overdrawnPence", line => line.OverdrawnPence),
        ("budgetPence", line => line.BudgetPence), ("promisedPence", line => line.PromisedPence),
        ("plannedMinutes", line => line.PlannedMinutes), ("extraMinutes", line => line.ExtraMinutes),
        ("deliveredMinutes", line => line.DeliveredMinutes), ("missedMinutes", line => line.MissedMinutes),
        ("chargedNotDeliveredMinutes", line => line.ChargedNotDeliveredMinutes),
        ("bankedMinutes", line => line.BankedMinutes), ("releasedMinutes", line => line.ReleasedMinutes),
        ("outstandingMinutes", line => line.OutstandingMinutes), ("openExceptions", line => line.OpenExceptions.Count),
    ];

    /// <summary>Writes the three files of a feed, each with its format.</summary>
    public static IReadOnlyList<(string Format, byte[] Bytes)> Write(Feed feed, IReadOnlyList<FeedLine> lines)
    {
        var file = new FeedFile(feed.Id, feed.CouncilId, feed.From, feed.To, feed.IssuedAt, lines);
        var json = Encoding.UTF8.GetBytes(JsonSerializer.Serialize(file, Indented) + "\n");
        var header = Columns.Select(column => column.Name);
        var rows = lines.Select(line => Columns.Select(column => Cell(column.Of(line)))).Prepend(header);
        var csv = Encoding.UTF8.GetBytes(string.Concat(rows.Select(CsvWriter.Row)));
        return [("json", json), ("csv", csv), ("zip", Pack(feed.Id, json, csv))];
    }

    /// <summary>The media type of a file.</summary>
    public static string ContentTypeOf(string format) => format switch
    {
        "json" => "application/json",
        "csv" => CsvWriter.ContentType,
        _ => "application/zip",
    };

    private static string Cell(object? value) =>
        CsvWriter.Cell(Convert.ToString(value, CultureInfo.InvariantCulture) ?? "");

    private static byte[] Pack(string name, byte[] json, byte[] csv)
    {
        var manifest = JsonSerializer.SerializeToUtf8Bytes(new
        {
            feedId = name,
            files = new[] { ($"{name}.json", json), ($"{name}.csv", csv) }.Select(file => new
            {
                name = file.Item1, bytes = file.Item2.Length,
                sha256 = Convert.ToHexStringLower(SHA256.HashData(file.Item2)),
            }),
        }, Indented);
        using var packed = new MemoryStream();
        using (var zip = new ZipArchive(packed, ZipArchiveMode.Create, leaveOpen: true))
        {
            (string, byte[])[] files = [($"{name}.json", json), ($"{name}.csv", csv), ("manifest.json", manifest)];
            foreach (var (file, bytes) in files)
            {
                var entry = zip.CreateEntry(file);
                entry.LastWriteTime = Packed;
                using var content = entry.Open();
                content.Write(bytes);
            }
        }
        return packed.ToArray();
    }
}
