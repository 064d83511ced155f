using System.Collections.Concurrent;
using Guerdon.Plans;
using Guerdon.Storage;
using Npgsql;

namespace Guerdon.Grants.Plans;

/// <summary>Versions of plans, each read once. They never change.</summary>
public sealed class PlanCache(NpgsqlDataSource db)
{
    private const string ById = "select yaml from compensation.plan where plan_id = $1";

    private readonly ConcurrentDictionary<Guid, Plan> _plans = new();

    public async ValueTask<Plan> OfAsync(Guid id, CancellationToken ct)
    {
        if (_plans.TryGetValue(id, out var known)) return known;
        var yaml = await db.ScalarAsync<string>(ById, [id], ct)
            ?? throw new InvalidOperationException($"There is no version {id} of a plan.");
        return _plans[id] = PlanFile.ReadApplied(yaml);
    }
}
