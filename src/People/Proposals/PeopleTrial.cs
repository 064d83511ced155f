using Guerdon.Kernel;
using Guerdon.People.Spans;
using Npgsql;

namespace Guerdon.People.Proposals;

/// <summary>What is written of people, tried: by the very statements that write it, which are rolled back. So what
/// somebody approves is what is written, whatever a file says and whatever is on file.</summary>
/// <param name="Written">As it would be.</param>
/// <param name="Was">Of those whom it changes, what is on file; without those who are new.</param>
/// <param name="Becomes">What would be.</param>
/// <param name="Managers">Addresses of their managers.</param>
internal sealed record PeopleTrial(
    Written Written, IReadOnlyDictionary<Guid, OnFile> Was, IReadOnlyDictionary<Guid, OnFile> Becomes,
    IReadOnlyDictionary<Guid, string> Managers)
{
    private const string Before = "before_trial";

    /// <summary>Tries it.</summary>
    /// <param name="at">In a transaction that has the lock of imports.</param>
    /// <param name="transaction">That one; where it is refused, the caller rolls back.</param>
    /// <param name="given">What is to be written.</param>
    /// <param name="maker">Who would write it, and when.</param>
    /// <param name="ct">Stops it.</param>
    public static async Task<Result<PeopleTrial>> RunAsync(
        NpgsqlConnection at, NpgsqlTransaction transaction, PeopleGiven given, Maker maker, CancellationToken ct)
    {
        await transaction.SaveAsync(Before, ct);
        if (!(await given.WriteAsync(at, maker, ct)).Is(out var written, out var no)) return no;
        Guid[] changed = [.. written.Changed];
        var becomes = await OnFile.ReadAsync(at, changed, ct);
        var after = await OnFile.ManagersAsync(at, becomes.Values, ct);
        await transaction.RollbackAsync(Before, ct);
        var was = await OnFile.ReadAsync(at, changed, ct);
        var before = await OnFile.ManagersAsync(at, was.Values, ct);
        return new PeopleTrial(written, was, becomes, Managed(before, after));
    }

    /// <summary>The addresses of managers: those that they are to have, and of whoever is nobody's manager any more the
    /// one that they have. Where that is to be another manager's, they are left out, and go by their ids: the two are
    /// told apart.</summary>
    internal static IReadOnlyDictionary<Guid, string> Managed(
        IReadOnlyDictionary<Guid, string> before, IReadOnlyDictionary<Guid, string> after)
    {
        var managers = after.ToDictionary();
        var given = after.Values.ToHashSet(StringComparer.Ordinal);
        foreach (var (manager, email) in before)
            if (!given.Contains(email)) managers.TryAdd(manager, email);
        return managers;
    }

    /// <summary>Whether it changes anything that something is computed from.</summary>
    public bool IsInput() => Becomes.Any(
        one => PersonParts.Between(Was.GetValueOrDefault(one.Key), one.Value, Managers).Any(part => !part.IsInNothing));

    /// <summary>What changes, by person.</summary>
    public IReadOnlyList<PersonChange> Changes() =>
        PersonChange.InOrder(Becomes.Select(one => PersonChange.Of(one.Key, Was.GetValueOrDefault(one.Key), one.Value,
            Managers)));
}
