using System.Globalization;
using Isf.Contracts.Support;
using Isf.Hosting.Data;
using Isf.Hosting.Messaging;
using Isf.Reconciliation.Domain;
using NodaTime;

namespace Isf.Reconciliation.Exceptions;

/// <summary>
/// Raises an exception for each field in which a service's copy of a document differs from the owner's document, and
/// resolves it when the two agree again. Consumes CopyDiffers; publishes ExceptionRaised and ExceptionResolved. Source:
/// design §2.
/// </summary>
public static class RaiseCopyDifferences
{
    /// <summary>The finding about one field of a copy.</summary>
    /// <param name="service">The service that keeps the copy.</param>
    /// <param name="difference">
    /// The field that differs, and the versions of the owner's document and of the copy. The field can be the version
    /// itself.
    /// </param>
    /// <param name="statedAt">When the owner stated the document.</param>
    /// <param name="exists">Whether owner and copy differ; false if they agree again.</param>
    public static Finding FindingFrom(string service, CopyDifference difference, Instant statedAt, bool exists)
    {
        var copy = $"{Capital(service)}'s copy of {difference.Kind} {difference.Id}";
        var owner = difference.Kind == "plan" ? "Support" : "Funds";
        var text = !exists ? $"{copy} is again what {owner} holds."
            : difference.Field != CopyComparison.Version
                ? $"{copy} is not what {owner} holds: {difference.Field} differs, both at version "
                    + $"{difference.StatedVersion}. See the runbook copies-differ."
            : difference.CopyVersion < difference.StatedVersion
                ? $"{copy} is at version {difference.CopyVersion}, and {owner} is at {difference.StatedVersion}. "
                    + "See the runbook copies-differ."
                : $"{copy} is at version {difference.CopyVersion}, which {owner} does not have: it is at "
                    + $"{difference.StatedVersion}. See the runbook copies-differ.";
        var subject = SubjectOf(service, difference);
        var about = new Difference(DifferenceCode.CopiesDiffer, difference.FundId, subject, text,
        [
            new("service", service), new("document", $"{difference.Kind}/{difference.Id}"),
            new("field", difference.Field), new("ownersVersion", Text(difference.StatedVersion)),
            new("copysVersion", Text(difference.CopyVersion)),
        ]);
        return new Finding(about, statedAt.ToUnixTimeMilliseconds(), exists,
            $"copy-differs/{subject}/{statedAt.ToUnixTimeMilliseconds()}");
    }

    internal static async Task FollowAsync(Session session, string service, Instant statedAt,
        IReadOnlyList<CopyDifference> found, IReadOnlyList<CopyDifference> gone, Instant now)
    {
        foreach (var difference in found)
            await ExceptionTable.FollowAsync(session, FindingFrom(service, difference, statedAt, exists: true), now);
        foreach (var difference in gone)
            await ExceptionTable.FollowAsync(session, FindingFrom(service, difference, statedAt, exists: false), now);
    }

    /// <summary>The subject of the difference, such as ledger/budget/B-1/isfWeeklyPence.</summary>
    internal static string SubjectOf(string service, CopyDifference difference) =>
        $"{service}/{difference.Kind}/{difference.Id}/{difference.Field}";

    private static string Capital(string service) =>
        (service == "ledger" ? "The " : "") + char.ToUpperInvariant(service[0]) + service[1..];

    private static string Text(int version) => version.ToString(CultureInfo.InvariantCulture);
}

/// <summary>Consumes the differences that Support, Invoicing and the Ledger found in their copies.</summary>
internal sealed class RaiseCopyDifferencesConsumer(IClock clock)
    : IConsume<CopyDiffers>, IConsume<Contracts.Invoicing.CopyDiffers>, IConsume<Contracts.Ledger.CopyDiffers>
{
    /// <inheritdoc />
    public Task<ConsumeResult> ConsumeAsync(CopyDiffers message, Session session, CancellationToken stop) =>
        FollowAsync(session, "support", message.StatedAt, message.Found, message.Gone);

    /// <inheritdoc />
    public Task<ConsumeResult> ConsumeAsync(Contracts.Invoicing.CopyDiffers message, Session session,
        CancellationToken stop) =>
        FollowAsync(session, "invoicing", message.StatedAt, message.Found, message.Gone);

    /// <inheritdoc />
    public Task<ConsumeResult> ConsumeAsync(Contracts.Ledger.CopyDiffers message, Session session,
        CancellationToken stop) =>
        FollowAsync(session, "ledger", message.StatedAt, message.Found, message.Gone);

    private async Task<ConsumeResult> FollowAsync(Session session, string service, Instant statedAt,
        IReadOnlyList<CopyDifference> found, IReadOnlyList<CopyDifference> gone)
    {
        await RaiseCopyDifferences.FollowAsync(session, service, statedAt, found, gone, clock.GetCurrentInstant());
        return ConsumeResult.Done;
    }
}
