using System.Security.Cryptography;

namespace Isf.Ledger.Domain;

/// <summary>
/// Binds a journal to personal words that are stored elsewhere, by a SHA-256 over the person's salt and the words.
/// Anyone who has both can show that the words belong to the journal. Once words and salt are erased, the commitment
/// reveals nothing, and the chain of hashes still holds (design §4, Tamper-evident).
/// </summary>
public static class Commitment
{
    /// <summary>The commitment, in hexadecimal: 64 lower-case letters and digits.</summary>
    public static string Compute(string salt, string text)
    {
        ArgumentException.ThrowIfNullOrEmpty(salt);
        var bytes = CanonicalBytes.ForThisThread();
        bytes.Add("isf-words-1");
        bytes.Add(salt);
        bytes.Add(text);
        return Convert.ToHexStringLower(SHA256.HashData(bytes.Written));
    }
}
