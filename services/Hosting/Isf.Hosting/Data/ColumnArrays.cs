namespace Isf.Hosting.Data;

/// <summary>Builds statements that write many rows, with one array parameter for each column.</summary>
public static class ColumnArrays
{
    /// <summary>
    /// Builds a select list of array parameters, such as "unnest($2::text[]), unnest($3::date[])". In a select list
    /// PostgreSQL expands the arrays row by row. After "from" it would first materialize each column, which took half
    /// the time of an insert.
    /// </summary>
    /// <param name="first">The number of the first parameter.</param>
    /// <param name="types">The columns' types in order, separated by spaces.</param>
    public static string Unnest(int first, string types) =>
        string.Join(", ", types.Split(' ').Select((type, i) => $"unnest(${first + i}::{type}[])"));
}
