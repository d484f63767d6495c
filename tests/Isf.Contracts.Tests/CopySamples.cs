using Isf.Contracts.Funds;
using Isf.Contracts.Support;
using NodaTime;

namespace Isf.Contracts.Tests;

/// <summary>One of each message about documents and their copies, with every field set.</summary>
internal static class CopySamples
{
    private static readonly Instant Night = Instant.FromUtc(2026, 5, 4, 0, 0, 15);
    private static readonly DocumentFields[] Fields = [new("plan", ["lines"])];
    private static readonly StatedDocument[] Documents = [new("F-1", "plan", "S-1", 2, "AAECAwQFBgc=")];
    private static readonly CopyDifference[] Found = [new("F-1", "allocation", "A-1", "priceList", 3, 3)];
    private static readonly CopyDifference[] Gone = [new("F-1", "budget", "B-1", "version", 2, 1)];

    public static readonly object[] All =
    [
        new Funds.DocumentsStated
        {
            HolderId = "sunrise", StatedAt = Night, FundIds = ["F-1"], Fields = Fields, Documents = Documents,
        },
        new FundsRunAsked
        {
            HolderId = "sunrise", Schedule = "state-documents", UpTo = new LocalDate(2026, 5, 3),
            AskedBy = "2026-05-04",
        },
        new Support.DocumentsStated
        {
            HolderId = "sunrise", StatedAt = Night, FundIds = ["F-1"], Fields = Fields, Documents = Documents,
        },
        new CopyDiffers { HolderId = "sunrise", StatedAt = Night, Found = Found, Gone = Gone },
        new Invoicing.CopyDiffers { HolderId = "sunrise", StatedAt = Night, Found = Found, Gone = Gone },
        new Ledger.CopyDiffers { HolderId = "sunrise", StatedAt = Night, Found = Found, Gone = Gone },
    ];
}
