using System.Text.RegularExpressions;
using Guerdon.Kernel;
using Guerdon.People.Spans;

namespace Guerdon.People.Employees;

/// <summary>What may be said of people beside their pay, in files and bodies alike: null where it is wrong.</summary>
internal static partial class DatedForms
{
    public const int MostText = 200;
    private const int MaxTeamDepth = 8;
    private const long MaxPay = 1_000_000_000_000; // units: any real pay in any currency

    public const string TeamWanted = "a path of 1 to 8 teams, such as Engineering/Platform";
    public const string LevelWanted = "a level; write L1 to L10";
    public const string TextWanted = "a text of 1 to 200 characters";
    public const string CountryWanted = "in ISO 3166-1 (two letters, such as DE)";
    public const string CurrencyWanted = "in ISO 4217 (three letters, such as EUR)";
    public const string EmploymentWanted = "employee or contractor";
    public const string LeaveWanted = "a word for the kind of leave, such as parental, in letters, digits, - and _";
    public const string LeavePayWanted = "paid or unpaid";
    public const string PartTimeWanted = "a part of full time, such as 80%, 62.5% or 0.8";
    public const string TimeZoneWanted = "a name of the IANA list, such as Europe/Berlin";

    public static string? Text(string text) => text.Length is > 0 and <= MostText ? text : null;

    /// <summary>A path such as <c>Engineering/Platform</c>, each part trimmed.</summary>
    public static string? Team(string text)
    {
        var parts = text.Split('/', StringSplitOptions.TrimEntries);
        return text.Length <= MostText && parts.Length <= MaxTeamDepth && parts.All(part => part.Length > 0)
            ? string.Join('/', parts) : null;
    }

    public static string? Level(string text) =>
        text.ToUpperInvariant() is var level && LevelForm().IsMatch(level) ? level : null;

    public static string? Country(string text) =>
        text.ToUpperInvariant() is var code && Codes.IsCountry(code) ? code : null;

    public static string? Currency(string text) =>
        text.ToUpperInvariant() is var code && Codes.IsCurrency(code) ? code : null;

    /// <summary>An amount in the currency's smallest unit (see <see cref="Currencies"/>).</summary>
    public static long? Pay(string text, string currency) =>
        Currencies.TryParse(text, currency, out var cents) && cents >= 0
        && cents <= MaxPay * Currencies.PerUnit(currency) ? cents : null;

    public static string? Employment(string text) =>
        text.ToLowerInvariant() is var word && word is Standing.Employee or Standing.Contractor ? word : null;

    public static string? Leave(string text) =>
        text.ToLowerInvariant() is var word && LeaveForm().IsMatch(word) ? word : null;

    public static string? LeavePay(string text) =>
        text.ToLowerInvariant() is var word && word is Standing.Paid or Standing.Unpaid ? word : null;

    public static string? TimeZone(string text) =>
        (text == "UTC" || text.Contains('/', StringComparison.Ordinal))
        && TimeZoneInfo.TryFindSystemTimeZoneById(text, out _) ? text : null;

    /// <summary>Hundredths of a percent. A number without a sign is a fraction, so that 1 is not 1%.</summary>
    public static int? PartTime(string text)
    {
        var read = text is [.., '%']
            ? Decimals.TryParse(text.AsSpan(0, text.Length - 1).TrimEnd(), 2, out var bp)
            : Decimals.TryParse(text, 4, out bp);
        return read && bp is >= 1 and <= Standing.FullTimeBp ? (int)bp : null;
    }

    [GeneratedRegex(@"^L(?:[1-9]|10)\z")]
    private static partial Regex LevelForm();

    [GeneratedRegex(@"^[a-z][a-z0-9_-]{0,39}\z")]
    private static partial Regex LeaveForm();
}
