using Guerdon.Kernel;
using Guerdon.Storage;
using Npgsql;

namespace Guerdon.Approvals.Inputs;

/// <summary>What payments are computed from takes two: one proposes a change, another approves it by its digest. Where
/// the exception for a company's only administrator holds, what they propose is in effect at once, and recorded as
/// decided alone.</summary>
public sealed class InputProposals(
    NpgsqlDataSource db, FourEyes fourEyes, IEnumerable<IInput> kinds, TimeProvider clock)
{
    /// <summary>The most that one person has waiting.</summary>
    public const int MostWaiting = 100;

    // A look goes through everybody, on connections of its own.
    private static readonly SemaphoreSlim Turns = new(4);
    private static readonly TimeSpan MostWait = TimeSpan.FromSeconds(10);

    // Whom something reached that nobody approved stays out of the like for so long.
    private static readonly TimeSpan Lately = TimeSpan.FromDays(HeldSince.Days);

    // What is in force may change between a look and the lock; more often than this somebody else changes it all the
    // time.
    private const int MostLooks = 5;

    private static readonly NamedDigest Digests =
        new(ApprovalRefusals.InputDigestNeeded, ApprovalRefusals.InputChanged);

    /// <summary>What came of proposing.</summary>
    /// <param name="Reply">As the endpoint answers: it is in effect, or was before. Null: it waits.</param>
    /// <param name="Waits">What waits for another; null: nothing does.</param>
    public sealed record Outcome(object? Reply, InputWaits? Waits);

    /// <summary>What came of deciding.</summary>
    /// <param name="Proposal">As it is decided.</param>
    /// <param name="Done">False where the same person had decided so before.</param>
    /// <param name="Applied">What the endpoint that applies it answers; null: nothing was applied.</param>
    public sealed record Decided(InputProposal Proposal, bool Done, object? Applied = null);

    /// <summary>A proposal as somebody looks at it now.</summary>
    /// <param name="Proposal">Beside what is in force.</param>
    /// <param name="Basis">What is in force.</param>
    /// <param name="OnReader">What it does to whoever looks; null: it is not for them.</param>
    /// <param name="Reader">Who looks, as a person; null: nobody's account.</param>
    /// <param name="MakesReader">By it the address that they sign in with becomes a person's.</param>
    internal sealed record Seen(
        InputProposal Proposal, InputBasis Basis, string? OnReader, Guid? Reader, bool MakesReader);

    private const string OnAddress = "The address that you sign in with becomes a person's by it, so that you are that "
        + "person; nobody decides what is for themselves.";

    /// <summary>A kind by its name; null: there is none.</summary>
    internal IInput? Find(string kind) => kinds.SingleOrDefault(one => one.Kind == kind);

    /// <summary>Steps: 1 the kind's own checks, beside what is in force; 2 whether an only administrator puts it into
    /// effect; 3 effect, or a proposal that waits; once more where something else came into force meanwhile.</summary>
    /// <param name="kind">One that is registered.</param>
    /// <param name="given">What is proposed.</param>
    /// <param name="by">Who proposes it.</param>
    /// <param name="ct">Stops it.</param>
    public async Task<Result<Outcome>> ProposeAsync(string kind, InputGiven given, Actor by, CancellationToken ct)
    {
        var of = Find(kind) ?? throw new ArgumentException($"Nobody registered the kind '{kind}'.", nameof(kind));
        var known = await fourEyes.KnownAsync(by, ct);
        for (var looks = 0; looks < MostLooks; looks++)
        {
            if (!(await SeeAsync(of, New(of, given, known), by, ct)).Is(out var seen, out var no)) return no; // 1
            var may = await fourEyes.MayApproveAsync(seen.Proposal.AskedOf(of), by, saysAlone: true, ct); // 2
            var alone = seen.Basis.Same is null && may is { Alone: true, No: null };
            if (await PutAsync(of, seen, alone, ct) is not { } put) continue; // 3
            if (!put.Is(out var outcome, out no)) return no;
            if (outcome.Waits is not { } waits) return outcome;
            var whoMay = (await fourEyes.RightOrNobodyAsync(waits.Waits.AskedOf(of), by, ct)).WhoMay;
            // The exception would cover it, but for the sign-in.
            if (may is { Alone: true, No: not null }) whoMay += ", after signing in again ('guerdon login')";
            return outcome with { Waits = new(waits.Waits.For(SeesPay(by)), whoMay) };
        }

        return ApprovalRefusals.InputBusy.With("What is in force changes all the time.");
    }

    /// <summary>Steps: 1 whether they may decide the kind; 2 a repeat that names the same gets its first answer; 3 what
    /// was looked at is what would be decided; 4 who may; 5 effect and decision in one commit.</summary>
    /// <param name="id">Which.</param>
    /// <param name="named">The digest of what they looked at.</param>
    /// <param name="alone">The only administrator says that they decide alone.</param>
    /// <param name="by">Who approves.</param>
    /// <param name="ct">Stops it.</param>
    public async Task<Result<Decided>> ApproveAsync(
        InputId id, string? named, bool alone, Actor by, CancellationToken ct)
    {
        if (await FindAsync(id, by, ct) is not { } found) return Unknown($"{id}");
        var (before, of) = found;
        if (NotTheirs(before, of, by) is { } theirs) return theirs; // 1
        if (before.State == InputState.Approved && by.Is(before.Decider!)) // 2
            return Digests.Check($"{id}", before.Digest, named) is { } other ? other : new Decided(before, Done: false);
        if (before.State != InputState.Waiting) return AlreadyDecided(before);

        if (!(await SeeAsync(of, before, by, ct)).Is(out var seen, out var no)) return await WhyAsync(id, no, ct); // 3
        if (Digests.Check($"{id}", seen.Proposal.Digest, named) is { } differs)
            return await WhyAsync(id, differs with { Errors = seen.Proposal.For(SeesPay(by)).Changes }, ct);

        var may = await fourEyes.MayApproveAsync(seen.Proposal.AskedOf(of, seen.Reader), by, alone, ct); // 4
        if (seen.MakesReader) return ApprovalRefusals.InputOwn.With($"{id}: {OnAddress}");
        return may.No is { } own ? ApprovalRefusals.InputOwn.With(own) : await EffectAsync(of, seen, may, ct); // 5
    }

    /// <summary>Declines a proposal, or withdraws it where they proposed it themselves. Whoever may approve the kind
    /// may decline, also where it reaches them: no proposal is one that nobody can end.</summary>
    /// <param name="id">Which.</param>
    /// <param name="reason">Why; whoever withdraws may leave it out.</param>
    /// <param name="by">Who declines.</param>
    /// <param name="ct">Stops it.</param>
    public async Task<Result<Decided>> DeclineAsync(InputId id, string? reason, Actor by, CancellationToken ct)
    {
        if (await FindAsync(id, by, ct) is not { } found) return Unknown($"{id}");
        var (me, withdraws) =
            (await fourEyes.KnownAsync(by, ct), await fourEyes.AreOneAsync(by, found.Proposal.Asker, ct));
        if (!withdraws && NotTheirs(found.Proposal, found.Of, by) is { } theirs) return theirs;

        await using var connection = await db.OpenConnectionAsync(ct);
        await using var transaction = await connection.BeginAsync(ct);
        var stored = (await InputStore.LockAsync(connection, id, ct))!;
        if (stored.State is InputState.Declined or InputState.Withdrawn && by.Is(stored.Decider!))
            return new Decided(stored, Done: false);
        if (stored.State != InputState.Waiting) return AlreadyDecided(stored);
        if (!(withdraws && string.IsNullOrWhiteSpace(reason))
            && Reason.Check(ApprovalRefusals.ReasonInvalid, reason) is { } invalid) return invalid;

        stored = stored with
        {
            State = withdraws ? InputState.Withdrawn : InputState.Declined,
            DecidedBy = by.Name,
            Decider = me,
            DecidedAt = clock.NowMicros(),
            Reason = string.IsNullOrWhiteSpace(reason) ? null : reason.Trim(),
        };
        await InputStore.SaveAsync(connection, stored, ct);
        await transaction.CommitAsync(ct);
        return new Decided(stored, Done: true);
    }

    /// <summary>A proposal and its kind, for somebody who may read it: all of the kind, or what they proposed.
    /// </summary>
    internal async Task<(InputProposal Proposal, IInput Of)?> FindAsync(InputId id, Actor by, CancellationToken ct)
    {
        if (await InputStore.FindAsync(db, id, ct) is not { } one || Find(one.Kind) is not { } of) return null;
        return by.HoldsOfAll?.Invoke(of.Reads) == false && !await fourEyes.AreOneAsync(by, one.Asker, ct)
            ? null : (one, of);
    }

    /// <summary>A proposal beside what is in force now, or why it cannot be applied. Everybody is known by the person
    /// whose account they have by now. It writes nothing, and holds no connection while people are gone through.
    /// </summary>
    internal async Task<Result<Seen>> SeeAsync(IInput of, InputProposal one, Actor by, CancellationToken ct)
    {
        var me = await fourEyes.KnownAsync(by, ct);
        var asker = me.Is(one.Asker) ? one.Asker.Person ?? me.Person
            : (await fourEyes.KnownAsync(one.Asker, ct)).Person;
        InputBasis? basis;
        await using (var connection = await db.OpenConnectionAsync(ct))
            if (!(await of.CheckAsync(connection, one.Given, ct)).Is(out basis, out var no)) return no;

        var reach = new InputReach([.. new[] { asker, me.Person }.OfType<Guid>()]);
        if (!await Turns.WaitAsync(MostWait, ct))
            return ApprovalRefusals.InputBusy.With("Many look at proposals at the moment.");
        try
        {
            if (!(await of.LookAsync(one.Given, basis, reach, ct)).Is(out var look, out var not)) return not;
            var makes = look.Makes(me);
            return new Seen(
                one.Beside(basis, look, reach, asker), basis,
                reach.EffectOn(me.Person) ?? (makes ? OnAddress : null), me.Person, makes);
        }
        finally
        {
            Turns.Release();
        }
    }

    /// <summary>Whether somebody may read what everybody is paid.</summary>
    internal static bool SeesPay(Actor by) => by.HoldsOfAll?.Invoke(Permissions.PayRead) != false;

    internal static Refused Unknown(string id) => ApprovalRefusals.InputUnknown.With($"There is no proposal '{id}'.");

    // Null: something else came into force since they looked.
    private async Task<Result<Outcome>?> PutAsync(IInput of, Seen seen, bool alone, CancellationToken ct)
    {
        var one = seen.Proposal;
        await using var connection = await db.OpenConnectionAsync(ct);
        await using var transaction = await connection.BeginAsync(ct);
        if (!(await of.CheckAsync(connection, one.Given, ct)).Is(out var basis, out var no)) return no;
        if (!basis.Is(seen.Basis)) return null;
        if (basis.Same is null && !alone)
        {
            if (!(await WaitAsync(of, connection, one, ct)).Is(out var waits, out no)) return no;
            await transaction.CommitAsync(ct);
            return new Outcome(null, new InputWaits(waits, ""));
        }

        await OvertakeAsync(connection, await InputStore.AlikeAsync(connection, one, ct), one, ct);
        var applied = basis.Same ?? await of.ApplyAsync(connection, one.Given, one.Asker, ct);
        if (!applied.Is(out var made, out no)) return no;
        if (alone)
        {
            one = Approved(one, one.Asker, alone: true, made);
            await InputStore.AddAsync(connection, one, ct);
            await OvertakeAsync(connection, await InputStore.SameAsync(connection, one, ct), one, ct);
        }

        await transaction.CommitAsync(ct);
        if (alone) await of.AppliedAsync(ct);
        return new Outcome(made.Reply, null);
    }

    private async Task<Result<Decided>> EffectAsync(IInput of, Seen seen, FourEyes.Answer may, CancellationToken ct)
    {
        var now = seen.Proposal;
        await using var connection = await db.OpenConnectionAsync(ct);
        await using var transaction = await connection.BeginAsync(ct);
        var check = await of.CheckAsync(connection, now.Given, ct);
        var stored = (await InputStore.LockAsync(connection, now.Id, ct))!;
        if (stored.State != InputState.Waiting) return AlreadyDecided(stored);
        if (!check.Is(out var basis, out var no)) return no;
        if (!basis.Is(seen.Basis))
            return ApprovalRefusals.InputChanged.With($"{now.Id} is compared with {basis.Words} by now.");

        if (basis.Same is { } same)
            return ApprovalRefusals.InputDecided.With($"{now.Id} is applied already: {same.What}.");

        if (!(await of.ApplyAsync(connection, now.Given, now.Asker, ct)).Is(out var made, out no)) return no;
        now = Approved(now, may.By, may.Alone, made);
        await InputStore.SaveAsync(connection, now, ct);
        await OvertakeAsync(connection, await InputStore.SameAsync(connection, now, ct), now, ct);
        await transaction.CommitAsync(ct);
        await of.AppliedAsync(ct);
        return new Decided(now, Done: true, made.Reply);
    }

    private InputProposal Approved(InputProposal one, Actor by, bool alone, InputMade made) => one with
    {
        State = InputState.Approved,
        Decider = by,
        DecidedBy = by.Name,
        DecidedAt = clock.NowMicros(),
        Alone = alone,
        Made = made.What,
        MadeId = made.Id,
    };

    private static Refused? NotTheirs(InputProposal one, IInput of, Actor by) =>
        by.Holds?.Invoke(of.Approves) != false ? null
            : ApprovalRefusals.InputOwn.With(ApprovalRules.Why(Verdict.NotTheirs, one.AskedOf(of))!);

    private static Refused AlreadyDecided(InputProposal one) => ApprovalRefusals.InputDecided.With(
        $"{one.Id} was {one.State.ToString().ToLowerInvariant()} by {one.DecidedBy} on {one.DecidedAt:yyyy-MM-dd}.");

    // Whoever comes second is told that it is decided, rather than that something is in force by now.
    private async Task<Refused> WhyAsync(InputId id, Refused no, CancellationToken ct) =>
        await InputStore.FindAsync(db, id, ct) is { State: not InputState.Waiting } decided
            ? AlreadyDecided(decided) : no;

    private InputProposal New(IInput of, InputGiven given, Actor by) => new(
        Id.New<InputId>(clock), of.Kind, given.Subject, "", default, "", [], 0, by.Name, clock.NowMicros())
    {
        State = InputState.Waiting, Asker = by with { Holds = null }, Body = given.Body,
    };

    private async Task<Result<InputProposal>> WaitAsync(
        IInput of, NpgsqlConnection connection, InputProposal one, CancellationToken ct)
    {
        var before = await InputStore.AlikeAsync(connection, one, ct);
        if (before.FirstOrDefault(other => other.Body == one.Body) is { } again) // asked again
            return one with { Id = again.Id, AskedAt = again.AskedAt, First = again.First };
        await OvertakeAsync(connection, before, one, ct);
        if (await InputStore.CountAsync(connection, one.Asker, ct) >= MostWaiting)
            return ApprovalRefusals.InputsMany.With($"{MostWaiting} that you proposed wait already.");
        // Also those whom something like it reached, whoever proposed it and whatever became of it, so that nobody is
        // made one of many in two steps.
        IEnumerable<Guid> like = !of.IsInSteps ? [] : [
            .. before.SelectMany(other => other.First),
            .. await InputStore.FewLatelyAsync(connection, one, clock.NowMicros() - Lately, ct),
        ];
        one = one with { First = [.. like.Union(one.Few).Order()] };
        await InputStore.AddAsync(connection, one, ct);
        return one;
    }

    // What the same person had waiting, in whose place something else is now; or what says the same as what is in
    // force now.
    private static async Task OvertakeAsync(
        NpgsqlConnection connection, IReadOnlyList<InputProposal> before, InputProposal one, CancellationToken ct)
    {
        foreach (var other in before)
            await InputStore.SaveAsync(connection, other with
            {
                State = InputState.Overtaken,
                DecidedBy = one.DecidedBy ?? one.AskedBy,
                Decider = one.Decider ?? one.Asker,
                DecidedAt = one.DecidedAt ?? one.AskedAt,
            }, ct);
    }
}
