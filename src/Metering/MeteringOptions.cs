using System.ComponentModel.DataAnnotations;

namespace Guerdon.Metering;

/// <summary>How the journal gathers rows, and how much may wait while the database is away.</summary>
public sealed record MeteringOptions
{
    public const string Section = "Metering";

    /// <summary>How long closings are gathered before they are written. Nothing waits for them.</summary>
    [Range(typeof(TimeSpan), "00:00:00.001", "00:00:05")]
    public TimeSpan FlushEvery { get; init; } = TimeSpan.FromMilliseconds(200);

    /// <summary>
    /// How long a wallet's charges are gathered before the ledger books them, in one transfer: as long as its escrow is
    /// in use, and not beyond a quarter of an hour by the clock. Rows of the journal do not wait for it, and nothing is
    /// lost by a crash.
    /// </summary>
    [Range(typeof(TimeSpan), "00:00:00.100", "00:05:00")]
    public TimeSpan SettleEvery { get; init; } = TimeSpan.FromMinutes(2);

    /// <summary>The most records in one commit.</summary>
    [Range(1, 50_000)]
    public int FlushSize { get; init; } = 10_000;

    /// <summary>Loops that write closings, each with the wallets that hash to it.</summary>
    [Range(1, 16)]
    public int Flushers { get; init; } = 2;

    /// <summary>
    /// Openings and closings that may wait while the database is away; beyond it new requests are refused.
    /// </summary>
    [Range(100, 10_000_000)]
    public int Backlog { get; init; } = 100_000;

    /// <summary>How long an opening is tried before its request is withdrawn.</summary>
    [Range(typeof(TimeSpan), "00:00:00.100", "00:05:00")]
    public TimeSpan OpenWithin { get; init; } = TimeSpan.FromSeconds(15);
}
