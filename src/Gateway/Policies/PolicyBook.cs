using Microsoft.Extensions.Logging;
using Npgsql;

namespace Stipend.Gateway;

/// <summary>
/// The policy in memory. Asking never waits, and costs a null check where there is none; <see cref="ReloadAsync"/>
/// replaces all of it at once.
/// </summary>
internal sealed partial class PolicyBook(NpgsqlDataSource db, TimeProvider clock, ILogger<PolicyBook> log) : IDisposable
{
    private readonly SemaphoreSlim reading = new(1, 1);
    private volatile Shelf? shelf;

    /// <summary>What the policy's rates have counted; it outlives a change of the policy.</summary>
    public RateDesk Rates { get; } = new(clock);

    /// <summary>What binds a call that comes now; null: nothing does.</summary>
    public Policy? InForce() => shelf?.At(clock.GetUtcNow());

    /// <summary>Reads what the database has. One at a time, so that what is read last stands last.</summary>
    public async Task ReloadAsync(CancellationToken ct)
    {
        await reading.WaitAsync(ct);
        try
        {
            var (versions, turned, nodes) = await PolicyStore.ReadAsync(db, clock.GetUtcNow(), ct);
            Rates.ShareAmong(nodes);
            Rates.ForgetIdle();
            shelf = versions.Count == 0 && turned?.Reason is null
                ? null
                : new Shelf([.. versions.Select(v => Compile(v, turned))], turned?.Reason);
        }
        finally
        {
            reading.Release();
        }
    }

    // A text that this node cannot read binds all the same, so nothing passes until it can.
    private Policy Compile(AppliedPolicy applied, GatewaySwitch? turned)
    {
        var (policy, errors) = PolicyFile.Read(applied.Text, static _ => true);
        if (policy is null) Log.Unreadable(log, applied.Version, errors[0].Reason);
        policy ??= new Policy { Closed = $"this node cannot read policy version {applied.Version}" };
        return policy with
        {
            Version = applied.Version, From = applied.EffectiveFrom, Closed = turned?.Reason ?? policy.Closed,
        };
    }

    public void Dispose() => reading.Dispose();

    /// <param name="versions">The newest first.</param>
    /// <param name="closed">Why it is closed by hand.</param>
    private sealed class Shelf(Policy[] versions, string? closed)
    {
        private readonly Policy? _else = closed is null ? null : new Policy { Closed = closed };

        public Policy? At(DateTimeOffset now)
        {
            foreach (var policy in versions)
                if (policy.From <= now) return policy;

            return _else;
        }
    }

    private static partial class Log
    {
        [LoggerMessage(Level = LogLevel.Error, Message = "Refusing all calls: policy {Version} is not read: {Reason}")]
        public static partial void Unreadable(ILogger log, int version, string reason);
    }
}
