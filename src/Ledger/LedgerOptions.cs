using System.ComponentModel.DataAnnotations;

namespace Guerdon.Ledger;

/// <summary>How transfers are gathered into groups, and how many may wait.</summary>
public sealed record LedgerOptions
{
    public const string Section = "Ledger";

    /// <summary>Writers, each on a connection of its own; transfers are routed to them by the paying wallet.</summary>
    [Range(1, 16)]
    public int Lanes { get; init; } = 2;

    /// <summary>The most transfers in one commit.</summary>
    [Range(1, 20_000)]
    public int GroupSize { get; init; } = 2_000;

    /// <summary>How many postings may wait for a lane before callers wait themselves.</summary>
    [Range(100, 1_000_000)]
    public int QueueSize { get; init; } = 50_000;

    /// <summary>How many wallets a lane remembers between commits.</summary>
    [Range(100, 10_000_000)]
    public int RememberedWallets { get; init; } = 100_000;

    /// <summary>How long postings are retried while the database is away before they fail.</summary>
    [Range(typeof(TimeSpan), "00:00:01", "01:00:00")]
    public TimeSpan GiveUpAfter { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>How long after midnight (UTC) a day is sealed; no posting takes this long.</summary>
    [Range(typeof(TimeSpan), "00:01:00", "12:00:00")]
    public TimeSpan SealAfter { get; init; } = TimeSpan.FromMinutes(10);
}
