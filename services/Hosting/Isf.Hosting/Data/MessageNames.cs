using MassTransit;

namespace Isf.Hosting.Data;

/// <summary>The names of messages on the wire.</summary>
public static class MessageNames
{
    /// <summary>A message's name on the wire, such as isf:funds:budget-set:v1.</summary>
    public static string UrnOf(Type message)
    {
        const string prefix = "urn:message:";
        var urn = MessageUrn.ForTypeString(message);
        return urn.StartsWith(prefix, StringComparison.Ordinal) ? urn[prefix.Length..] : urn;
    }
}
