using System.Text.Json.Serialization;
using Guerdon.Gateway.Keys;
using Guerdon.Kernel;
using Guerdon.Ledger;

namespace Guerdon.Tuning;

/// <summary>One tuning job, given by Guerdon before the provider hears of it; it holds its own escrow.</summary>
[JsonConverter(typeof(IdConverter<TuningId>))]
internal readonly record struct TuningId(Guid Value) : IId<TuningId>
{
    public static string Prefix => "tun";
    public static TuningId From(Guid value) => new(value);
    public static bool TryParse(string? text, out TuningId id) => Id.TryParse(text, out id);
    public override string ToString() => Id.Format(this);
}

/// <summary>A training file at a provider.</summary>
/// <param name="Id">The provider's.</param>
/// <param name="Provider">In whose account it is.</param>
/// <param name="Name">As it was uploaded.</param>
/// <param name="Bytes">At least as many as it has tokens.</param>
/// <param name="CreatedAt">When.</param>
internal sealed record TuningFile(string Id, string Provider, string Name, long Bytes, DateTime CreatedAt);

/// <summary>A row of <c>gateway.tuning_job</c>.</summary>
internal sealed record TuningJob
{
    /// <summary>The path of a provider's jobs, and where callers find theirs.</summary>
    public const string Root = "/v1/fine_tuning/jobs";

    /// <summary>The path of one job at its provider.</summary>
    public static string PathOf(string upstreamId) => $"{Root}/{Uri.EscapeDataString(upstreamId)}";

    public required WalletId Wallet { get; init; }
    public required TuningId Id { get; init; }
    public required KeyId KeyId { get; init; }

    /// <summary>In whose account it runs.</summary>
    public required string Provider { get; init; }

    /// <summary>The provider's id; null while it is not known whether it was created.</summary>
    public string? UpstreamId { get; init; }

    public required string FileId { get; init; }
    public required string Model { get; init; }
    public required Guid PriceId { get; init; }
    public required long TokenValueNanos { get; init; }
    public required int Epochs { get; init; }

    /// <summary>The most tokens it can be trained on.</summary>
    public required long BoundTokens { get; init; }

    /// <summary>In escrow for it; zero where it is not charged.</summary>
    public required Tokens Held { get; init; }

    /// <summary>The job as the provider last described it, JSON.</summary>
    public string? Seen { get; init; }

    /// <summary>UTC, whole microseconds, as all times here.</summary>
    public required DateTime CreatedAt { get; init; }

    public DateTime NextCheckAt { get; init; }
    public int Checks { get; init; }
    public DateTime? MissingSince { get; init; }
    public string? Warning { get; init; }
    public DateTime? EndedAt { get; init; }
    public long? TrainedTokens { get; init; }
    public Tokens? Charged { get; init; }

    /// <summary>Whose escrow: the job's own, which no node's death touches.</summary>
    public HolderId Holder => new(Id.Value);
}
