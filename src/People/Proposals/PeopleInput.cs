using System.Security.Cryptography;
using System.Text;
using Guerdon.Approvals.Inputs;
using Guerdon.Kernel;
using Guerdon.People.Spans;
using Guerdon.Storage;
using Npgsql;

namespace Guerdon.People.Proposals;

/// <summary>What is on file of people, as one proposes and another approves it. Every row is one person's, so that each
/// of them stays out of it, however many there are.</summary>
internal sealed class PeopleInput(NpgsqlDataSource db, TimeProvider clock) : IInput
{
    /// <summary>The kind's name.</summary>
    public const string Name = "people";

    // What a proposal shows; the file has the rest.
    private const int MostShown = 1_000;

    public string Kind => Name;
    public string Reads => Permissions.PayRead;
    public string Approves => Permissions.PeopleApprove;
    public string? Own => "changes what is on file of you, or did as it was proposed (have your own row proposed by "
        + "itself, and approve the others without it)";

    // Each row is one person's, whatever a file said of others before.
    public bool IsInSteps => false;

    public string NotWho => "nobody of whom it changes anything";

    public async Task<Result<InputBasis>> CheckAsync(NpgsqlConnection at, InputGiven given, CancellationToken ct)
    {
        await Locks.InTransactionAsync(at, PeopleWrites.Lock, ct);
        if (!(await PeopleGiven.Read(given).PeopleAsync(at, ct)).Is(out var people, out var no)) return no;
        return new InputBasis(new InputVersion(await OnFile.InWordsAsync(at, people, ct), null));
    }

    public async Task<Result<InputLook>> LookAsync(
        InputGiven given, InputBasis basis, InputReach reach, CancellationToken ct)
    {
        var people = PeopleGiven.Read(given);
        if (!(await TryAsync(people, ct)).Is(out var tried, out var no)) return no;
        var changes = tried.Changes();
        if (changes.Count == 0)
            return PeopleRefusals.ChangesNothing.With("All that it says of people is on file already.");
        foreach (var one in changes.Where(one => one.IsInput))
            reach.Add(one.Person, [], [new($"the row of {one.Person}", "", one.Email)], () =>
                $"Your own row is in it. {one.InWords}");
        return new InputLook(AboutOf(changes), people.From.UtcStart(), Shown(changes))
        {
            Addresses = changes.Select(one => one.NewEmail).OfType<string>().ToHashSet(StringComparer.Ordinal),
        };
    }

    public async Task<Result<InputMade>> ApplyAsync(
        NpgsqlConnection at, InputGiven given, Actor by, CancellationToken ct)
    {
        var written = await PeopleGiven.Read(given).WriteAsync(at, new Maker(by, clock.GetUtcNow()), ct);
        return written.Select(made => new InputMade(made.Made, made.Reply));
    }

    // Two states are read and nothing else is done while the lock is held; they are compared afterwards.
    private async Task<Result<PeopleTrial>> TryAsync(PeopleGiven people, CancellationToken ct)
    {
        await using var connection = await db.OpenConnectionAsync(ct);
        await using var transaction = await connection.BeginAsync(ct);
        await Db.WithoutTimeLimitAsync(connection, ct);
        await Locks.InTransactionAsync(connection, PeopleWrites.Lock, ct);
        return await PeopleTrial.RunAsync(
            connection, transaction, people, new Maker(Actor.Guerdon, clock.GetUtcNow()), ct);
    }

    private static string AboutOf(IReadOnlyList<PersonChange> changes)
    {
        var created = changes.Count(one => one.Parts[0].Part == PersonParts.New);
        return changes is [var one] && created == 0 ? $"What is on file of {one.Email}"
            : $"People: {created:#,0} new, {changes.Count - created:#,0} changed";
    }

    // What is not listed is part of what is approved, too.
    private static InputChange[] Shown(IReadOnlyList<PersonChange> changes)
    {
        var all = changes.SelectMany(one => one.Shown).ToList();
        if (all.Count <= MostShown) return [.. all];
        var rest = string.Join('\n', all.Skip(MostShown).Select(one => $"{one.What}\t{one.Before}\t{one.After}"));
        var digest = Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(rest)))[..16];
        var more = Wording.Count(all.Count - MostShown, "change");
        return [.. all.Take(MostShown), new($"and {more} more, which the file has (digest {digest})", null, null)];
    }
}
