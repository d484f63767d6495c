using System.Linq.Expressions;
using Isf.Hosting.Serialization;
using Isf.Measures;
using NodaTime;
using Npgsql;

namespace Isf.Hosting.Data;

/// <summary>How values of a type are written to a column and read from it.</summary>
/// <param name="sql">The column's PostgreSQL type.</param>
internal abstract class ColumnType<T>(string sql)
{
    /// <summary>
    /// The column type of T. A type without an entry in <see cref="ColumnTypes"/> is an enum, stored as its word in
    /// kebab-case, or a value that is stored as JSON.
    /// </summary>
    public static ColumnType<T> Instance { get; } = ColumnTypes.Create<T>();

    /// <summary>The column's PostgreSQL type.</summary>
    public string Sql => sql;

    /// <summary>Reads a column that is not null.</summary>
    public abstract T Read(NpgsqlDataReader row, int column);

    /// <summary>
    /// The value of the parameter for a column of rows that are to be written: an array with a value for each row, or,
    /// if <paramref name="mayBeOne"/> and all rows have the same value, that value.
    /// </summary>
    public abstract (object? Value, bool IsOne) ParameterOf<TRow>(
        IReadOnlyList<TRow> rows, Func<TRow, T> valueOf, bool mayBeOne);

    /// <inheritdoc cref="ParameterOf{TRow}" />
    protected static (object? Value, bool IsOne) Parameter<TRow, TStored>(
        IReadOnlyList<TRow> rows, Func<TRow, TStored> valueOf, bool mayBeOne)
    {
        var column = new TStored[rows.Count];
        mayBeOne &= column.Length > 0;
        for (var i = 0; i < column.Length; i++)
        {
            column[i] = valueOf(rows[i]);
            mayBeOne &= EqualityComparer<TStored>.Default.Equals(column[i], column[0]);
        }
        return mayBeOne ? (column[0], true) : (column, false);
    }
}

/// <summary>The column types by the type of their values.</summary>
internal static class ColumnTypes
{
    private static readonly Dictionary<Type, object> Known = new()
    {
        [typeof(string)] = new Plain<string>("text"),
        [typeof(bool)] = new Plain<bool>("bool"),
        [typeof(bool?)] = new Plain<bool?>("bool"),
        [typeof(short)] = new Plain<short>("smallint"),
        [typeof(short?)] = new Plain<short?>("smallint"),
        [typeof(int)] = new Plain<int>("int"),
        [typeof(int?)] = new Plain<int?>("int"),
        [typeof(long)] = new Plain<long>("bigint"),
        [typeof(long?)] = new Plain<long?>("bigint"),
        [typeof(decimal)] = new Plain<decimal>("numeric"),
        [typeof(decimal?)] = new Plain<decimal?>("numeric"),
        [typeof(Guid)] = new Plain<Guid>("uuid"),
        [typeof(Guid?)] = new Plain<Guid?>("uuid"),
        [typeof(LocalDate)] = new Plain<LocalDate>("date"),
        [typeof(LocalDate?)] = new Plain<LocalDate?>("date"),
        [typeof(LocalDateTime)] = new Plain<LocalDateTime>("timestamp"),
        [typeof(LocalDateTime?)] = new Plain<LocalDateTime?>("timestamp"),
        [typeof(Instant)] = new Plain<Instant>("timestamptz"),
        [typeof(Instant?)] = new Plain<Instant?>("timestamptz"),
        [typeof(byte[])] = new Plain<byte[]>("bytea"),
        [typeof(string[])] = new Plain<string[]>("text[]"),
        [typeof(short[])] = new Plain<short[]>("smallint[]"),
        [typeof(long[])] = new Plain<long[]>("bigint[]"),
        // Moments are stored without their offset and read with London's.
        [typeof(OffsetDateTime)] =
            new Converted<OffsetDateTime, Instant>("timestamptz", moment => moment.ToInstant(), London.At),
        [typeof(OffsetDateTime?)] =
            new Converted<OffsetDateTime?, Instant?>("timestamptz", moment => moment?.ToInstant(),
                moment => London.At(moment!.Value)),
        [typeof(ReadOnlyMemory<byte>)] =
            new Converted<ReadOnlyMemory<byte>, byte[]>("bytea", bytes => bytes.ToArray(), bytes => bytes),
        [typeof(Money)] = new Converted<Money, long>("bigint", amount => amount.Pence, Money.OfPence),
        [typeof(Minutes)] = new Converted<Minutes, long>("bigint", length => length.Count, count => new(count)),
        [typeof(Minutes?)] =
            new Converted<Minutes?, long?>("bigint", length => length?.Count, count => new Minutes(count!.Value)),
    };

