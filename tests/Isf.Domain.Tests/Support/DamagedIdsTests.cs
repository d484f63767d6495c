using Isf.Support.Domain.Files;
using Xunit;

namespace Isf.Domain.Tests.Support;

/// <summary>Ids that a spreadsheet turned into numbers are refused, for every kind of id and in every format.</summary>
public sealed class DamagedIdsTests
{
    private static readonly VisitFileProfile Profile = new()
    {
        Id = "p", Format = "visits-csv", Fields = new Dictionary<string, FieldRule>
        {
            ["visitId"] = new() { From = "{Ref}/{Day:date}" },
            ["fundId"] = new() { From = "isf-{Client}" },
            ["start"] = new() { From = "{Day:date} {In:time}" },
            ["end"] = new() { From = "{Day:date} {Out:time}" },
            ["outcome"] = new() { From = "delivered" },
        },
    };

    public static TheoryData<FileTerms, string, string, string> Files => new()
    {
        { new(FileFormat.VisitsCsv), "visitId,fundId,lineId,workerId,visitGroup,start,end,outcome",
            "V-1,F-1,L-1,W-1,G-1,2026-04-06T08:00,2026-04-06T08:45,delivered",
            "fundId lineId visitGroup visitId workerId" },
        { new(FileFormat.AbacusCsv), "FileReference,WeekEnding,ContractNumber,ServiceUserRef,VisitDate,"
            + "StartTimeClaimed,DurationClaimed,ActualStartTime,ActualDuration,SecondaryVisit,NumberOfCarers",
            "FR-1,12/04/2026,L-1,F-1,06/04/2026,08:00,00:45,08:00,00:45,False,1", "ContractNumber ServiceUserRef" },
        { new(FileFormat.ActualsCsv), "fundId,lineId,weekEnding,quantity,unit", "F-1,L-1,2026-04-12,2.25,hour",
            "fundId lineId" },
        { new(FileFormat.VisitsCsv, Profile), "Ref,Client,Day,In,Out,lineId,workerId",
            "1,7,06/04/2026,08:00,08:45,L-1,W-1", "Client Ref lineId workerId" },
    };

    [Theory]
    [InlineData("1.23457E+11", true)]
    [InlineData("1,23457E+11", true)]
    [InlineData("1E+11", true)]
    [InlineData("1.2E5", true)]
    [InlineData("1.2e-7", true)]
    [InlineData("12.5E10", true)]
    [InlineData("1E5", false)]
    [InlineData("123456789012", false)]
    [InlineData("1.25", false)]
    [InlineData("E+11", false)]
    [InlineData("1.2E5-A", false)]
    [InlineData("V-1.2E5", false)]
    [InlineData("1.2E", false)]
    public void A_number_with_an_exponent_is_damaged_and_nothing_else_is(string id, bool damaged) =>
        Assert.Equal(damaged, DamagedId.Is(id));

    [Theory]
    [MemberData(nameof(Files))]
    public void Every_id_in_every_format_is_looked_at(FileTerms terms, string header, string row, string ids)
    {
        var names = header.Split(',');
        Assert.Null(Read(terms, header, row.Split(',')));
        var found = names.Where((_, column) => Read(terms, header,
            [.. row.Split(',').Select((value, at) => at == column ? "1.23457E+11" : value)]) is { } fault
            && fault == DamagedId.Fault(names[column], "1.23457E+11"));
        Assert.Equal(ids, string.Join(' ', found.Order(StringComparer.Ordinal)));
    }

    private static RowFault? Read(FileTerms terms, string header, string[] values)
    {
        var head = new SourceRow(1, header, header.Split(','), RowTrouble.None);
        var reading = FileReading.Begin(terms, head, monthFirst: false).Value!;
        return reading.Row(new SourceRow(2, string.Join(',', values), values, RowTrouble.None)).Fault;
    }

    [Theory]
    [InlineData("22:00", "06:30", true, "2026-04-07T06:30:00+01:00")]
    [InlineData("08:00", "08:45", false, "2026-04-06T08:45:00+01:00")]
    [InlineData("17:00", "16:30", false, "2026-04-06T16:30:00+01:00")]
    public void An_end_before_its_start_with_one_day_for_both_is_the_next_morning(
        string start, string end, bool next, string expected)
    {
        const string header = "Ref,Client,Day,In,Out,lineId";
        var reading = FileReading.Begin(new(FileFormat.VisitsCsv, Profile),
            new SourceRow(1, header, header.Split(','), RowTrouble.None), monthFirst: false).Value!;
        var (parsed, fault) = reading.Row(
            new SourceRow(2, "-", ["1", "7", "06/04/2026", start, end, "L-1"], RowTrouble.None));
        Assert.Null(fault);
        Assert.Equal(
            (next, expected), (parsed!.EndsNextDay, $"{((VisitRow)parsed).Record.End:uuuu-MM-dd'T'HH:mm:sso<m>}"));
    }
}
