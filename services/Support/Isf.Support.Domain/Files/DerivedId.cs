using System.Security.Cryptography;
using System.Text;

namespace Isf.Support.Domain.Files;

/// <summary>
/// Derives ids for rows and groups that have none in their file, from text that stays the same when the row is sent
/// again, so that the row gets the same id again.
/// </summary>
public static class DerivedId
{
    /// <summary>One letter for the kind of id, and the first 32 hexadecimal digits of the text's SHA-256.</summary>
    public static string Derive(char what, string text) =>
        $"{what}-{Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text)).AsSpan(0, 16))}";
}
