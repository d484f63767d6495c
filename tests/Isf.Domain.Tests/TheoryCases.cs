using Xunit;

namespace Isf.Domain.Tests;

/// <summary>Turns tables and combinations into the cases of a theory.</summary>
internal static class TheoryCases
{
    public static TheoryData<T1, T2> ToTheoryData<T1, T2>(this IEnumerable<(T1, T2)> rows)
    {
        var cases = new TheoryData<T1, T2>();
        foreach (var (first, second) in rows)
            cases.Add(first, second);
        return cases;
    }

    public static TheoryData<T1, T2, T3, T4> ToTheoryData<T1, T2, T3, T4>(
        this IEnumerable<(T1, T2, T3, T4)> rows)
    {
        var cases = new TheoryData<T1, T2, T3, T4>();
        foreach (var (first, second, third, fourth) in rows)
            cases.Add(first, second, third, fourth);
        return cases;
    }

    public static TheoryData<T1, T2, T3> ToTheoryData<T1, T2, T3>(this IEnumerable<(T1, T2, T3)> rows)
    {
        var cases = new TheoryData<T1, T2, T3>();
        foreach (var (first, second, third) in rows)
            cases.Add(first, second, third);
        return cases;
    }
}
