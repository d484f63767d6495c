using System.Security.Cryptography;
using System.Text;

namespace Isf.Support.Domain.Files;

/// <summary>
/// Ids of what has none in its file: from what does not change when it is sent again, so that it is known again.
/// </summary>
public static class DerivedId
{
    /// <summary>A letter that says of what, and 32 hexadecimal digits of SHA-256.</summary>
    public static string Derive(char what, string text) =>
        $"{what}-{Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text)).AsSpan(0, 16))}";
}
