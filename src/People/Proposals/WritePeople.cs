using Guerdon.Approvals.Inputs;
using Guerdon.Kernel;
using Guerdon.People.Employees;
using Guerdon.People.Spans;
using Guerdon.Storage;
using Npgsql;

namespace Guerdon.People.Proposals;

/// <summary>Whatever somebody writes of people: in effect at once while nothing is computed from people, or where it
/// changes only what nothing is computed from; else it is proposed, and another approves it.</summary>
public sealed class WritePeople(
    NpgsqlDataSource db, InputProposals inputs, IEnumerable<IComputedFromPeople> computed, TimeProvider clock)
{
    /// <summary>Gives a person another address.</summary>
    /// <param name="person">Whose.</param>
    /// <param name="address">The new one, in any case.</param>
    /// <param name="by">Who gives it.</param>
    /// <param name="ct">Stops it.</param>
    public async Task<Result<InputProposals.Outcome>> AddressAsync(
        Person person, string? address, Actor by, CancellationToken ct) =>
        EmailAddress.TryRead(address, out var email)
            ? await RunAsync(new GivenAddress(clock.Today(), person.Id, email), dryRun: false, by, ct)
            : PeopleRefusals.EmailInvalid.With($"'{Wording.Shortened(address ?? "")}' is not an e-mail address.");

    /// <summary>Steps: 1 what takes effect at once does; 2 all else is proposed.</summary>
    /// <param name="given">What is to be written.</param>
    /// <param name="dryRun">Say what would be, and write and propose nothing.</param>
    /// <param name="by">Who gives it.</param>
    /// <param name="ct">Stops it.</param>
    internal async Task<Result<InputProposals.Outcome>> RunAsync(
        PeopleGiven given, bool dryRun, Actor by, CancellationToken ct)
    {
        var (done, subject) = await AtOnceAsync(given, dryRun, by, ct); // 1
        return done ?? await inputs.ProposeAsync(PeopleInput.Name, new InputGiven(subject, given.Body), by, ct); // 2
    }

    // Null: it waits, and the subject says what for. All in one transaction and under one lock, so that what was found
    // to change nothing that counts is what is written.
    private async Task<(Result<InputProposals.Outcome>? Done, string Subject)> AtOnceAsync(
        PeopleGiven given, bool dryRun, Actor by, CancellationToken ct)
    {
        await using var connection = await db.OpenConnectionAsync(ct);
        await using var transaction = await connection.BeginAsync(ct);
        await Db.WithoutTimeLimitAsync(connection, ct);
        await Locks.InTransactionAsync(connection, PeopleWrites.Lock, ct);
        var maker = new Maker(by, clock.GetUtcNow());
        var isComputed = !dryRun && await IsComputedAsync(connection, ct);
        if (isComputed)
        {
            var trial = await PeopleTrial.RunAsync(connection, transaction, given, maker, ct);
            if (!trial.Is(out var tried, out var not)) return (not, "");
            if (tried.Written.Changed.Count == 0) return (new InputProposals.Outcome(tried.Written.Reply, null), "");
            if (tried.IsInput()) return (null, tried.Written.Subject);
        }

        if (!(await given.WriteAsync(connection, maker, ct)).Is(out var written, out var no)) return (no, "");
        if (dryRun) return (new InputProposals.Outcome(written.Reply, null), "");
        // Whoever approved the first plan while a long file was written did not see what the file changes.
        if (!isComputed && await IsComputedAsync(connection, ct)) return (null, written.Subject);
        await transaction.CommitAsync(ct);
        return (new InputProposals.Outcome(written.Reply, null), "");
    }

    private async Task<bool> IsComputedAsync(NpgsqlConnection at, CancellationToken ct)
    {
        foreach (var one in computed)
            if (await one.AnyAsync(at, ct)) return true;
        return false;
    }
}
