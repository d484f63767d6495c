using System.Reflection;

namespace Isf.Hosting.Data;

/// <summary>What a service stores: its schema, its migrations and its documents.</summary>
/// <param name="name">The service's name: funds, support, invoicing, ledger, reconciliation or statements.</param>
/// <param name="home">The assembly in which its migrations are embedded.</param>
public abstract class ServiceSchema(string name, Assembly home)
{
    private readonly Dictionary<Type, string> documents = [];
    private readonly List<DocumentColumn> columns = [];

    /// <summary>The service's name, which is also its schema's and the end of its role's.</summary>
    public string Name => name;

    /// <summary>The assembly in which its migrations are embedded.</summary>
    public Assembly Home => home;

    /// <summary>The types of its documents, with the names by which their tables are called.</summary>
    public IReadOnlyDictionary<Type, string> Documents => documents;

    /// <summary>The members of its documents that lie in columns of their own.</summary>
    public IReadOnlyList<DocumentColumn> Columns => columns;

    /// <summary>Adds a type of document.</summary>
    protected void AddDocument(Type document, string documentName) => documents.Add(document, documentName);

    /// <summary>Adds a member that lies in a column of its own.</summary>
    protected void AddColumn(DocumentColumn column) => columns.Add(column);
}
