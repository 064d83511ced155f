using Guerdon.Kernel;
using Guerdon.Ledger;
using Guerdon.People.Employees;
using Guerdon.Policies;
using Guerdon.Storage;
using Microsoft.Extensions.Logging;
using Npgsql;

namespace Guerdon.Grants.Plans;

/// <summary>
/// Whom the plans of today are for, in memory for the gateway's policy; read only once a policy has asked. Everybody
/// employed today is in it; those with the same plans and team share one entry.
/// </summary>
internal sealed class PlanMembers(
    NpgsqlDataSource db, PeopleDirectory people, TimeProvider clock, ILogger<PlanMembers> log)
    : WatchedValue(PeopleDirectory.Changed, TimeSpan.FromMinutes(5), clock, log), IMemberships
{
    private readonly SemaphoreSlim _reading = new(1, 1);
    private readonly TimeProvider _clock = clock;
    private volatile Dictionary<Guid, Membership>? _members;

    public Membership OfOwner(WalletId wallet) => _members?.GetValueOrDefault(wallet.Value) ?? Membership.OfNothing;

    public async Task ReadyAsync(CancellationToken ct)
    {
        if (_members is null) await LoadAsync(ct);
    }

    public async Task<GroupNames> NamesAsync(NpgsqlConnection at, CancellationToken ct) => new(
        await PlanStore.NamesAsync(at, ct), await PeopleDirectory.TeamsAsync(at, ct));

    protected override Task ReadAsync(CancellationToken ct) => _members is null ? Task.CompletedTask : LoadAsync(ct);

    public override void Dispose()
    {
        _reading.Dispose();
        base.Dispose();
    }

    // One at a time, so that what is read last stands last.
    private async Task LoadAsync(CancellationToken ct)
    {
        await _reading.WaitAsync(ct);
        try
        {
            var today = _clock.Today();
            var plans = await PlanStore.AllInEffectAsync(db, today, ct);
            var (read, shared) = (new Dictionary<Guid, Membership>(), new Dictionary<string, Membership>());
            await foreach (var person in people.ListAsync(today, today, ct))
            {
                string[] names = [.. plans.Where(p => p.Eligible.Excludes(person) is null).Select(p => p.Name)];
                var key = string.Join('\n', [person.Team, .. names]);
                if (!shared.TryGetValue(key, out var member)) shared[key] = member = new Membership(names, person.Team);
                read[person.Id.Value] = member;
            }

            _members = read;
        }
        finally
        {
            _reading.Release();
        }
    }
}
