namespace Isf.Hosting.Data;

/// <summary>
/// Builds the statement that inserts many rows, with one parameter for each column. The parameter is an array, which
/// PostgreSQL expands row by row. A column with the same value in all rows, like half the columns of most visit files,
/// is a scalar parameter instead, which need not be expanded.
/// </summary>
/// <param name="rows">The rows.</param>
public sealed class RowColumns<TRow>(IReadOnlyList<TRow> rows)
{
    private readonly List<string> names = [];
    private readonly List<string> list = [];
    private readonly List<object?> values = [];

    /// <summary>All parameters.</summary>
    public object?[] Values => [.. values];

    /// <summary>Adds a column whose PostgreSQL type follows from the type of its values.</summary>
    public RowColumns<TRow> Add<T>(string name, Func<TRow, T> valueOf) => Add(name, ColumnType<T>.Instance, valueOf);

    internal RowColumns<TRow> Add<T>(string name, ColumnType<T> type, Func<TRow, T> valueOf)
    {
        // The first column is always an array, so that the statement makes as many rows as there are.
        var (value, isOne) = type.ParameterOf(rows, valueOf, mayBeOne: names.Count > 0);
        names.Add(name);
        values.Add(value);
        list.Add(isOne ? $"${values.Count}::{type.Sql}" : $"unnest(${values.Count}::{type.Sql}[])");
        return this;
    }

    /// <summary>The statement that inserts the rows; <paramref name="rest"/> says what happens to known rows.</summary>
    public string InsertInto(string table, string rest = "") =>
        $"insert into {table} ({string.Join(", ", names)}) select {string.Join(", ", list)} {rest}".TrimEnd();
}
