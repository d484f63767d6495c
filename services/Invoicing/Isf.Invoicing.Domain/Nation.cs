namespace Isf.Invoicing.Domain;

/// <summary>The nation in which the person lives, which decides whose public holidays count.</summary>
public enum Nation
{
    /// <summary>England.</summary>
    England = 1,

    /// <summary>Wales.</summary>
    Wales = 2,

    /// <summary>Scotland.</summary>
    Scotland = 3,

    /// <summary>Northern Ireland.</summary>
    NorthernIreland = 4,
}

/// <summary>The outcome of a visit (api.md's words, in kebab-case on the wire; domain.md §4.5).</summary>
public enum VisitOutcome
{
    /// <summary>The visit was given.</summary>
    Delivered = 1,

    /// <summary>The provider did not come.</summary>
    MissedByProvider = 2,

    /// <summary>The worker came, but could not get in.</summary>
    NoAccess = 3,

    /// <summary>The person cancelled the visit.</summary>
    CancelledByPerson = 4,

    /// <summary>The provider cancelled the visit.</summary>
    CancelledByProvider = 5,

    /// <summary>The person was in hospital.</summary>
    Hospital = 6,

    /// <summary>The service was closed for a public holiday.</summary>
    ClosedHoliday = 7,
}
