using System.Linq.Expressions;
using System.Reflection;
using System.Text.Json;
using Npgsql;

namespace Isf.Hosting.Data;

/// <summary>
/// The columns of a record: one for each property that can be set, with the property's name in snake_case. A table or a
/// query lists the columns nowhere else, so a new property is a new column of every statement.
/// </summary>
/// <typeparam name="T">The record, which describes one row.</typeparam>
public sealed class TableColumns<T>
{
    private static readonly NullabilityInfoContext Nullability = new();

    private readonly ColumnShape shape;
    private readonly Lazy<List<Column>> columns;
    private readonly Lazy<Func<NpgsqlDataReader, int[], T>> reader;

    private TableColumns(ColumnShape shape)
    {
        this.shape = shape;
        columns = new(() => [.. ColumnsOf(typeof(T), "")]);
        reader = new(CompileReader);
    }

    /// <summary>The columns by the names of the record's properties.</summary>
    public static TableColumns<T> ByName { get; } = new(new([], [], [], []));

    /// <summary>The names of the columns, separated by commas.</summary>
    public string Names => string.Join(", ", columns.Value.Select(column => column.Name));

    /// <summary>The assignments of an upsert that takes over all columns except its key.</summary>
    public string SetExcept(params string[] key)
    {
        var names = columns.Value.Select(column => column.Name).Except(key).ToList();
        return $"({string.Join(", ", names)}) = ({string.Join(", ", names.Select(name => "excluded." + name))})";
    }

    /// <summary>
    /// The properties of a part of the record are columns of their own. A part that may be null is only read, and is
    /// null if its first column is.
    /// </summary>
    public TableColumns<T> WithPart(Expression<Func<T, object?>> part) =>
        new(shape with { Parts = [.. shape.Parts, PathOf(part)] });

    /// <summary>The properties of a part of the record are the columns of another record.</summary>
    public TableColumns<T> WithPart<TPart>(Expression<Func<T, TPart>> part, TableColumns<TPart> partColumns) =>
        new(shape.With(PathOf(part), partColumns.shape));

    /// <summary>A column has another name than its property.</summary>
    public TableColumns<T> Named(Expression<Func<T, object?>> property, string column) =>
        new(shape with { Names = new(shape.Names) { [PathOf(property)] = column } });

    /// <summary>A property is stored as another type of value.</summary>
    public TableColumns<T> StoredAs<TValue, TStored>(
        Expression<Func<T, TValue>> property, Func<TValue, TStored> write, Func<TStored, TValue> read) =>
        new(shape with { Types = new(shape.Types) { [PathOf(property)] = ColumnTypes.Stored(write, read) } });

    /// <summary>A property has no column; a record that is read has the property's default value.</summary>
    public TableColumns<T> Without(Expression<Func<T, object?>> property) =>
        new(shape with { Omitted = [.. shape.Omitted, PathOf(property)] });

    /// <summary>The columns of these rows, to be inserted.</summary>
    public RowColumns<T> Of(IReadOnlyList<T> rows)
    {
        var list = new RowColumns<T>(rows);
        foreach (var column in columns.Value)
            column.Add(list);
        return list;
    }

    /// <summary>The function that reads a record from each row of a result, with the columns found by name.</summary>
    internal Func<NpgsqlDataReader, T> ReaderOf(NpgsqlDataReader rows)
    {
        var places = columns.Value.ConvertAll(column => rows.GetOrdinal(column.Name)).ToArray();
        var read = reader.Value;
        return row => read(row, places);
    }

    private static string PathOf<TValue>(Expression<Func<T, TValue>> property)
    {
        var path = property.Body is UnaryExpression boxed ? boxed.Operand : property.Body;
        return path.ToString()[(property.Parameters[0].Name!.Length + 1)..];
    }

    private IEnumerable<Column> ColumnsOf(Type type, string path)
    {
        foreach (var property in PropertiesOf(type, path))
        {
            var ownPath = path + property.Name;
            if (shape.Parts.Contains(ownPath))
            {
                foreach (var column in ColumnsOf(property.PropertyType, ownPath + "."))
                    yield return column;
            }
            else
            {
                var name = shape.Names.GetValueOrDefault(ownPath)
                    ?? JsonNamingPolicy.SnakeCaseLower.ConvertName(property.Name);
                var add = typeof(TableColumns<T>).GetMethod(
                    nameof(AdderOf), BindingFlags.NonPublic | BindingFlags.Instance)!;
                yield return new Column(ownPath, name, (Action<RowColumns<T>>)add
                    .MakeGenericMethod(property.PropertyType).Invoke(this, [ownPath, name])!);
            }
        }
    }

