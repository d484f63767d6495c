using Isf.Measures;
using Isf.Support.Domain;
using Isf.Support.Domain.Files;
using NodaTime;
using Xunit;

namespace Isf.Domain.Tests.Support;

/// <summary>The format abacus-csv, and the profiles of files.</summary>
public sealed class FileProfilesTests
{
    private const string Portal = "FileReference,Description,Created,ProviderRef,ContractNumber,ServiceUserRef,"
        + "ServiceUserDetails,WeekEnding,OurRef,ServiceUserContribution,PaymentClaimed,ServiceType,VisitDate,"
        + "StartTimeClaimed,DurationClaimed,ActualStartTime,ActualDuration,SecondaryVisit,NumberOfCarers,A,B,C,D,E";

    private static FileReading Begin(FileFormat format, string header, VisitFileProfile? profile = null,
        bool monthFirst = false)
    {
        var begun = FileReading.Begin(new(format, profile), Row(header), monthFirst);
        return begun.Value ?? throw new InvalidOperationException(begun.Detail);
    }

    private static SourceRow Row(string text, long line = 1, char separator = ',')
    {
        var rows = new List<SourceRow>();
        var splitter = new RowSplitter(separator);
        splitter.Push(text, rows);
        splitter.End(cutShort: false, rows);
        return rows.Single() with { Line = line };
    }

    private static string Claim(string day = "06/04/2026", string claimed = "08:00:00", string actual = "08:05:00",
        string duration = "00:40:00", string secondary = "False", string carers = "1", string reference = "FR-1",
        string weekEnding = "12/04/2026") =>
        $"{reference},April,2026-04-13T09:00:00,P-1,L-1,F-1,Ada,{weekEnding},inv 1,0,100.00,HOME CARE,{day},{claimed},"
        + $"00:45:00,{actual},{duration},{secondary},{carers},a,b,c,d,e";

    private static VisitRecord Visit(FileReading reading, string row)
    {
        var (parsed, fault) = reading.Row(Row(row));
        return parsed is VisitRow visit ? visit.Record : throw new InvalidOperationException(fault?.PlainWords);
    }

    private static RowFault Fault(FileReading reading, string row) => reading.Row(Row(row)).Fault!;

    private static VisitFileProfile Profile(string format, params (string Field, FieldRule Rule)[] rules) => new()
    {
        Id = "mine", Format = format, Fields = rules.ToDictionary(rule => rule.Field, rule => rule.Rule),
    };

    private static FieldRule From(string from) => new() { From = from };

    [Fact]
    public void What_a_council_was_claimed_is_what_was_planned_and_what_was_given_is_what_took_place()
    {
        var record = Visit(Begin(FileFormat.AbacusCsv, Portal), Claim());
        Assert.Equal(
            ("F-1", "L-1", VisitOutcome.Delivered, 45, 1, null),
            (record.FundId, record.LineId, record.Outcome, record.PlannedMinutes, record.Carers, record.VisitGroup));
        Assert.Equal("2026-04-06T08:00:00+01 2026-04-06T08:05:00+01 2026-04-06T08:45:00+01",
            $"{record.PlannedStart} {record.Start} {record.End}");
    }

    [Fact]
    public void A_reading_says_what_it_passed_over_and_in_which_forms_days_and_times_were()
    {
        var reading = Begin(FileFormat.AbacusCsv, Portal);
        Visit(reading, Claim());
        Assert.Equal(["A", "B", "C", "D", "E"], reading.Ignored);
        Assert.Equal(
            ("FR-1", "dd/mm/yyyy", "hh:mm:ss", "hh:mm:ss"),
            (reading.FileReference, Assert.Single(reading.Found.Dates), Assert.Single(reading.Found.Times),
                Assert.Single(reading.Found.Durations)));
    }

    [Theory]
    [InlineData("08:05:00", "00:00:00")]
    [InlineData("", "")]
    [InlineData("00:00:00", "0")]
    public void A_visit_that_took_no_time_was_missed_by_the_provider(string actual, string duration)
    {
        var record = Visit(Begin(FileFormat.AbacusCsv, Portal), Claim(actual: actual, duration: duration));
        Assert.Equal((VisitOutcome.MissedByProvider, (OffsetDateTime?)null, (OffsetDateTime?)null),
            (record.Outcome, record.Start, record.End));
        Assert.NotNull(record.PlannedStart);
    }

    [Theory]
    [InlineData("23:45:00", "00:10:00", "2026-04-07T00:10:00+01")]
    [InlineData("00:15:00", "23:50:00", "2026-04-05T23:50:00+01")]
    [InlineData("08:00:00", "20:30:00", "2026-04-06T20:30:00+01")]
    [InlineData("21:00:00", "08:00:00", "2026-04-06T08:00:00+01")]
    public void A_visit_that_began_on_the_other_side_of_midnight_is_minutes_off_and_no_day(
        string claimed, string actual, string start)
    {
        var record = Visit(Begin(FileFormat.AbacusCsv, Portal), Claim(claimed: claimed, actual: actual));
        Assert.Equal((start, 40L), ($"{record.Start}", record.Given.Count));
    }

