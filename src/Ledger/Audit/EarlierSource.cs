using System.Text.RegularExpressions;

namespace Guerdon.Ledger.Audit;

/// <summary>
/// What an entry was booked for, as its key says. Migration 0002 noted it so for entries from before; their hashes do
/// not cover it, but their keys. New entries bring it along (<see cref="Transfers.Transfer.SourceId"/>).
/// </summary>
internal static partial class EarlierSource
{
    public static Guid? Of(string key) =>
        Key().Match(key) is { Success: true } match
            ? Guid.ParseExact(match.Groups["id"].ValueSpan, "N") : null;

    // The pattern of 0002_entries.sql. It must stay the same, since that is how those entries got their sources.
    [GeneratedRegex("^(?:(?:flush|tune|tune-more|correction):|(?:lock|unlock|convert|reconvert):cnv_"
        + "|(?:fund|lapse):run_)(?<id>[0-9a-f]{32})(?::|$)")]
    private static partial Regex Key();
}
