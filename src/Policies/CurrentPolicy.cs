using Guerdon.Ledger;
using Microsoft.Extensions.Logging;
using Npgsql;

namespace Guerdon.Policies;

/// <summary>
/// The policy in memory. Asking never waits, and costs a null check where there is none; <see cref="ReloadAsync"/>
/// replaces all of it at once.
/// </summary>
public sealed partial class CurrentPolicy(
    NpgsqlDataSource db, IMemberships members, TimeProvider clock, ILogger<CurrentPolicy> log) : IDisposable
{
    private readonly SemaphoreSlim _reading = new(1, 1);
    private volatile Shelf? _shelf;

    /// <summary>What the policy's rates have counted; it outlives a change of the policy.</summary>
    public RateCounters Rates { get; } = new(clock);

    /// <summary>What binds a call that comes now; null: nothing does.</summary>
    public Policy? InForce() => _shelf?.At(clock.GetUtcNow());

    /// <summary>What binds a call that comes now from this wallet.</summary>
    public Policy? InForce(WalletId wallet) =>
        InForce() is not { } policy ? null
        : policy.Sections.Count == 0 ? policy
        : policy.For(members.OfOwner(wallet));

    /// <summary>Reads what the database has. One at a time, so that what is read last stands last.</summary>
    public async Task ReloadAsync(CancellationToken ct)
    {
        await _reading.WaitAsync(ct);
        try
        {
            var (versions, turned, nodes) = await PolicyStore.ReadAsync(db, clock.GetUtcNow(), ct);
            Rates.ShareAmong(nodes);
            Rates.ForgetIdle();
            Policy[] policies = [.. versions.Select(v => Compile(v, turned))];
            // Before it binds, so that nobody is taken for a member of nothing.
            if (policies.Any(policy => policy.Sections.Count > 0)) await members.ReadyAsync(ct);
            _shelf = policies.Length == 0 && turned?.Reason is null ? null : new Shelf(policies, turned?.Reason);
        }
        finally
        {
            _reading.Release();
        }
    }

    // A text that this node cannot read binds all the same, so nothing passes until it can.
    private Policy Compile(AppliedPolicy applied, GatewaySwitch? turned)
    {
        var (policy, errors) = PolicyFile.Read(applied.Text, static _ => true);
        if (policy is null) Log.Unreadable(log, applied.Version, errors[0].Reason);
        policy ??= new Policy { Closed = $"this node cannot read policy version {applied.Version}" };
        return policy.As(applied.Version, applied.EffectiveFrom, turned?.Reason ?? policy.Closed);
    }

    public void Dispose() => _reading.Dispose();

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
