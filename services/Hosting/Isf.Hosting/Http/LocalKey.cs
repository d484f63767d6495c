using System.Security.Cryptography;
using System.Text;
using Microsoft.IdentityModel.Tokens;

namespace Isf.Hosting.Http;

/// <summary>
/// The signing key of local mode, a file under .isf/. The file is read for every token, so that a new key takes effect
/// at once in every process. From the moment when the file is created, only its owner can read it.
/// </summary>
public static class LocalKey
{
    private const int Bytes = 32;

    /// <summary>
    /// Loads the key, or creates it at first use; two processes that do so at once end with the same key.
    /// </summary>
    public static SymmetricSecurityKey LoadOrCreate(string home)
    {
        var file = FileOf(home);
        if (!File.Exists(file))
            MakeOnce(file);
        var key = File.ReadAllBytes(file);
        return new SymmetricSecurityKey(key) { KeyId = IdOf(key) };
    }

    /// <summary>Replaces the key, so that every token signed with the old key is refused from now on.</summary>
    public static SymmetricSecurityKey Rotate(string home)
    {
        Place(FileOf(home));
        return LoadOrCreate(home);
    }

    /// <summary>
    /// The key that hashes callers' names for the log, created at first use. Without the key, a reader of the log
    /// cannot tell who a caller is, and cannot hash a guessed name to look for it in the log.
    /// </summary>
    public static byte[] ForLog(string home)
    {
        var file = Path.Combine(home, ".isf", "log.key");
        if (!File.Exists(file))
            MakeOnce(file);
        return File.ReadAllBytes(file);
    }

    private static string FileOf(string home) => Path.Combine(home, ".isf", "signing.key");

    // The id is derived from the key, so that every process gives the key the same id; the id reveals nothing of the
    // key.
    private static string IdOf(byte[] key) =>
        Convert.ToHexStringLower(HMACSHA256.HashData(key, "isf local key"u8))[..16];

    // Without overwriting, File.Move first checks for the file and then moves. Two processes that start at once could
    // therefore use different keys, which the mutex prevents.
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
            // The process that held the mutex ended before it had made the key, so this process makes it.
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
            written.Write(RandomNumberGenerator.GetBytes(Bytes));
        File.Move(mine, file, overwrite: true);
    }

    private static FileStreamOptions OwnersOnly()
    {
        var options = new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.Write };
        if (!OperatingSystem.IsWindows())
            options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        return options;
    }
}
