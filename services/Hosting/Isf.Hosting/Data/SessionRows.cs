using Npgsql;

namespace Isf.Hosting.Data;

/// <summary>The rows that a session reads, now and in its transaction.</summary>
public sealed partial class Session
{
    /// <summary>
    /// Reads rows as values of T. A record takes its columns by name (<see cref="TableColumns{T}"/>), a tuple takes
    /// them in their order, and a single value is the first column.
    /// </summary>
    public Task<List<T>> RowsAsync<T>(string sql, params object?[] args) => RowsAsync(RowReader<T>.Of, sql, args);

    /// <summary>Reads rows as records with these columns.</summary>
    public Task<List<T>> RowsAsync<T>(TableColumns<T> columns, string sql, params object?[] args) =>
        RowsAsync(columns.ReaderOf, sql, args);

    /// <summary>Reads rows as values of TRow, and makes a T of each.</summary>
    public async Task<List<T>> RowsAsync<TRow, T>(string sql, Func<TRow, T> map, params object?[] args) =>
        (await RowsAsync(RowReader<TRow>.Of, sql, args)).ConvertAll(row => map(row));

    /// <summary>Reads rows as records with these columns, and makes a T of each.</summary>
    public async Task<List<T>> RowsAsync<TRow, T>(
        TableColumns<TRow> columns, string sql, Func<TRow, T> map, params object?[] args) =>
        (await RowsAsync(columns.ReaderOf, sql, args)).ConvertAll(row => map(row));

    /// <summary>Reads rows with a function of the caller's.</summary>
    public Task<List<T>> RowsAsync<T>(string sql, Func<NpgsqlDataReader, T> read, params object?[] args) =>
        RowsAsync(_ => read, sql, args);

    private async Task<List<T>> RowsAsync<T>(
        Func<NpgsqlDataReader, Func<NpgsqlDataReader, T>> readerOf, string sql, object?[] args)
    {
        var batch = await BatchAsync(Command(sql, args));
        hasRead = true;
        return await TimelyAsync(ListAsync());

        async Task<List<T>> ListAsync()
        {
            await using var executed = batch;
            await using var reader = await executed.ExecuteReaderAsync(stop);
            var (read, rows) = (readerOf(reader), new List<T>());
            while (await reader.ReadAsync(stop))
                rows.Add(read(reader));
            return rows;
        }
    }
}
