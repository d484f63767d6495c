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

/// <summary>
/// Builds array parameters column by column. A column with the same value in all rows, like half the columns of most
/// visit files, becomes a scalar parameter, which PostgreSQL need not expand for each row.
/// </summary>
/// <param name="rows">The rows, at least one.</param>
/// <param name="before">The values of the parameters before the columns.</param>
public sealed class RowColumns<TRow>(IReadOnlyList<TRow> rows, params object?[] before)
{
    private readonly List<string> list = [];
    private readonly List<object?> values = [.. before];

    /// <summary>The columns as a select list, in the order in which they were added.</summary>
    public string List => string.Join(", ", list);

    /// <summary>All parameters.</summary>
    public object?[] Values => [.. values];

    /// <summary>Adds a column of this PostgreSQL type.</summary>
    public RowColumns<TRow> Add<T>(string type, Func<TRow, T> read)
    {
        var column = new T[rows.Count];
        var isOne = true;
        for (var i = 0; i < column.Length; i++)
        {
            column[i] = read(rows[i]);
            isOne &= EqualityComparer<T>.Default.Equals(column[i], column[0]);
        }
        values.Add(isOne ? column[0] : column);
        list.Add(isOne ? $"${values.Count}::{type}" : $"unnest(${values.Count}::{type}[])");
        return this;
    }
}
