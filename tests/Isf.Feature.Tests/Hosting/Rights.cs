namespace Isf.Tests.Hosting;

/// <summary>
/// The roles that may use each route. Each route has one row, written from api.md ("Who is calling") and not from the
/// code; a new route needs a row here. The letters mean: A holder-admin · F holder-finance · C holder-care · a auditor
/// · p the person · c their council · s a supporter by a consent to see statements · v a supporter by a consent to see
/// visits · o the operator. The code after a colon is the owner's response if the document of the route does not exist
/// in the scene.
/// </summary>
internal static class Rights
{
    public const string Anyone = "anyone";

    public const string Table = """
        GET  /health/live                                      anyone
        GET  /health/ready                                     anyone
        GET  /openapi/{documentName}.json                      anyone
        GET  /docs/{**path}                                    anyone
        GET  /v1/backlog                                       AFCa
        GET  /v1/schedules                                     AFCa
        GET  /v1/schedules/{name}                              AFCa
        PUT  /v1/schedules/{name}                              A
        DELETE /v1/schedules/{name}                            A
        GET  /v1/schedules/{name}/changes                      AFCa
        GET  /v1/schedules/{name}/runs                         AFCa
        POST /v1/schedules/{name}/run                          AF
        GET  /v1/operator/backlog                              o
        GET  /v1/operator/{service}/messages                   o
        POST /v1/operator/{service}/messages/{id}/retry        o
        POST /v1/operator/{service}/messages/{id}/discard      o
        GET  /v1/operator/schedules                            o
        GET  /v1/operator/schedules/{name}                     o
        PUT  /v1/operator/schedules/{name}                     o
        PUT  /v1/holder                                        A
        GET  /v1/holder                                        AFCa
        PUT  /v1/people/{id}                                   AC
        GET  /v1/people/{id}                                   AFCa
        GET  /v1/people                                        AFCa
        PUT  /v1/providers/{id}                                AF
        GET  /v1/providers/{id}                                AFCa
        GET  /v1/providers                                     AFCa
        PUT  /v1/funds/{fundId}                                AF
        GET  /v1/funds/{fundId}                                AFCapcs
        GET  /v1/funds                                         AFCapcs
        PUT  /v1/funds/{fundId}/budgets/{id}                   AF
        PUT  /v1/funds/{fundId}/allocations/{id}               AF
        PUT  /v1/funds/{fundId}/receipts/{id}                  AF
        POST /v1/funds/{fundId}/receipts/{id}/void             AF
        PUT  /v1/funds/{fundId}/returns/{id}                   AF
        POST /v1/funds/{fundId}/returns/{id}/void              AF
        PUT  /v1/funds/{fundId}/fees/{id}                      AF
        PUT  /v1/funds/{fundId}/closure                        AF
        GET  /v1/funds/{fundId}/closure                        AFCapc:not-closed
        PUT  /v1/funds/{fundId}/consents/{id}                  Ap
        POST /v1/funds/{fundId}/consents/{id}/withdraw         Ap
        PUT  /v1/funds/{fundId}/plans/{id}                     AC
        GET  /v1/funds/{fundId}/plans/{id}                     AFCapcv
        GET  /v1/funds/{fundId}/plans                          AFCapcv
        GET  /v1/funds/{fundId}/expected                       AFCapcv
        PUT  /v1/funds/{fundId}/absences/{id}                  AC
        GET  /v1/funds/{fundId}/absences/{id}                  AFCapv
        POST /v1/funds/{fundId}/absences/{id}/withdraw         AC
        GET  /v1/funds/{fundId}/absences                       AFCapv
        PUT  /v1/visits/{id}                                   AC
        GET  /v1/visits/{id}                                   AFCapv
        GET  /v1/funds/{fundId}/continuity                     AFCapv
        GET  /v1/hours                                         AFCa
        GET  /v1/providers/{providerId}/hours                  AFCa
        GET  /v1/deliveries/under                              AFCa
        GET  /v1/deliveries/none                               AFCa
        GET  /v1/deliveries/over                               AFCa
        GET  /v1/care-flags                                    AFCa
        POST /v1/care-flags/{id}/resolution                    AC
        PUT  /v1/check-terms                                   AC
        GET  /v1/check-terms                                   AFCa
        POST /v1/visit-files                                   AC
        GET  /v1/visit-files/{id}                              AFCa
        DELETE /v1/visit-files/{id}                            AC
        GET  /v1/visit-files/{id}/rejections                   AFCa
        PUT  /v1/visit-file-profiles/{id}                      AC
        GET  /v1/visit-file-profiles/{id}                      AFCa:unknown-profile
        GET  /v1/visit-file-profiles                           AFCa
        POST /v1/quotes                                        AFCa
        GET  /v1/funds/{fundId}/balance                        AFCapcs
        GET  /v1/funds/{fundId}/journals                       AFCapcs
        GET  /v1/funds/{fundId}/integrity                      AFCapcs
        GET  /v1/funds/{fundId}/hours                          AFCapcsv
        PUT  /v1/funds/{fundId}/adjustments/{id}               AF
        GET  /v1/funds/{fundId}/adjustments/{id}               AFCa:unknown-adjustment
        POST /v1/funds/{fundId}/adjustments/{id}/approve       AF
        PUT  /v1/funds/{fundId}/reversals/{id}                 AF
        GET  /v1/funds/{fundId}/reversals/{id}                 AFCa:unknown-reversal
        POST /v1/funds/{fundId}/reversals/{id}/approve         AF
        PUT  /v1/periods/{id}/close                            AF
        GET  /v1/periods                                       AFCa
        PUT  /v1/runs/{id}                                     AF
        GET  /v1/runs/{id}                                     AFCa
        GET  /v1/exceptions                                    AFCa
        POST /v1/exceptions/{id}/resolution                    AF
        PUT  /v1/councils/{councilId}/feeds/{id}               AF
        GET  /v1/councils/{councilId}/feeds/{id}               AFCac
        GET  /v1/councils/{councilId}/feeds/{id}.json          AFCac
        GET  /v1/councils/{councilId}/feeds/{id}.csv           AFCac
        GET  /v1/councils/{councilId}/feeds/{id}.zip           AFCac
        PUT  /v1/funds/{fundId}/statements/{id}                AF
        GET  /v1/funds/{fundId}/statements/{id}                AFCapcs
        GET  /v1/funds/{fundId}/statements                     AFCapcs
        GET  /v1/funds/{fundId}/statements/{id}/since          AFCapcs
        GET  /v1/funds/{fundId}/forecast                       AFCapcs
        """;

    /// <summary>The rows, by method and path.</summary>
    public static IReadOnlyDictionary<string, Right> Rows { get; } = Table.Split('\n')
        .Select(line => line.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries))
        .ToDictionary(row => $"{row[0]} {row[1]}", row => new Right(row[0], row[1], row[2].Split(':')[0],
            row[2].Contains(':', StringComparison.Ordinal) ? row[2].Split(':')[1] : null));
}

/// <summary>
/// One row: the roles, and the owner's response if the route's document does not exist in the scene (null if it
/// exists).
/// </summary>
internal sealed record Right(string Method, string Path, string May, string? NotThere)
{
    public bool Reads => Method == "GET";
}
