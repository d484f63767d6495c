using System.Text.Json;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace Isf.House.Tests;

/// <summary>A message as contracts/ defines it, with its publisher and its place in the code.</summary>
public sealed record Message(string Publisher, string Name, SourceFile File, TypeDeclarationSyntax Type);

/// <summary>
/// An entry of a table of contents. It is a published message, or a consumed message with its consumer. A message
/// whose name several services use is written with its publisher: Funds.DocumentsStated.
/// </summary>
public sealed record Entry(string Message, string? Consumer, SyntaxNode At)
{
    /// <summary>The message's own name.</summary>
    public string Name => Message.Split('.')[^1];
}

/// <summary>A service's table of contents, read from its XService.cs.</summary>
public sealed record Contents(
    string Service, SourceFile File, IReadOnlyList<Entry> Publishes, IReadOnlyList<Entry> Consumes);

/// <summary>
/// The publishers and consumers of all messages, read from syntax alone: contracts/ and each service's table of
/// contents.
/// </summary>
public sealed class ServiceMap
{
    private ServiceMap(IReadOnlyList<Message> messages, IReadOnlyList<Contents> contents)
    {
        Messages = messages;
        Contents = contents;
    }

    /// <summary>Every message of contracts/.</summary>
    public IReadOnlyList<Message> Messages { get; }

    /// <summary>The tables of contents of all services that have one.</summary>
    public IReadOnlyList<Contents> Contents { get; }

    /// <summary>Reads the map from the files of a repository.</summary>
    public static ServiceMap Of(IEnumerable<SourceFile> files)
    {
        var all = files.ToList();
        return new ServiceMap(
            all.Where(IsContract).SelectMany(MessagesOf).ToList(),
            Repository.Services.SelectMany(service => all.Where(file => file.Path == ContentsPath(service))
                .Select(file => new Contents(
                    service, file, Entries(file, "Publishes"), Entries(file, "Consumes")))).ToList());
    }

    /// <summary>The path of a service's table of contents.</summary>
    public static string ContentsPath(string service) => $"services/{service}/Isf.{service}/{service}Service.cs";

    /// <summary>Whether a file defines messages.</summary>
    public static bool IsContract(SourceFile file) => file.IsCSharp && file.IsUnder("contracts/Isf.Contracts");

    /// <summary>The service whose folder contains a file; null if none does.</summary>
    public static string? ServiceOf(SourceFile file) =>
        Repository.Services.FirstOrDefault(service => file.IsUnder($"services/{service}"));

    /// <summary>The place of a service in the flow of facts; services before it are upstream.</summary>
    public static int PlaceOf(string service) => Repository.Services.ToList().IndexOf(service);

    /// <summary>
    /// The publisher of a message, by its name; null if contracts/ has no such message, or if several publishers have
    /// one and the name does not say which.
    /// </summary>
    public string? PublisherOf(string message)
    {
        var publishers = Messages
            .Where(entry => entry.Name == message || $"{entry.Publisher}.{entry.Name}" == message)
            .Select(entry => entry.Publisher).Distinct().ToList();
        return publishers.Count == 1 ? publishers[0] : null;
    }

    /// <summary>
    /// A name in the form of wire names and codes of problems: “AllocationMade” becomes “allocation-made”.
    /// </summary>
    public static string Kebab(string name) => JsonNamingPolicy.KebabCaseLower.ConvertName(name);

    /// <summary>
    /// The text of an attribute's only argument; null if the type has no such attribute or its argument is no text.
    /// </summary>
    public static string? AttributeText(TypeDeclarationSyntax type, string attribute) =>
        type.AttributeLists.SelectMany(list => list.Attributes)
            .Where(found => found.Name.ToString() == attribute)
            .Select(found => found.ArgumentList?.Arguments.FirstOrDefault()?.Expression)
            .OfType<LiteralExpressionSyntax>()
            .Select(literal => literal.Token.ValueText).FirstOrDefault();

    private static IEnumerable<Message> MessagesOf(SourceFile file) =>
        from type in file.All<TypeDeclarationSyntax>()
        where AttributeText(type, "MessageUrn") is not null || AttributeText(type, "EntityName") is not null
        let space = type.Ancestors().OfType<BaseNamespaceDeclarationSyntax>().FirstOrDefault()?.Name.ToString() ?? ""
        select new Message(space.Split('.')[^1], type.Identifier.Text, file, type);

    private static string NameOf(TypeSyntax type) => type.ToString().Split('.') is [.., var publisher, var name]
        && Repository.Services.Contains(publisher) ? $"{publisher}.{name}" : type.ToString().Split('.')[^1];

    private static List<Entry> Entries(SourceFile file, string verb) =>
        (from call in file.All<InvocationExpressionSyntax>()
         let access = call.Expression as MemberAccessExpressionSyntax
         let generic = access?.Name as GenericNameSyntax
         where generic?.Identifier.Text == verb
         let types = generic.TypeArgumentList.Arguments.Select(NameOf).ToList()
         select new Entry(types[0], types.ElementAtOrDefault(1), generic)).Reverse().ToList();
}
