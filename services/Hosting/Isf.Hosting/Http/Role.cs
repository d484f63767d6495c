namespace Isf.Hosting.Http;

/// <summary>The roles of api.md, as they appear in tokens.</summary>
public static class Role
{
    public const string HolderAdmin = "holder-admin";
    public const string HolderFinance = "holder-finance";
    public const string HolderCare = "holder-care";
    public const string Person = "person";
    public const string Supporter = "supporter";
    public const string Council = "council";
    public const string Auditor = "auditor";

    /// <summary>The operator of the installation, who has no holder and sees no person's record.</summary>
    public const string Operator = "operator";

    /// <summary>The roles of the holder's own people.</summary>
    public static readonly string[] AnyHolder = [HolderAdmin, HolderFinance, HolderCare];

    /// <summary>
    /// All roles that may read parts of a fund. Whether a caller may see a certain fund is decided for each fund.
    /// </summary>
    public static readonly string[] AnyReader =
        [HolderAdmin, HolderFinance, HolderCare, Person, Supporter, Council, Auditor];

    /// <summary>Every role that a token may have.</summary>
    public static readonly string[] All = [.. AnyReader, Operator];
}
