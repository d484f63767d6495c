using System.Security.Cryptography;
using System.Text.Json;
using System.Text.Json.Nodes;
using Isf.Contracts.Funds;
using Isf.Contracts.Support;
using Isf.Hosting.Serialization;
using NodaTime;

namespace Isf.Hosting.Messaging;

/// <summary>Tells how a service's copies of one kind of document are read.</summary>
/// <param name="Kind">The owner's name for the kind of document.</param>
/// <param name="Sql">SQL that selects the copies for funds $2 of holder $1. Its columns are the fund, the id, the
/// version (null if the copies store none) and, as text, a JSON object of the copied fields under the names of the
/// owner's fact.</param>
/// <param name="OfNoFund">Whether documents of this kind belong to no single fund. If so, $2 holds the ids of
/// documents, and the fund's column is ''.</param>
public sealed record CopySource(string Kind, string Sql, bool OfNoFund = false);

/// <summary>
/// A service's copy of a document. Hashes holds the hash of each copied field, under the field's name in the owner's
/// fact. FundId is null if the document belongs to no single fund, and Version is null if the copies store none.
/// </summary>
public sealed record CopiedDocument(
    CopySource Source, string? FundId, string Id, int? Version, IReadOnlyDictionary<string, string> Hashes);

/// <summary>
/// The documents that an owner stated at one moment. They are all documents of some funds, or documents that belong to
/// no single fund.
/// </summary>
public sealed record StatedDocuments(
    Instant StatedAt, IReadOnlyList<string> FundIds, IReadOnlyList<DocumentFields> Fields,
    IReadOnlyList<StatedDocument> Documents)
{
    /// <summary>Converts a statement by Funds.</summary>
    public static StatedDocuments From(Contracts.Funds.DocumentsStated message) =>
        new(message.StatedAt, message.FundIds, message.Fields, message.Documents);

    /// <summary>Converts a statement by Support.</summary>
    public static StatedDocuments From(Contracts.Support.DocumentsStated message) =>
        new(message.StatedAt, message.FundIds, message.Fields, message.Documents);
}

/// <summary>
/// Compares copies with the owner's statement. A field that differs at the same version is a certain difference at
/// once. A difference in version may only mean that the copy has seen more or fewer facts than the statement. It is
/// certain at once if a fund's copy is behind the statement, because the comparison waits until none of the fund's
/// facts is on its way. Any other difference in version is certain only if a later statement confirms it.
/// </summary>
public static class CopyComparison
{
    /// <summary>
    /// The field name of a difference in version, which means that the whole copy is behind, ahead or missing.
    /// </summary>
    public const string Version = "version";

    /// <summary>
    /// A difference that an earlier comparison found, with the stated and copied versions of that time.
    /// </summary>
    public sealed record Earlier(CopyDifference Difference, Instant StatedAt, bool IsCertain);

    /// <summary>
    /// All differences between the copies and the statement. A copy of a fund's document that the statement does not
    /// contain is a difference too.
    /// </summary>
    public static IReadOnlyList<CopyDifference> Compare(
        StatedDocuments stated, IReadOnlyList<CopySource> sources, IReadOnlyList<CopiedDocument> copies)
    {
        var names = stated.Fields.ToDictionary(kind => kind.Kind, kind => kind.Names);
        var bySource = copies.ToLookup(copy => (copy.Source, copy.FundId, copy.Id));
        var statedKeys = stated.Documents.Select(document => (document.Kind, document.FundId, document.Id)).ToHashSet();
        var differences = from document in stated.Documents
                          from source in sources
                          where source.Kind == document.Kind
                          let copy = bySource[(source, document.FundId, document.Id)].FirstOrDefault()
                          from difference in Of(document, names[document.Kind], copy)
                          select difference;
        var unstated = from copy in copies
                       where copy.FundId is not null && !statedKeys.Contains((copy.Source.Kind, copy.FundId, copy.Id))
                       select new CopyDifference(copy.FundId, copy.Source.Kind, copy.Id, Version, 0, copy.Version ?? 1);
        return [.. differences.Concat(unstated).Distinct()];
    }

