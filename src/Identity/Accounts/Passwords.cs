using System.Globalization;
using System.Security.Cryptography;

namespace Guerdon.Identity.Accounts;

/// <summary>
/// Password hashes: PBKDF2 with SHA-256, as <c>pbkdf2-sha256$iterations$salt$hash</c>. The count is stored with the
/// hash, so that it can be raised while old passwords still work.
/// </summary>
public static class Passwords
{
    public const int MinLength = 10;

    /// <summary>Longer ones are refused before they are hashed.</summary>
    public const int MaxLength = 200;

    private const string Scheme = "pbkdf2-sha256";
    private const int SaltBytes = 16;
    private const int HashBytes = 32;

    /// <summary>Why a text cannot be a password, in words; null: it can. Whatever sets one asks this. Which letters it
    /// has is nobody's business, and blanks count.</summary>
    public static string? Fault(string? password) => password?.Length is >= MinLength and <= MaxLength ? null
        : $"A password has {MinLength} to {MaxLength} characters.";

    internal static string Hash(string password, int iterations)
    {
        var salt = RandomNumberGenerator.GetBytes(SaltBytes);
        var hash = Derive(password, salt, iterations);
        return string.Create(CultureInfo.InvariantCulture,
            $"{Scheme}${iterations}${Convert.ToBase64String(salt)}${Convert.ToBase64String(hash)}");
    }

    /// <summary>Compares in constant time. False for a hash that is not one.</summary>
    /// <param name="password">As it was typed.</param>
    /// <param name="stored">From <see cref="Hash"/>.</param>
    /// <param name="least">As many rounds are made at least: a hash from when fewer were asked for takes as long as
    /// nobody's does, so that the time says nothing of who has an account.</param>
    internal static bool Verify(string password, string stored, int least = 0)
    {
        if (password.Length is 0 or > MaxLength || stored.Split('$') is not [Scheme, var count, var salt, var hash]
            || !int.TryParse(count, CultureInfo.InvariantCulture, out var iterations)) return false;

        var actual = Derive(password, Convert.FromBase64String(salt), iterations);
        if (iterations < least) Derive(password, Convert.FromBase64String(salt), least - iterations);
        return CryptographicOperations.FixedTimeEquals(actual, Convert.FromBase64String(hash));
    }

    /// <summary>A password that nobody has to think of: 20 letters and digits that are hard to mistake.</summary>
    public static string Make() =>
        RandomNumberGenerator.GetString("abcdefghijkmnpqrstuvwxyzABCDEFGHJKLMNPQRSTUVWXYZ23456789", 20);

    private static byte[] Derive(string password, byte[] salt, int iterations) =>
        Rfc2898DeriveBytes.Pbkdf2(password, salt, iterations, HashAlgorithmName.SHA256, HashBytes);
}
