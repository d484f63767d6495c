using System.Reflection;

namespace Isf.Hosting.Data;

/// <summary>The storage of a service: its schema, its migrations and its documents.</summary>
/// <param name="name">The service's name: funds, support, invoicing, ledger, reconciliation or statements.</param>
/// <param name="home">The assembly that embeds its migrations.</param>
public abstract class ServiceSchema(string name, Assembly home)
{
    private readonly Dictionary<Type, string> documents = [];
    private readonly List<DocumentColumn> columns = [];

    /// <summary>The service's name, which also names its schema and ends its role's name.</summary>
    public string Name => name;

    /// <summary>The assembly that embeds its migrations.</summary>
    public Assembly Home => home;

    /// <summary>The types of its documents, with the names of their tables after Marten's prefix.</summary>
    public IReadOnlyDictionary<Type, string> Documents => documents;

    /// <summary>The members of its documents that have columns of their own.</summary>
    public IReadOnlyList<DocumentColumn> Columns => columns;

    /// <summary>Adds a document type.</summary>
    protected void AddDocument(Type document, string documentName) => documents.Add(document, documentName);

    /// <summary>Adds a member with a column of its own.</summary>
    protected void AddColumn(DocumentColumn column) => columns.Add(column);
}
