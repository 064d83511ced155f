using System.Collections.Concurrent;
using Stipend.Kernel;

namespace Stipend.Gateway;

/// <summary>
/// What jobs that this node created hold of their keys' budgets, until they are over, whichever node settles them.
/// What other nodes created a node knows from when it first reads the key.
/// </summary>
internal sealed class TuningBudgets(TuningStore store)
{
    private readonly ConcurrentDictionary<TuningId, (TuningJob Job, KeyBudget Budget)> open = [];

    public void Remember(TuningJob job, KeyBudget? budget)
    {
        if (budget is not null) open[job.Id] = (job, budget);
    }

    /// <summary>Gives back what jobs held that are over, less what they were charged.</summary>
    public async Task RefreshAsync(CancellationToken ct)
    {
        foreach (var (id, (job, budget)) in open)
        {
            var now = await store.AgainAsync(job, ct);
            if (now is { EndedAt: null } || !open.TryRemove(id, out _)) continue;
            budget.Settle(job.Held, now?.Charged ?? Tokens.Zero);
        }
    }
}