    [Fact]
    public void The_second_carer_is_a_visit_of_the_same_group()
    {
        var reading = Begin(FileFormat.AbacusCsv, Portal);
        var first = Visit(reading, Claim(carers: "2"));
        var second = Visit(reading, Claim(duration: "00:30:00", secondary: "True", carers: "2"));
        Assert.NotEqual(first.VisitId, second.VisitId);
        Assert.Equal(("L-1/F-1/2026-04-06/08:00:00", first.VisitGroup), (first.VisitGroup, second.VisitGroup));
        Assert.Equal((40, 30), (first.Given.Count, second.Given.Count));
    }

    [Fact]
    public void A_visit_has_the_same_id_whoever_writes_its_row_and_however()
    {
        var ids = new[] { Claim(), Claim(day: "2026-04-06"), Claim(claimed: "08:00"), Claim(duration: "00:10:00"),
            Claim(actual: "09:00:00", reference: "FR-2") }
            .Select(row => Visit(Begin(FileFormat.AbacusCsv, Portal), row).VisitId).Distinct();
        Assert.StartsWith("v-", Assert.Single(ids), StringComparison.Ordinal);
        var other = Visit(Begin(FileFormat.AbacusCsv, Portal), Claim(claimed: "08:15"));
        Assert.DoesNotContain(other.VisitId, ids);
    }

    [Theory]
    [InlineData("FR-2", "12/04/2026", "06/04/2026", "False", "1", "other-file-reference", "FileReference")]
    [InlineData("", "12/04/2026", "06/04/2026", "False", "1", "field-missing", "FileReference")]
    [InlineData("FR-1", "05/04/2026", "06/04/2026", "False", "1", "outside-week", "WeekEnding")]
    [InlineData("FR-1", "13/04/2026", "06/04/2026", "False", "1", "outside-week", "WeekEnding")]
    [InlineData("FR-1", "Sunday", "06/04/2026", "False", "1", "not-a-date", "WeekEnding")]
    [InlineData("FR-1", "12/04/2026", "31/04/2026", "False", "1", "not-a-time", "VisitDate StartTimeClaimed")]
    [InlineData("FR-1", "12/04/2026", "06/04/2026", "maybe", "1", "not-yes-or-no", "SecondaryVisit")]
    [InlineData("FR-1", "12/04/2026", "06/04/2026", "False", "some", "not-a-number", "NumberOfCarers")]
    [InlineData("FR-1", "12/04/2026", "06/04/2026", "True", "3", "carers-not-told-apart", "NumberOfCarers")]
    public void A_claim_that_cannot_be_is_refused_by_its_column(string reference, string week, string day,
        string secondary, string carers, string code, string field)
    {
        var reading = Begin(FileFormat.AbacusCsv, Portal);
        Visit(reading, Claim());
        var fault = Fault(reading, Claim(
            day, secondary: secondary, carers: carers, reference: reference, weekEnding: week));
        Assert.Equal((code, field), (fault.Code, fault.Field));
        Assert.NotEqual("", fault.PlainWords);
    }

    [Theory]
    [InlineData("08:05:00", "soon", "not-a-duration", "ActualDuration")]
    [InlineData("", "00:40:00", "start-and-end-needed", "VisitDate ActualStartTime")]
    [InlineData("25:00:00", "00:40:00", "not-a-time", "VisitDate ActualStartTime")]
    public void A_claim_says_when_it_took_place(string actual, string duration, string code, string field)
    {
        var fault = Fault(Begin(FileFormat.AbacusCsv, Portal), Claim(actual: actual, duration: duration));
        Assert.Equal((code, field), (fault.Code, fault.Field));
    }

    private static readonly VisitFileProfile Rota = Profile("visits-csv",
        ("visitId", From("{Booking No}")),
        ("fundId", new() { From = "{Client}", Values = new Dictionary<string, string> { ["1001"] = "F-1" } }),
        ("lineId", new()
        {
            From = "{Contract}|{Service}", Otherwise = "L-2",
            Values = new Dictionary<string, string> { ["c-7|personal care"] = "L-1" },
        }),
        ("start", From("{Date:date} {Time In:time}")),
        ("duration", From("{Hours}")),
        ("outcome", new()
        {
            From = "{Status}",
            Values = new Dictionary<string, string> { ["OK"] = "delivered", ["NR"] = "no-access" },
        }),
        ("note", From("keyed by {By}"))) with
    { Separator = ";", Dates = "dd-mmm-yy", Times = "hhmm", Durations = "hours" };

    private const string RotaHeader = "Booking No;Client;Contract;Service;Date;Time In;Hours;Status;By";

    private static Decision<FileReading, FileFault> BeginRota(string header = RotaHeader) =>
        FileReading.Begin(new(FileFormat.VisitsCsv, Rota), Row(header, separator: ';'), false);

