using System.Text.Json;
using static Isf.Support.Domain.Files.FileField;

namespace Isf.Support.Domain.Files;

/// <summary>
/// A format of visit files: the fields that its rows fill and from which columns they are filled unless a profile says
/// otherwise. Sources: api.md, Support; domain.md §4.8 for the council portal's columns.
/// </summary>
public sealed record FileFormat
{
    private FileFormat(string name) => Name = name;

    /// <summary>The name in the address.</summary>
    public string Name { get; }

    /// <summary>Whether a row is a week of a line rather than a visit.</summary>
    public bool IsWeeks { get; private init; }

    /// <summary>The fields that a profile may fill.</summary>
    public required IReadOnlyList<FileField> Fields { get; init; }

    /// <summary>The fields without which a file of this format cannot be read.</summary>
    public required IReadOnlyList<FileField> Needed { get; init; }

    /// <summary>Where the fields come from.</summary>
    public required IReadOnlyDictionary<FileField, FieldRule> Rules { get; init; }

    /// <summary>Columns that the format has and that say nothing about visits: known, and not used.</summary>
    public IReadOnlyList<string> AlsoKnown { get; private init; } = [];

    /// <summary>The word of a field, as columns, profiles and rejections write it.</summary>
    public static string WordOf(FileField field) => Words[(int)field];

    /// <summary>The format of a name, or null.</summary>
    public static FileFormat? Named(string? name) => All.FirstOrDefault(format => format.Name == name);

    private static readonly string[] Words =
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

    /// <summary>Ours: one visit a row.</summary>
    public static FileFormat VisitsCsv { get; } = new("visits-csv")
    {
        Fields = [.. OfVisits, .. OfPortals],
        Needed = [VisitId, FundId, LineId, Outcome],
        Rules = OfVisits.ToDictionary(field => field, Own),
    };

    /// <summary>
    /// A council's return of actual care, one carer's visit a row. It has no id of a visit: one is derived from what
    /// does not change when the row is sent again. What was claimed is what was planned.
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
        AlsoKnown =
        [
            "Description", "Created", "ProviderRef", "ServiceUserDetails", "OurRef", "ServiceUserContribution",
            "PaymentClaimed", "SecondaryVisit", "NumberOfCarers", "ServiceType",
        ],
    };

    /// <summary>A council's weekly actuals: one line of a plan and week a row.</summary>
    public static FileFormat ActualsCsv { get; } = new("actuals-csv")
    {
        IsWeeks = true,
        Fields = OfWeeks,
        Needed = [FundId, LineId, WeekEnding, Quantity, Unit],
        Rules = OfWeeks.ToDictionary(field => field, Own),
    };

    /// <summary>All formats.</summary>
    public static IReadOnlyList<FileFormat> All { get; } = [VisitsCsv, AbacusCsv, ActualsCsv];

    private static FieldRule Own(FileField field) => new() { From = $"{{{WordOf(field)}}}" };
}
