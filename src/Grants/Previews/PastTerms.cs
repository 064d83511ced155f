using Guerdon.Grants.Lines;
using Guerdon.Grants.Runs;
using Guerdon.People.Employees;
using Guerdon.Plans;
using Npgsql;

namespace Guerdon.Grants.Previews;

/// <summary>Takes what somebody would be granted for a month, by what a plan is compared with and by the plan.
/// </summary>
/// <param name="person">Who.</param>
/// <param name="month">Which month, and beside what, in words.</param>
/// <param name="was">By what it is compared with.</param>
/// <param name="now">By the plan.</param>
internal delegate void MonthOf(Person person, string month, Outcome was, Outcome now);

/// <summary>A version that a plan is compared with.</summary>
/// <param name="Words">Which.</param>
/// <param name="File">What it sets; null: nothing.</param>
/// <param name="IsLately">It held lately, and nothing is left of it.</param>
internal sealed record PlanVersion(string Words, PlanFor? File, bool IsLately)
{
    public Plan? Plan => File?.Plan;

    /// <summary>The one in force on a day, of those in force on the first day of what is compared, or later.</summary>
    /// <param name="versions">The newest first; nothing at the end, where nothing is in force on that first day.</param>
    /// <param name="day">That day or a later one.</param>
    public static PlanVersion On(IReadOnlyList<PlanVersion> versions, DateOnly day) =>
        versions.First(one => !one.IsLately && !(one.Plan?.EffectiveFrom > day));
}

/// <summary>A plan and a month, with what people had before.</summary>
internal sealed class PastTerms(GrantTerms terms, HistoryReader past)
{
    /// <summary>What nobody has by a plan that there is not.</summary>
    public static readonly Outcome Nothing = new([], "The plan is new.", false);

    /// <summary>What somebody would be granted; ask in the order of ids.</summary>
    public async ValueTask<Outcome> ForAsync(Person person) =>
        GrantRules.For(terms, person, AsNotYetGranted(await past.OfAsync(person.Id.Value)));

    // What comes only once counts as granted; the month itself is computed as though it were still to come.
    private static PersonHistory AsNotYetGranted(PersonHistory history) =>
        history with { Had = [.. history.Had.Where(kind => kind == GrantKind.SigningBonus)] };
}

/// <summary>What people had before, read once for all plans of a month that go back to the same.</summary>
/// <param name="db">The database.</param>
/// <param name="usedUntil">The last day whose use is counted.</param>
internal sealed class SharedPast(NpgsqlDataSource db, DateOnly usedUntil) : IAsyncDisposable
{
    private readonly Dictionary<(string Span, bool GoesByUse), HistoryReader> _readers = [];

    /// <summary>Those of a plan, all of which are of one month.</summary>
    public async Task<PastTerms> OfAsync(GrantTerms terms, CancellationToken ct)
    {
        var key = (terms.Span.Term, HistoryReader.GoesByUse(terms.Plan));
        if (!_readers.TryGetValue(key, out var reader))
            _readers[key] = reader = await HistoryReader.OpenAsync(db, terms, ct, usedUntil);
        return new(terms, reader);
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var reader in _readers.Values) await reader.DisposeAsync();
    }
}