    private static (ParsedRow? Parsed, RowFault? Fault) RotaRow(string row) =>
        BeginRota().Value!.Row(Row(row, separator: ';'));

    [Fact]
    public void A_profile_of_a_rota_can_work() => Assert.Null(ProfileCheck.Fault(Rota));

    [Fact]
    public void A_profile_says_which_column_is_what_and_what_words_mean()
    {
        var record = Assert.IsType<VisitRow>(
            RotaRow("B1;1001;C-7;Personal Care;06-Apr-26;0805;0.75;ok;Jo").Parsed).Record;
        Assert.Equal("B1 F-1 L-1 2026-04-06T08:05:00+01 2026-04-06T08:50:00+01 Delivered keyed by Jo",
            $"{record.VisitId} {record.FundId} {record.LineId} {record.Start} {record.End} "
            + $"{record.Outcome} {record.Note}");
    }

    [Fact]
    public void A_profile_says_what_any_other_word_means() => Assert.Equal("L-2",
        Assert.IsType<VisitRow>(RotaRow("B2;1001;C-8;Cleaning;6-apr-26;0805;1;ok;Jo").Parsed).Record.LineId);

    [Fact]
    public void A_word_without_a_meaning_is_named()
    {
        var fault = RotaRow("B3;1002;C-8;Cleaning;06-Apr-26;0805;1;ok;Jo").Fault!;
        Assert.Equal(("unknown-value", "Client"), (fault.Code, fault.Field));
        Assert.Contains("1002", fault.PlainWords, StringComparison.Ordinal);
    }

    [Fact]
    public void A_column_that_the_profile_does_not_name_is_ignored() =>
        Assert.Equal(["Colour"], BeginRota(RotaHeader + ";Colour").Value!.Ignored);

    [Fact]
    public void A_file_without_a_column_that_the_profile_names_is_refused() =>
        Assert.Equal(FileFault.MissingColumn, BeginRota(RotaHeader[..^";By".Length]).Refusal);

    [Fact]
    public void A_profile_over_a_portals_format_says_only_what_is_different()
    {
        var profile = Profile("abacus-csv",
            ("fundId", new()
            {
                From = "{ServiceUserRef}", Values = new Dictionary<string, string> { ["F-1"] = "F-9" },
            }),
            ("visitId", From("{OurRef}")), ("notGiven", From("no-access")));
        var reading = Begin(FileFormat.AbacusCsv, Portal, profile);
        var record = Visit(reading, Claim(duration: "0", carers: "3"));
        Assert.Equal(("F-9", VisitOutcome.NoAccess), (record.FundId, record.Outcome));
        Assert.Equal(record.VisitId, Visit(reading, Claim(claimed: "09:00")).VisitId);
    }

    [Theory]
    [InlineData("/format", "csv", null, null, null, null, null, null)]
    [InlineData("/separator", "visits-csv", "::", null, null, null, null, null)]
    [InlineData("/encoding", "visits-csv", null, "ebcdic", null, null, null, null)]
    [InlineData("/dates", "visits-csv", null, null, "dd/mm", null, null, null)]
    [InlineData("/times", "visits-csv", null, null, null, "mm:ss", null, null)]
    [InlineData("/durations", "visits-csv", null, null, null, null, "days", null)]
    [InlineData("/fields/colour", "visits-csv", null, null, null, null, null, "colour={C}")]
    [InlineData("/fields/missed", "visits-csv", null, null, null, null, null, "missed={C}")]
    [InlineData("/fields/note/from", "visits-csv", null, null, null, null, null, "note={C")]
    [InlineData("/fields/note/from", "visits-csv", null, null, null, null, null, "note={C:colour}")]
    [InlineData("/fields/note/from", "visits-csv", null, null, null, null, null, "note={:date}")]
    [InlineData("/fields/visitId/from", "visits-csv", null, null, null, null, null, "visitId=V-1")]
    [InlineData("/fields/outcome/from", "visits-csv", null, null, null, null, null, "outcome=done")]
    [InlineData("/fields/outcome/values/x~1y", "visits-csv", null, null, null, null, null, "outcome={C}=x/y=done")]
    [InlineData("/fields/fundId/values/x", "visits-csv", null, null, null, null, null, "fundId={C}=x=no id")]
    [InlineData("/fields/notGiven/from", "abacus-csv", null, null, null, null, null, "notGiven=delivered")]
    public void A_profile_that_cannot_work_is_refused_at_its_place(string pointer, string format, string? separator,
        string? encoding, string? dates, string? times, string? durations, string? rule)
    {
        var mapping = rule?.Split('=');
        var profile = Profile(format, mapping is null ? [] : [(mapping[0], new FieldRule
        {
            From = mapping[1],
            Values = mapping.Length > 2 ? new Dictionary<string, string> { [mapping[2]] = mapping[3] } : null,
        })]) with
        {
            Separator = separator,
            Encoding = encoding,
            Dates = dates,
            Times = times,
            Durations = durations,
        };
        Assert.Equal(pointer, ProfileCheck.Fault(profile)?.Pointer);
    }
}
