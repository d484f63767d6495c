using System.Linq.Expressions;
using Isf.Funds.Domain;
using Marten.Linq.MatchesSql;

namespace Isf.Funds.People;

/// <summary>The query condition for people of a nation; the nation is given in api.md's word for it.</summary>
internal static class PersonTable
{
    internal static Expression<Func<Person, bool>> OfNation(string name) =>
        person => person.MatchesSql("d.data #>> '{details,nation}' = ?", name);
}
