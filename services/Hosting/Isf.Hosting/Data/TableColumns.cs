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

    private readonly HashSet<string> parts;
    private readonly Dictionary<string, string> renamed;
    private readonly HashSet<string> left;
    private readonly Lazy<List<Column>> columns;
    private readonly Lazy<Func<NpgsqlDataReader, int[], T>> reader;

    private TableColumns(HashSet<string> parts, Dictionary<string, string> renamed, HashSet<string> left)
    {
        (this.parts, this.renamed, this.left) = (parts, renamed, left);
        columns = new(() => [.. ColumnsOf(typeof(T), "")]);
        reader = new(CompileReader);
    }

    /// <summary>The columns by the names of the record's properties.</summary>
    public static TableColumns<T> ByName { get; } = new([], [], []);

    /// <summary>The names of the columns, separated by commas.</summary>
    public string Names => string.Join(", ", columns.Value.Select(column => column.Name));

    /// <summary>The assignments of an upsert that takes over all columns except its key.</summary>
    public string SetExcept(params string[] key)
    {
        var names = columns.Value.Select(column => column.Name).Except(key).ToList();
        return $"({string.Join(", ", names)}) = ({string.Join(", ", names.Select(name => "excluded." + name))})";
    }

    /// <summary>The properties of a part of the record are columns of their own.</summary>
    public TableColumns<T> WithPart(Expression<Func<T, object?>> part) => new([.. parts, PathOf(part)], renamed, left);

    /// <summary>A column has another name than its property.</summary>
    public TableColumns<T> Named(Expression<Func<T, object?>> property, string column) =>
        new(parts, new(renamed) { [PathOf(property)] = column }, left);

    /// <summary>A property has no column; a record that is read has the property's default value.</summary>
    public TableColumns<T> Without(Expression<Func<T, object?>> property) =>
        new(parts, renamed, [.. left, PathOf(property)]);

    /// <summary>The columns of these rows, to be inserted.</summary>
    /// <param name="rows">The rows, at least one.</param>
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

    private static string PathOf(Expression<Func<T, object?>> property)
    {
        var path = property.Body is UnaryExpression boxed ? boxed.Operand : property.Body;
        return path.ToString()[(property.Parameters[0].Name!.Length + 1)..];
    }

    private IEnumerable<Column> ColumnsOf(Type type, string path)
    {
        foreach (var property in PropertiesOf(type, path))
        {
            var ownPath = path + property.Name;
            if (parts.Contains(ownPath))
            {
                foreach (var column in ColumnsOf(property.PropertyType, ownPath + "."))
                    yield return column;
            }
            else
            {
                var name = renamed.GetValueOrDefault(ownPath)
                    ?? JsonNamingPolicy.SnakeCaseLower.ConvertName(property.Name);
                yield return new Column(ownPath, name, AdderOf(property.PropertyType, ownPath, name));
            }
        }
    }

    // A property without a setter is calculated from the others.
    private IEnumerable<PropertyInfo> PropertiesOf(Type type, string path) =>
        type.GetProperties(BindingFlags.Public | BindingFlags.Instance)
            .Where(property => property.CanWrite && !left.Contains(path + property.Name));

    private static Action<RowColumns<T>> AdderOf(Type type, string path, string name)
    {
        var row = Expression.Parameter(typeof(T), "row");
        var value = path.Split('.').Aggregate((Expression)row, Expression.Property);
        var valueOf = Expression.Lambda(typeof(Func<,>).MakeGenericType(typeof(T), type), value, row).Compile();
        var add = typeof(RowColumns<T>).GetMethods().Single(method => method.Name == nameof(RowColumns<T>.Add))
            .MakeGenericMethod(type);
        return list => add.Invoke(list, [name, valueOf]);
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
        Expression ValueOf(PropertyInfo property) => parts.Contains(path + property.Name)
            ? RecordOf(property.PropertyType, path + property.Name + ".", row, places)
            : ColumnTypes.Read(property.PropertyType, row, Expression.ArrayIndex(places, Expression.Constant(
                columns.Value.FindIndex(column => column.Path == path + property.Name))), MayBeNull(property));
        var made = constructor is null ? Expression.New(type)
            : Expression.New(constructor, given.Select(parameter => ValueOf(properties[parameter.Name!])));
        return Expression.MemberInit(made,
            properties.Values.ExceptBy(given.Select(parameter => parameter.Name), property => property.Name,
                StringComparer.OrdinalIgnoreCase)
            .Select(property => Expression.Bind(property, ValueOf(property))));
    }

    private static bool MayBeNull(PropertyInfo property) =>
        Nullability.Create(property).WriteState != NullabilityState.NotNull;

    private sealed record Column(string Path, string Name, Action<RowColumns<T>> Add);
}
