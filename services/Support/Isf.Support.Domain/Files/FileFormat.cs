using System.Text.Json;
using static Isf.Support.Domain.Files.FileField;

namespace Isf.Support.Domain.Files;

/// <summary>
/// A format of visit files: the fields that its rows fill, and the columns that fill them unless a profile says
/// otherwise. Sources: api.md, Support; domain.md §4.8 for the council portal's columns.
/// </summary>
public sealed record FileFormat
{
    private static readonly string[] Names =
        [.. Enum.GetValues<FileField>().Select(field => JsonNamingPolicy.CamelCase.ConvertName(field.ToString()))
            .Prepend("")];

    private static readonly FileField[] OfVisits =
    [
        VisitId, FundId, LineId, Service, VisitGroup, WorkerId, PlannedStart, PlannedMinutes, Start, End, Carers,
        Outcome, NoticeHours, Miles, Quantity, Note,
    ];

    private static readonly FileField[] OfPortals =
    [
        PlannedDuration, Duration, NotGiven, Secondary, GroupSize, FileReference, WeekEnding, Place, Captured,
    ];

    private static readonly FileField[] OfWeeks =
        [FundId, LineId, WeekEnding, Quantity, Unit, Missed, Extra, Frustrated, Comment];

    private FileFormat(string name) => Name = name;

    /// <summary>The format's name in web addresses, such as visits-csv.</summary>
    public string Name { get; }

    /// <summary>Whether a row is a week of a plan's line instead of a visit.</summary>
    public bool IsWeeks { get; private init; }

    /// <summary>The fields that a profile may fill.</summary>
    public required IReadOnlyList<FileField> Fields { get; init; }

    /// <summary>The fields whose columns every file of this format must have.</summary>
    public required IReadOnlyList<FileField> Needed { get; init; }

    /// <summary>The source of each field, unless a profile names another.</summary>
    public required IReadOnlyDictionary<FileField, FieldRule> Rules { get; init; }

    /// <summary>Further columns of the format; they are not reported as ignored, even if no rule uses them.</summary>
    public IReadOnlyList<string> OtherColumns { get; private init; } = [];

    /// <summary>The name of a field in columns, profiles and rejections.</summary>
    public static string NameOf(FileField field) => Names[(int)field];

    /// <summary>The format with this name, or null.</summary>
    public static FileFormat? Named(string? name) => All.FirstOrDefault(format => format.Name == name);

    /// <summary>The platform's own format: one visit per row.</summary>
    public static FileFormat VisitsCsv { get; } = new("visits-csv")
    {
        Fields = [.. OfVisits, .. OfPortals],
        Needed = [VisitId, FundId, LineId, Outcome],
        Rules = OfVisits.ToDictionary(field => field, Own),
    };

    /// <summary>
    /// A council's return of actual care, one carer's visit per row. The file has no visit ids, so an id is derived
    /// from columns that do not change when the row is sent again. The time claimed is the time planned.
    /// </summary>
    public static FileFormat AbacusCsv { get; } = new("abacus-csv")
    {
        Fields = [.. OfVisits, .. OfPortals],
        Needed =
        [
            VisitId, FundId, LineId, PlannedStart, PlannedDuration, Start, Duration, FileReference, WeekEnding,
        ],
        Rules = new Dictionary<FileField, FieldRule>
        {
            [FileReference] = new() { From = "{FileReference}" },
            [VisitId] = new()
            {
                From = "{ContractNumber}/{ServiceUserRef}/{VisitDate:date}/{StartTimeClaimed:time}"
                    + "/{SecondaryVisit:yes}",
            },
            [VisitGroup] = new()
            {
                From = "{ContractNumber}/{ServiceUserRef}/{VisitDate:date}/{StartTimeClaimed:time}",
            },
            [FundId] = new() { From = "{ServiceUserRef}" },
            [LineId] = new() { From = "{ContractNumber}" },
            [WeekEnding] = new() { From = "{WeekEnding}" },
            [PlannedStart] = new() { From = "{VisitDate:date} {StartTimeClaimed:time}" },
            [PlannedDuration] = new() { From = "{DurationClaimed}" },
            [Start] = new() { From = "{VisitDate:date} {ActualStartTime:time}" },
            [Duration] = new() { From = "{ActualDuration}" },
            [Secondary] = new() { From = "{SecondaryVisit}" },
            [GroupSize] = new() { From = "{NumberOfCarers}" },
            [Outcome] = new() { From = "delivered" },
            [NotGiven] = new() { From = "missed-by-provider" },
        },
        OtherColumns =
        [
            "Description", "Created", "ProviderRef", "ServiceUserDetails", "OurRef", "ServiceUserContribution",
            "PaymentClaimed", "SecondaryVisit", "NumberOfCarers", "ServiceType",
        ],
    };

    /// <summary>A council's weekly actuals: each row is one week of one line of a plan.</summary>
    public static FileFormat ActualsCsv { get; } = new("actuals-csv")
    {
        IsWeeks = true,
        Fields = OfWeeks,
        Needed = [FundId, LineId, WeekEnding, Quantity, Unit],
        Rules = OfWeeks.ToDictionary(field => field, Own),
    };

    /// <summary>All formats that can be read.</summary>
    public static IReadOnlyList<FileFormat> All { get; } = [VisitsCsv, AbacusCsv, ActualsCsv];

    private static FieldRule Own(FileField field) => new() { From = $"{{{NameOf(field)}}}" };
}
