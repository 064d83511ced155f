using System.Text.RegularExpressions;
using Guerdon.Kernel;
using Guerdon.Plans;

namespace Guerdon.Grants.Lines;

/// <summary>
/// What a lot's tokens were granted for: as the ledger has it, where plan, version, kind and term identify the grant,
/// and in words for people.
/// </summary>
public static partial class GrantSource
{
    /// <summary>As the ledger has it, for good: <c>plan engineering v2, allowance, 2026-11</c>.</summary>
    internal static string Of(GrantTerms terms, string kind, string term) =>
        $"plan {terms.Plan.Name} v{terms.Version}, {kind}, {term}";

    /// <summary>
    /// The same for people: <c>Allowance, November 2026, plan engineering</c>. A plan that has its kind's name goes
    /// without saying. Anything else is given back as it is.
    /// </summary>
    public static string InWords(string source)
    {
        if (Form().Match(source) is not { Success: true } parts) return source;
        var (plan, kind, term) = (parts.Groups["plan"].Value, parts.Groups["kind"].Value, parts.Groups["term"].Value);
        var slash = term.IndexOf('/', StringComparison.Ordinal);
        var what = (kind, slash) switch
        {
            (_, < 0) => Kind(kind),
            (GrantKind.Tier, _) => $"Tier {term[..slash]}",
            _ => $"{term[..slash]} ({kind.Replace('_', ' ')})",
        };
        var of = plan == kind ? "" : $", plan {plan}";
        return $"{what}, {Span(term[(slash + 1)..])}{of}";
    }

    /// <summary>A kind of grant in words: <c>Signing bonus</c>.</summary>
    public static string Kind(string kind) =>
        kind.Length == 0 ? kind : char.ToUpperInvariant(kind[0]) + kind[1..].Replace('_', ' ');

    /// <summary>A month or a quarter in words: <c>November 2026</c>, <c>fourth quarter of 2026</c>.</summary>
    private static string Span(string term) => Days.TryParse(term + "-01", out var first)
        ? new Period(first).InWords
        : term is [_, _, _, _, '-', 'Q', var quarter and >= '1' and <= '4']
            ? $"{Quarters[quarter - '1']} quarter of {term[..4]}" : term;

    private static readonly string[] Quarters = ["first", "second", "third", "fourth"];

    [GeneratedRegex(@"^plan (?<plan>\S+) v\d+, (?<kind>[a-z_]+), (?<term>.+)$")]
    private static partial Regex Form();
}