    /// <summary>Whether a value of this type fills a column of its own type, and is not stored as JSON.</summary>
    public static bool IsKnown(Type type) =>
        Known.ContainsKey(type) || (Nullable.GetUnderlyingType(type) ?? type).IsEnum;

    /// <summary>An expression that reads a column of a row as a value of the type.</summary>
    /// <param name="type">The type of the value.</param>
    /// <param name="row">The row, an NpgsqlDataReader.</param>
    /// <param name="column">The number of the column.</param>
    /// <param name="mayBeNull">Whether a null in the column is the default value; otherwise reading it throws.</param>
    /// <param name="own">The column's own type, a ColumnType; null for that of the values' type.</param>
    public static Expression Read(Type type, Expression row, Expression column, bool mayBeNull, object? own = null)
    {
        var columnType = typeof(ColumnType<>).MakeGenericType(type);
        var instance = own ?? columnType.GetProperty(nameof(ColumnType<>.Instance))!.GetValue(null);
        var read = Expression.Call(
            Expression.Constant(instance, columnType), nameof(ColumnType<>.Read), null, row, column);
        return !mayBeNull ? read : Expression.Condition(
            Expression.Call(row, nameof(NpgsqlDataReader.IsDBNull), null, column), Expression.Default(type), read);
    }

    /// <summary>The column type for values of T.</summary>
    public static ColumnType<T> Create<T>()
    {
        if (Known.TryGetValue(typeof(T), out var known))
            return (ColumnType<T>)known;
        var words = (Nullable.GetUnderlyingType(typeof(T)) ?? typeof(T)).IsEnum;
        return words
            ? new Converted<T, string?>("text", EnumWords<T>.WordOf, word => EnumWords<T>.ValueOf(word!))
            : new Converted<T, Json?>("jsonb", value => value is null ? null : Json.From(value), null);
    }

    /// <summary>A column type for values of T that are stored as another type of value.</summary>
    public static ColumnType<T> Stored<T, TStored>(Func<T, TStored> write, Func<TStored, T> read) =>
        new Converted<T, TStored>(ColumnType<TStored>.Instance.Sql, write, read);

    private sealed class Plain<T>(string sql) : ColumnType<T>(sql)
    {
        public override T Read(NpgsqlDataReader row, int column) => row.GetFieldValue<T>(column);

        public override (object? Value, bool IsOne) ParameterOf<TRow>(
            IReadOnlyList<TRow> rows, Func<TRow, T> valueOf, bool mayBeOne) => Parameter(rows, valueOf, mayBeOne);
    }

    // A column of JSON has no function for reading, because Npgsql reads it as text.
    private sealed class Converted<T, TStored>(string sql, Func<T, TStored> write, Func<TStored, T>? read)
        : ColumnType<T>(sql)
    {
        public override T Read(NpgsqlDataReader row, int column) => read is null
            ? IsfJson.Read<T>(row.GetString(column)) : read(row.GetFieldValue<TStored>(column));

        public override (object? Value, bool IsOne) ParameterOf<TRow>(
            IReadOnlyList<TRow> rows, Func<TRow, T> valueOf, bool mayBeOne) =>
            Parameter(rows, row => write(valueOf(row)), mayBeOne);
    }
}
