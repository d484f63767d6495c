using System.Linq.Expressions;
using System.Runtime.CompilerServices;
using Npgsql;

namespace Isf.Hosting.Data;

/// <summary>
/// Reads the rows of a result as values of T: a record takes its columns by name, a tuple takes them in their order,
/// and a single value is the first column.
/// </summary>
internal static class RowReader<T>
{
    private static readonly Lazy<Func<NpgsqlDataReader, T>> ByPosition = new(Compile);

    /// <summary>The function that reads a T from each row of the result.</summary>
    public static Func<NpgsqlDataReader, T> Of(NpgsqlDataReader rows) =>
        IsTuple || ColumnTypes.IsKnown(typeof(T)) ? ByPosition.Value : TableColumns<T>.ByName.ReaderOf(rows);

    private static bool IsTuple => typeof(T).IsAssignableTo(typeof(ITuple));

    private static Func<NpgsqlDataReader, T> Compile()
    {
        var row = Expression.Parameter(typeof(NpgsqlDataReader));
        var types = IsTuple ? typeof(T).GetGenericArguments() : [typeof(T)];
        var values = types.Select((type, place) => ColumnTypes.Read(
            type, row, Expression.Constant(place), !type.IsValueType || Nullable.GetUnderlyingType(type) is not null));
        return Expression.Lambda<Func<NpgsqlDataReader, T>>(
            IsTuple ? Expression.New(typeof(T).GetConstructor(types)!, values) : values.Single(), row).Compile();
    }
}