    /// <summary>
    /// Whether a difference is certain. <paramref name="earlier"/> is the difference that an earlier comparison found
    /// for the same field, or null if it found none. Versions only rise. So if the owner's version is still below the
    /// copy's earlier version, the owner is really behind the copy, and vice versa.
    /// </summary>
    public static bool IsCertain(CopyDifference now, Instant statedAt, Earlier? earlier)
    {
        if (now.Field != Version || earlier is { IsCertain: true })
            return true;
        if (now.FundId is not null && now.CopyVersion < now.StatedVersion)
            return true;
        return earlier is not null && earlier.StatedAt < statedAt
            && (now.CopyVersion > now.StatedVersion
                ? now.StatedVersion < earlier.Difference.CopyVersion
                : now.CopyVersion < earlier.Difference.StatedVersion);
    }

    private static IEnumerable<CopyDifference> Of(
        StatedDocument stated, IReadOnlyList<string> names, CopiedDocument? copy)
    {
        var version = copy is null ? 0 : copy.Version ?? stated.Version;
        CopyDifference In(string field) => new(stated.FundId, stated.Kind, stated.Id, field, stated.Version, version);
        if (copy is null || version != stated.Version)
            return [In(Version)];
        var hashes = FieldHashes.Read(stated, names);
        return copy.Hashes.Where(field => hashes[field.Key] != field.Value).Select(field => In(field.Key));
    }
}

/// <summary>
/// Hashes of a document's fields, by which an owner and its copies are compared without sending the documents again. A
/// field's hash is the start of the SHA-256 of its canonical JSON, in which keys are sorted and null members are
/// omitted.
/// </summary>
public static class FieldHashes
{
    private const int Bytes = 8;
    private static readonly string Empty = Convert.ToHexStringLower(new byte[Bytes]);

    /// <summary>The hash of a value, in hexadecimal; zeros for null.</summary>
    public static string Of(JsonNode? value)
    {
        if (value is null)
            return Empty;
        using var text = new MemoryStream();
        using (var writer = new Utf8JsonWriter(text))
            Write(value, writer);
        return Convert.ToHexStringLower(SHA256.HashData(text.GetBuffer().AsSpan(0, (int)text.Length))[..Bytes]);
    }

    /// <summary>The hashes of an object's fields, by name.</summary>
    public static Dictionary<string, string> Of(JsonObject fields) =>
        fields.ToDictionary(field => field.Key, field => Of(field.Value), StringComparer.Ordinal);

    /// <summary>
    /// Builds the entry of a document in its owner's statement, from the fields of the fact that announced the
    /// document.
    /// </summary>
    public static StatedDocument State(string? fundId, string kind, string id, int version, JsonObject fields)
    {
        var hashes = fields.SelectMany(field => Convert.FromHexString(Of(field.Value))).ToArray();
        return new(fundId, kind, id, version, Convert.ToBase64String(hashes));
    }

    /// <summary>The hashes of a stated document, by field name.</summary>
    public static Dictionary<string, string> Read(StatedDocument stated, IReadOnlyList<string> names)
    {
        var hashes = Convert.FromBase64String(stated.Hashes);
        if (hashes.Length != names.Count * Bytes)
            throw new ArgumentException($"{stated.Kind} {stated.Id} has not {names.Count} hashes.", nameof(stated));
        return names.Select((name, at) => (name, at)).ToDictionary(
            field => field.name, field => Convert.ToHexStringLower(hashes.AsSpan(field.at * Bytes, Bytes)),
            StringComparer.Ordinal);
    }

    /// <summary>A fact's fields as JSON, without the ids of its holder and fund and without its version.</summary>
    public static JsonObject FieldsOf<T>(T fact)
    {
        var fields = JsonSerializer.SerializeToNode(fact, IsfJson.Options)!.AsObject();
        fields.Remove("holderId");
        fields.Remove("fundId");
        fields.Remove("version");
        return fields;
    }

    private static void Write(JsonNode value, Utf8JsonWriter writer)
    {
        switch (value)
        {
            case JsonObject fields:
                writer.WriteStartObject();
                foreach (var (name, field) in fields.Where(field => field.Value is not null)
                    .OrderBy(field => field.Key, StringComparer.Ordinal))
                {
                    writer.WritePropertyName(name);
                    Write(field!, writer);
                }
                writer.WriteEndObject();
                break;
            case JsonArray items:
                writer.WriteStartArray();
                foreach (var item in items)
                {
                    if (item is null)
                        writer.WriteNullValue();
                    else
                        Write(item, writer);
                }
                writer.WriteEndArray();
                break;
            default:
                value.WriteTo(writer);
                break;
        }
    }
}
