using System.IO.Enumeration;
using System.Text;

namespace Isf.House.Tests;

/// <summary>
/// The repository from which these tests were built: all its files except those in .gitignore. The files are read from
/// disk, not from git, so that a copy without history is checked as well.
/// </summary>
public static class Repository
{
    /// <summary>The services in the order in which facts flow.</summary>
    public static readonly IReadOnlyList<string> Services =
        ["Funds", "Support", "Invoicing", "Ledger", "Reconciliation", "Statements"];

    private static readonly Lazy<IReadOnlyList<string>> AllPaths = new(() => Walk("").Order().ToList());

    private static readonly Lazy<IReadOnlyList<SourceFile>> AllFiles = new(() =>
        Paths.Where(path => !IsBinary(path, Bytes(path))).Select(Read).ToList());

    /// <summary>The folder with the solution.</summary>
    public static string Root { get; } = FindRoot();

    /// <summary>Every file's path from the root, with slashes.</summary>
    public static IReadOnlyList<string> Paths => AllPaths.Value;

    /// <summary>Every text file.</summary>
    public static IReadOnlyList<SourceFile> Files => AllFiles.Value;

    /// <summary>The bytes of one file.</summary>
    public static byte[] Bytes(string path) => File.ReadAllBytes(Path.Combine(Root, path));

    /// <summary>Whether a file is binary: by its extension, or by a zero byte near the start.</summary>
    public static bool IsBinary(string path, ReadOnlySpan<byte> bytes) =>
        BinaryEndings.Contains(Path.GetExtension(path).ToLowerInvariant())
        || bytes[..Math.Min(bytes.Length, 8000)].Contains((byte)0);

    private static readonly HashSet<string> BinaryEndings =
    [
        ".dll", ".exe", ".so", ".dylib", ".pdb", ".nupkg", ".snupkg", ".zip", ".gz", ".tgz", ".tar", ".xz", ".zst",
        ".7z", ".jar", ".class", ".o", ".a", ".bin", ".dump", ".deb", ".rpm", ".pfx", ".p12",
    ];

    private static readonly Lazy<IReadOnlyList<string>> Ignored = new(() =>
        File.ReadAllLines(Path.Combine(Root, ".gitignore"))
            .Select(line => line.Trim())
            .Where(line => line.Length > 0 && !line.StartsWith('#'))
            .Append(".git")
            .Select(line => line.Trim('/'))
            .ToList());

    private static SourceFile Read(string path) => new(path, Encoding.UTF8.GetString(Bytes(path)));

    private static IEnumerable<string> Walk(string folder)
    {
        foreach (var entry in new DirectoryInfo(Path.Combine(Root, folder)).EnumerateFileSystemInfos())
        {
            if (Ignored.Value.Any(pattern => FileSystemName.MatchesSimpleExpression(pattern, entry.Name)))
                continue;

            var path = folder.Length == 0 ? entry.Name : $"{folder}/{entry.Name}";
            if (entry is DirectoryInfo)
            {
                foreach (var below in Walk(path))
                    yield return below;
            }
            else
            {
                yield return path;
            }
        }
    }

    private static string FindRoot()
    {
        for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            if (File.Exists(Path.Combine(folder.FullName, "IsfPlatform.sln")))
                return folder.FullName;
        }

        throw new InvalidOperationException($"No IsfPlatform.sln above {AppContext.BaseDirectory}");
    }
}
