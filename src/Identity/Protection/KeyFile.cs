using System.Security.Cryptography;

namespace Guerdon.Identity.Protection;

/// <summary>
/// The file with the secret that what is encrypted in the database cannot be read without: 32 random bytes as one line
/// of base64, for Guerdon's account alone.
/// </summary>
public static class KeyFile
{
    /// <summary>The setting that names it.</summary>
    public const string Setting = "Database:KeyFile";

    private const string Variable = "GUERDON_KEY_FILE";
    private const string OwnName = "data.key";
    private const int SecretBytes = 32;
    private const int MostBytes = 256;
    private const UnixFileMode OwnerOnly = UnixFileMode.UserRead | UnixFileMode.UserWrite;
    private const UnixFileMode Others = UnixFileMode.GroupRead | UnixFileMode.GroupWrite | UnixFileMode.GroupExecute
        | UnixFileMode.OtherRead | UnixFileMode.OtherWrite | UnixFileMode.OtherExecute;

    private static readonly string HowTo =
        $"make one with: (umask 077 && head -c {SecretBytes} /dev/urandom | base64 > FILE)";

    /// <summary>
    /// The file that <c>GUERDON_KEY_FILE</c> names; else the private cluster's own, beside its data, made where it is
    /// missing; else null.
    /// </summary>
    /// <param name="clusterFolder">Where the private cluster is; null with a server of somebody's.</param>
    public static string? Find(string? clusterFolder)
    {
        var named = Environment.GetEnvironmentVariable(Variable);
        if (!string.IsNullOrWhiteSpace(named)) return Path.GetFullPath(named);
        if (clusterFolder is null) return null;

        var own = Path.Combine(clusterFolder, OwnName);
        if (!File.Exists(own)) Make(own);
        return own;
    }

    /// <summary>The secret in it.</summary>
    /// <exception cref="KeyFileException">It is missing, open to others or no secret.</exception>
    internal static byte[] Read(string path)
    {
        try
        {
            var file = new FileInfo(path);
            if (!file.Exists) throw new KeyFileException($"There is no key file {path}: {HowTo}.");
            if (!OperatingSystem.IsWindows() && (File.GetUnixFileMode(path) & Others) != 0)
                throw new KeyFileException($"Others may read the key file {path}: chmod 600 {path}");

            var secret = new byte[SecretBytes + 1];
            if (file.Length <= MostBytes
                && Convert.TryFromBase64String(File.ReadAllText(path).Trim(), secret, out var length)
                && length == SecretBytes) return secret[..SecretBytes];
            throw new KeyFileException(
                $"The key file {path} must hold {SecretBytes} bytes in base64: restore it, or {HowTo}.");
        }
        catch (Exception e) when (e is UnauthorizedAccessException or IOException)
        {
            throw new KeyFileException($"Cannot read the key file {path}: {e.Message}", e);
        }
    }

    /// <summary>Makes a file with a new secret, whole or not at all; another process's stays.</summary>
    internal static void Make(string path)
    {
        var unfinished = $"{path}.{Guid.NewGuid():N}";
        try
        {
            var options = new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.Write };
            if (!OperatingSystem.IsWindows()) options.UnixCreateMode = OwnerOnly;
            using (var file = new FileStream(unfinished, options))
            using (var text = new StreamWriter(file))
            {
                text.WriteLine(Convert.ToBase64String(RandomNumberGenerator.GetBytes(SecretBytes)));
                text.Flush();
                file.Flush(flushToDisk: true); // what it will encrypt must not outlive it
            }

            File.Move(unfinished, path, overwrite: false);
        }
        catch (IOException) when (File.Exists(path))
        {
            File.Delete(unfinished);
        }
        catch (Exception e) when (e is UnauthorizedAccessException or IOException)
        {
            throw new KeyFileException($"Cannot make the key file {path}: {e.Message}", e);
        }
    }
}
