using System.Diagnostics.CodeAnalysis;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace Guerdon.Notices.Email;

/// <summary>What e-mail reads from files, each time it connects: they are changed while Guerdon runs. What is wrong
/// with one is said with what to do, at the start and later.</summary>
internal static class EmailFiles
{
    /// <summary>The password, from wherever it is set; empty: there is none.</summary>
    public static bool TryPassword(
        EmailOptions options, [NotNullWhen(true)] out string? password, [NotNullWhen(false)] out string? wrong)
    {
        (password, wrong) = (options.Password, null);
        if (options.PasswordFile.Length == 0) return true;
        try
        {
            password = File.ReadLines(options.PasswordFile).FirstOrDefault("").Trim();
            wrong = password.Length > 0 ? null : "has no password in its first line: write it there.";
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            wrong = e is FileNotFoundException or DirectoryNotFoundException
                ? "names no file: name one that Guerdon's user can read, with the password in its first line."
                : "cannot be read: name a file that Guerdon's user can read.";
        }

        return wrong is null;
    }

    /// <summary>The certificates of <see cref="EmailOptions.Authority"/>; null: the system's are trusted.</summary>
    public static bool TryAuthority(
        EmailOptions options, out X509Certificate2Collection? authority, [NotNullWhen(false)] out string? wrong)
    {
        (authority, wrong) = (null, null);
        if (options.Authority.Length == 0) return true;
        try
        {
            var found = new X509Certificate2Collection();
            found.ImportFromPemFile(options.Authority);
            wrong = found.Count == 0 ? "has no certificate: name a PEM file with the authority's."
                : found.Any(ServerTrust.IsRoot) ? null
                : "has no root, which signs itself: add your authority's root to the file.";
            authority = found;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or CryptographicException)
        {
            wrong = e is FileNotFoundException or DirectoryNotFoundException
                ? "names no file: name a PEM file that Guerdon's user can read."
                : "cannot be read as certificates: name a PEM file that Guerdon's user can read.";
        }

        return wrong is null;
    }
}
