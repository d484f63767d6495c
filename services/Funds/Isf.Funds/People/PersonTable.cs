using System.Linq.Expressions;
using Isf.Funds.Domain;
using Marten.Linq.MatchesSql;

namespace Isf.Funds.People;

/// <summary>People whose nation is the word that api.md has for it.</summary>
internal static class PersonTable
{
    internal static Expression<Func<Person, bool>> OfNation(string word) =>
        person => person.MatchesSql("d.data #>> '{details,nation}' = ?", word);
}
