using System.Text.RegularExpressions;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Xunit;

namespace Isf.House.Tests;

/// <summary>
/// Every route names the roles that it allows, or states that it allows anyone (api.md, “Who is calling”).
/// </summary>
public sealed partial class RouteTests
{
    /// <summary>Routes that name no role.</summary>
    public static IEnumerable<Finding> NamesNoRole(IEnumerable<SourceFile> files) =>
        from file in files
        where file.IsCSharp && file.IsUnder("services")
        from call in file.All<InvocationExpressionSyntax>()
        where call.Expression is MemberAccessExpressionSyntax access && Maps(access.Name.Identifier.Text, call)
        where !ChainOf(call).Any(name => name is "RequireRoles" or "AllowAnyone" or "Admitted")
        select file.Found(
            ((MemberAccessExpressionSyntax)call.Expression).Name,
            $"{((MemberAccessExpressionSyntax)call.Expression).Name}({call.ArgumentList.Arguments.FirstOrDefault()}) "
            + "names no role: end it in .RequireRoles(…) or .AllowAnyone()");

    /// <summary>Handlers in a service's table of contents whose names do not begin with what the route does.</summary>
    public static IEnumerable<Finding> MisnamedHandlers(IEnumerable<SourceFile> files) =>
        from file in files
        where file.IsCSharp && file.IsUnder("services") && file.Name.EndsWith("Service.cs", StringComparison.Ordinal)
        from call in file.All<InvocationExpressionSyntax>()
        where call.Expression is MemberAccessExpressionSyntax access
            && access.Name.Identifier.Text is "MapGet" or "MapPut" or "MapPost" or "MapDelete"
        let verb = ((MemberAccessExpressionSyntax)call.Expression).Name.Identifier.Text[3..]
        let handler = call.ArgumentList.Arguments.Last().DescendantNodes().OfType<MemberAccessExpressionSyntax>()
            .Select(access => access.Name.Identifier).FirstOrDefault()
        where handler.Text is { Length: > 0 } name && !name.StartsWith(verb, StringComparison.Ordinal)
            && !(verb == "Get" && name.StartsWith("List", StringComparison.Ordinal))
        select file.Found(handler, $"{handler.Text} handles a {verb.ToUpperInvariant()}: begin it with {verb}");

    // A service's own Map(group) is not a route; the framework's Map takes a path and a handler. Routes maps what its
    // callers name, and their calls are checked.
    private static bool Maps(string name, InvocationExpressionSyntax call) =>
        Map().IsMatch(name) || (name == "Map" && call.ArgumentList.Arguments.Count > 1
            && !call.Expression.ToString().StartsWith("RouteHandlerServices.", StringComparison.Ordinal));

    // Returns the names of the calls that are chained to a call. RequireRoles without a role does not count.
    private static IEnumerable<string> ChainOf(InvocationExpressionSyntax call)
    {
        SyntaxNode at = call;
        while (at.Parent is MemberAccessExpressionSyntax access && access.Expression == at
            && access.Parent is InvocationExpressionSyntax next)
        {
            if (access.Name.Identifier.Text != "RequireRoles" || next.ArgumentList.Arguments.Count > 0)
                yield return access.Name.Identifier.Text;
            if (next.ArgumentList.Arguments is [{ Expression: ObjectCreationExpressionSyntax made }])
                yield return made.Type.ToString();
            at = next;
        }
    }

    [GeneratedRegex("^Map(Get|Put|Post|Delete|Patch|Methods|Fallback|HealthChecks|OpenApi)$")]
    private static partial Regex Map();

    private static IEnumerable<Finding> Of(string call) => NamesNoRole(Rule.Sample(
        "services/Funds/Isf.Funds/FundsService.cs", $"class A {{ void B(R routes) {{ {call}; }} }}"));

    [Fact]
    public void Every_route_names_the_roles_it_admits() =>
        Rule.Holds("routes name their roles", NamesNoRole(Repository.Files));

    [Fact]
    public void Handlers_bear_the_verb_of_their_route() =>
        Rule.Holds("handlers begin with their verb (design §8.14)", MisnamedHandlers(Repository.Files));

    [Fact]
    public void A_misnamed_handler_is_found() =>
        Rule.Finds(
            MisnamedHandlers(Rule.Sample("services/Funds/Isf.Funds/FundsService.cs", """
                class A
                {
                    void B(R routes)
                    {
                        routes.MapGet("/a", Show.GetAsync);
                        routes.MapGet("/b", Show.ListAsync);
                        routes.MapPut("/c", Show.StoreAsync);
                        routes.MapPost("/d", Show.PostReceiptAsync);
                    }
                }
                """)),
            "FundsService.cs:7: StoreAsync handles a PUT");

    [Theory]
    [InlineData("routes.MapGet(\"/v1/a\", A)")]
    [InlineData("routes.MapPut(\"/v1/a\", A).WithName(\"x\")")]
    [InlineData("routes.MapPost(\"/v1/a\", () => x.RequireRoles(1))")]
    [InlineData("routes.MapMethods(\"/v1/a\", verbs, A)")]
    [InlineData("routes.Map(\"/v1/a\", A)")]
    [InlineData("routes.MapGet(\"/v1/a\", A).RequireRoles()")]
    public void A_route_that_names_none_is_found(string call) => Rule.Finds(Of(call), "names no role");

    [Theory]
    [InlineData("routes.MapGet(\"/v1/a\", A).RequireRoles(Role.Auditor)")]
    [InlineData("routes.MapPut(\"/v1/a\", A).WithName(\"x\").RequireRoles(Role.HolderAdmin, Role.Auditor)")]
    [InlineData("routes.MapGet(\"/health/live\", A).AllowAnyone()")]
    [InlineData("routes.MapOpenApi(\"/openapi\").WithMetadata(new Admitted(anyone))")]
    [InlineData("service.Map(group)")]
    public void A_route_that_names_its_roles_passes(string call) => Rule.Finds(Of(call));
}
