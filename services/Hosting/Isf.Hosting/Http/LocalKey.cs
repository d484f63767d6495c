using System.Security.Cryptography;
using System.Text;
using Microsoft.IdentityModel.Tokens;

namespace Isf.Hosting.Http;

/// <summary>
/// The key of local mode, under .isf/: it is read for every token, so that a new one counts at once in every process.
/// Only its owner can read the file, from its first byte on.
/// </summary>
public static class LocalKey
{
    private const int Bytes = 32;

    /// <summary>The key, made at first use; two processes that make it at once end with the same one.</summary>
    public static SymmetricSecurityKey LoadOrCreate(string home)
    {
        var file = FileOf(home);
        if (!File.Exists(file))
        {
            MakeOnce(file);
        }
        var key = File.ReadAllBytes(file);
        return new SymmetricSecurityKey(key) { KeyId = IdOf(key) };
    }

    /// <summary>Takes a new key in place of the old one: every token made before is refused from now on.</summary>
    public static SymmetricSecurityKey Rotate(string home)
    {
        Place(FileOf(home));
        return LoadOrCreate(home);
    }

    /// <summary>
    /// The key under which the log names callers: whoever has the log alone can neither tell who they are nor try out
    /// names.
    /// </summary>
    public static byte[] ForLog(string home)
    {
        var file = Path.Combine(home, ".isf", "log.key");
        if (!File.Exists(file))
            MakeOnce(file);
        return File.ReadAllBytes(file);
    }

    private static string FileOf(string home) => Path.Combine(home, ".isf", "signing.key");

    // From the key itself, so that every process knows it by the same id; nothing of the key can be read from it.
    private static string IdOf(byte[] key) =>
        Convert.ToHexStringLower(HMACSHA256.HashData(key, "isf local key"u8))[..16];

    // A move that must not overwrite looks first and moves then: two at once would each have a key of their own.
    private static void MakeOnce(string file)
    {
        var name = Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(Path.GetFullPath(file))))[..16];
        using var alone = new Mutex(initiallyOwned: false, $"Global\\isf-key-{name}");
        try
        {
            alone.WaitOne();
        }
        catch (AbandonedMutexException)
        {
            // Whoever held it ended before it was done: it is ours now.
        }
        try
        {
            if (!File.Exists(file))
                Place(file);
        }
        finally
        {
            alone.ReleaseMutex();
        }
    }

    private static void Place(string file)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(file)!);
        var mine = $"{file}.{Path.GetRandomFileName()}";
        using (var written = new FileStream(mine, OwnersOnly()))
        {
            written.Write(RandomNumberGenerator.GetBytes(Bytes));
        }
        File.Move(mine, file, overwrite: true);
    }

    private static FileStreamOptions OwnersOnly()
    {
        var options = new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.Write };
        if (!OperatingSystem.IsWindows())
        {
            options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        }
        return options;
    }
}
