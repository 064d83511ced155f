using Guerdon.Kernel;
using Guerdon.Pricing.Costing;

namespace Guerdon.Metering.Reconciliation;

/// <summary>One line of a bucket as the provider gave it: usage, or an amount of money.</summary>
internal sealed record ReportLine
{
    /// <summary>As the provider names it; null where the report is not by model.</summary>
    public string? Model { get; init; }

    public string? KeyId { get; init; }
    public string? ProjectId { get; init; }
    public string? WorkspaceId { get; init; }
    public string? UserId { get; init; }
    public string? Tier { get; init; }
    public string? ContextWindow { get; init; }

    /// <summary>Sent as a batch, which no gateway does.</summary>
    public bool IsBatch { get; init; }

    /// <summary>How many calls; null where the provider does not count them.</summary>
    public long? Requests { get; init; }

    public long Input { get; init; }
    public long CachedInput { get; init; }
    public long CacheWrite5m { get; init; }
    public long CacheWrite1h { get; init; }
    public long Output { get; init; }

    /// <summary>Tokens of classes that are not compared.</summary>
    public long OtherTokens { get; init; }

    /// <summary>Money, of a cost report; below zero for a credit.</summary>
    public long AmountNanos { get; init; }

    /// <summary>The amount in the provider's own words and unit.</summary>
    public string? Amount { get; init; }

    /// <summary>What the money is for.</summary>
    public string? Item { get; init; }

    public Usage Usage() => new()
    {
        Input = Input, CachedInput = CachedInput, CacheWrite5m = CacheWrite5m, CacheWrite1h = CacheWrite1h,
        Output = Output,
    };

    /// <summary>Whether it is of what Guerdon forwards.</summary>
    /// <param name="own">Ids of keys, projects and workspaces; empty: all are.</param>
    public bool IsOwn(IReadOnlyCollection<string> own) => !IsBatch && (own.Count == 0
        || new[] { KeyId, ProjectId, WorkspaceId }.Any(id => id is not null && own.Contains(id)));
}

/// <summary>A span of time of a report, UTC.</summary>
internal sealed record ReportBucket(DateTime StartsAt, DateTime EndsAt, IReadOnlyList<ReportLine> Lines);

/// <summary>A report that was read, and everything that is wrong with it.</summary>
/// <param name="Shape"><c>openai</c> or <c>anthropic</c>, by its members; null where nothing was recognised.</param>
/// <param name="Kind"><c>usage</c> or <c>cost</c>.</param>
/// <param name="Buckets">In order of time.</param>
/// <param name="IsPart">The provider has more pages, which are not in this file.</param>
/// <param name="Errors">By line and field.</param>
internal sealed record ProviderReport(
    string? Shape, string? Kind, IReadOnlyList<ReportBucket> Buckets, bool IsPart, IReadOnlyList<RowError> Errors);
