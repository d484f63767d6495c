using System.Linq.Expressions;
using System.Reflection;

namespace Isf.Hosting.Data;

/// <summary>A member of documents that lies in a column of its own: row security lets its index be used.</summary>
public sealed record DocumentColumn(LambdaExpression Path, string Name)
{
    /// <summary>The member that the path ends in.</summary>
    public MemberInfo Member =>
        ((MemberExpression)(Path.Body is UnaryExpression boxed ? boxed.Operand : Path.Body)).Member;
}
