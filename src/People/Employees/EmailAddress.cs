using System.Text.RegularExpressions;

namespace Guerdon.People.Employees;

/// <summary>E-mail addresses as they are stored and compared: trimmed and lower-cased.</summary>
internal static partial class EmailAddress
{
    /// <summary>The longest there can be, in characters (RFC 5321).</summary>
    public const int MostChars = 254;

    /// <summary>What an address must look like, for messages.</summary>
    public const string Wanted = "name@company.example";

    /// <summary>False where a text is no address.</summary>
    public static bool TryRead(string? text, out string email)
    {
        email = text?.Trim().ToLowerInvariant() ?? "";
        return email.Length <= MostChars && Form().IsMatch(email);
    }

    [GeneratedRegex(@"^[^\s@<>"",;:\\()\[\]]{1,64}@"
        + @"(?:[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z][a-z0-9-]{0,61}[a-z0-9]\z")]
    private static partial Regex Form();
}