    // A property without a setter is calculated from the others.
    private IEnumerable<PropertyInfo> PropertiesOf(Type type, string path) =>
        type.GetProperties(BindingFlags.Public | BindingFlags.Instance)
            .Where(property => property.CanWrite && !shape.Omitted.Contains(path + property.Name));

    private Action<RowColumns<T>> AdderOf<TValue>(string path, string name)
    {
        var row = Expression.Parameter(typeof(T), "row");
        var value = path.Split('.').Aggregate((Expression)row, Expression.Property);
        var valueOf = Expression.Lambda<Func<T, TValue>>(value, row).Compile();
        var type = (ColumnType<TValue>?)shape.Types.GetValueOrDefault(path) ?? ColumnType<TValue>.Instance;
        return list => list.Add(name, type, valueOf);
    }

    private Func<NpgsqlDataReader, int[], T> CompileReader()
    {
        var (row, places) = (Expression.Parameter(typeof(NpgsqlDataReader)), Expression.Parameter(typeof(int[])));
        var record = RecordOf(typeof(T), "", row, places);
        return Expression.Lambda<Func<NpgsqlDataReader, int[], T>>(record, row, places).Compile();
    }

    private MemberInitExpression RecordOf(Type type, string path, Expression row, Expression places)
    {
        var constructor = type.GetConstructors().MaxBy(one => one.GetParameters().Length);
        var given = constructor?.GetParameters() ?? [];
        var properties = PropertiesOf(type, path)
            .ToDictionary(property => property.Name, StringComparer.OrdinalIgnoreCase);
        var made = constructor is null ? Expression.New(type)
            : Expression.New(constructor, given.Select(parameter =>
                ValueOf(properties[parameter.Name!], path, row, places)));
        return Expression.MemberInit(made, properties.Values
            .Where(property => !given.Any(parameter =>
                string.Equals(parameter.Name, property.Name, StringComparison.OrdinalIgnoreCase)))
            .Select(property => Expression.Bind(property, ValueOf(property, path, row, places))));
    }

    private Expression ValueOf(PropertyInfo property, string path, Expression row, Expression places)
    {
        var ownPath = path + property.Name;
        var mayBeNull = Nullability.Create(property).WriteState != NullabilityState.NotNull;
        if (!shape.Parts.Contains(ownPath))
        {
            var place = PlaceOf(column => column.Path == ownPath, places);
            return ColumnTypes.Read(
                property.PropertyType, row, place, mayBeNull, shape.Types.GetValueOrDefault(ownPath));
        }
        var part = RecordOf(property.PropertyType, ownPath + ".", row, places);
        return !mayBeNull ? part : Expression.Condition(
            Expression.Call(row, nameof(NpgsqlDataReader.IsDBNull), null, PlaceOf(
                column => column.Path.StartsWith(ownPath + ".", StringComparison.Ordinal), places)),
            Expression.Default(property.PropertyType), Expression.Convert(part, property.PropertyType));
    }

    private BinaryExpression PlaceOf(Predicate<Column> match, Expression places) =>
        Expression.ArrayIndex(places, Expression.Constant(columns.Value.FindIndex(match)));

    private sealed record Column(string Path, string Name, Action<RowColumns<T>> Add);
}

/// <summary>
/// How the columns of a record differ from its properties, by the properties' paths: the parts whose properties are
/// columns of their own, the names and the column types that differ, and the properties without a column.
/// </summary>
internal sealed record ColumnShape(HashSet<string> Parts, Dictionary<string, string> Names,
    Dictionary<string, object> Types, HashSet<string> Omitted)
{
    /// <summary>The shape with a part that has a shape of its own.</summary>
    public ColumnShape With(string part, ColumnShape own)
    {
        string Of(string path) => $"{part}.{path}";
        return new([.. Parts, part, .. own.Parts.Select(Of)],
            Names.Concat(own.Names.Select(name => KeyValuePair.Create(Of(name.Key), name.Value))).ToDictionary(),
            Types.Concat(own.Types.Select(type => KeyValuePair.Create(Of(type.Key), type.Value))).ToDictionary(),
            [.. Omitted, .. own.Omitted.Select(Of)]);
    }
}
