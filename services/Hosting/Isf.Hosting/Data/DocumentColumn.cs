using System.Linq.Expressions;
using System.Reflection;

namespace Isf.Hosting.Data;

/// <summary>
/// A member of a document type that has a column of its own, because row-level security prevents an index on an
/// expression from being used.
/// </summary>
public sealed record DocumentColumn(LambdaExpression Path, string Name)
{
    /// <summary>The last member of the path.</summary>
    public MemberInfo Member =>
        ((MemberExpression)(Path.Body is UnaryExpression boxed ? boxed.Operand : Path.Body)).Member;
}
