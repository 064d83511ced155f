using Guerdon.Kernel;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Npgsql;

namespace Guerdon.Approvals.Inputs;

/// <summary>What payments are computed from takes two: one proposes a change, another approves it by its digest. Where
/// the exception for a company's only administrator holds, what they propose is in effect at once, and recorded as
/// decided alone.</summary>
public sealed class InputProposals(
    NpgsqlDataSource db, FourEyes fourEyes, IEnumerable<IInput> kinds, TimeProvider clock)
{
    /// <summary>What came of proposing.</summary>
    /// <param name="Reply">As the endpoint answers: it is in effect, or was before. Null: it waits.</param>
    /// <param name="Waits">What waits for another; null: nothing does.</param>
    public sealed record Outcome(object? Reply, InputWaits? Waits);

    /// <summary>What came of deciding.</summary>
    /// <param name="Proposal">As it is decided.</param>
    /// <param name="Done">False where the same person had decided so before.</param>
    /// <param name="Applied">What the endpoint that applies it answers; null: nothing was applied.</param>
    public sealed record Decided(InputProposal Proposal, bool Done, object? Applied = null);

    /// <summary>A kind by its name; null: there is none.</summary>
    internal IInput? Find(string kind) => kinds.SingleOrDefault(one => one.Kind == kind);

    /// <summary>Steps: 1 the kind's own checks, beside what is in force; 2 the same as what is in force needs nothing;
    /// 3 the only administrator's takes effect; 4 else it waits, once, in place of what they proposed before.</summary>
    /// <param name="kind">One that is registered.</param>
    /// <param name="given">What is proposed.</param>
    /// <param name="by">Who proposes it.</param>
    /// <param name="ct">Stops it.</param>
    public async Task<Result<Outcome>> ProposeAsync(string kind, InputGiven given, Actor by, CancellationToken ct)
    {
        var of = Find(kind) ?? throw new ArgumentException($"Nobody registered the kind '{kind}'.", nameof(kind));
        await using var connection = await db.OpenConnectionAsync(ct);
        await using var transaction = await connection.BeginTransactionAsync(ct);
        if (!(await of.LookAsync(connection, given, ct)).Is(out var look, out var no)) return no; // 1
        if (look.Same is { } same) return new Outcome(same.Reply, null); // 2

        var proposal = New(of, given, await fourEyes.KnownAsync(by, ct)).Beside(look);
        var asked = proposal.AskedOf(of);
        if ((await fourEyes.MayApproveAsync(asked, by, saysAlone: true, ct)).Alone
            && await OnThemAsync(of, proposal, ct) is null) // 3
        {
            var made = await of.ApplyAsync(connection, given, by, ct);
            proposal = proposal with
            {
                State = InputState.Approved, Decider = proposal.Asker, DecidedBy = by.Name,
                DecidedAt = proposal.AskedAt, Alone = true, Made = made.What,
            };
            await InputStore.AddAsync(connection, proposal, ct);
            await transaction.CommitAsync(ct);
            await of.AppliedAsync(ct);
            return new Outcome(made.Reply, null);
        }

        proposal = await WaitAsync(connection, proposal, ct); // 4
        await transaction.CommitAsync(ct);
        return new Outcome(null, new InputWaits(proposal, (await fourEyes.RightAsync(asked, by, ct)).WhoMay));
    }

    /// <summary>Steps: 1 the kind's lock and checks, beside what is in force now; 2 the proposal, locked; a repeat gets
    /// its first answer; 3 what was looked at is what would be decided; 4 who may; 5 effect and decision in one commit.
    /// </summary>
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
        if (before.State == InputState.Approved && by.Is(before.Decider!)) return new Decided(before, Done: false);
        if (before.State != InputState.Waiting) return AlreadyDecided(before);

        await using var connection = await db.OpenConnectionAsync(ct);
        await using var transaction = await connection.BeginTransactionAsync(ct);
        if (!(await of.LookAsync(connection, before.Given, ct)).Is(out var look, out var no)) return no; // 1
        var stored = (await InputStore.LockAsync(connection, id, ct))!; // 2
        if (stored.State != InputState.Waiting) return AlreadyDecided(stored);

        var now = stored.Beside(look); // 3
        if (new NamedDigest(ApprovalRefusals.InputDigestNeeded, ApprovalRefusals.InputChanged)
            .Check($"{id}", now.Digest, named) is { } differs)
        {
            await InputStore.SaveAsync(connection, now, ct);
            await transaction.CommitAsync(ct);
            return differs with { Errors = now.Changes };
        }

        var may = await fourEyes.MayApproveAsync(now.AskedOf(of), by, alone, ct); // 4
        if (may.No is { } own) return ApprovalRefusals.InputOwn.With(own);

        if (may.Alone && await OnThemAsync(of, now, ct) is { } reaches)
            return ApprovalRefusals.InputOwn.With(
                $"{reaches} Nobody decides alone what reaches themselves: it waits for somebody else.");

        // The same may have come into effect otherwise; then nothing is left to do.
        var isNew = look.Same is null;
        var made = look.Same ?? await of.ApplyAsync(connection, now.Given, now.Asker, ct); // 5
        now = now with
        {
            State = isNew ? InputState.Approved : InputState.Overtaken, Decider = may.By,
            Alone = may.Alone && isNew, DecidedBy = by.Name, DecidedAt = clock.NowMicros(),
            Made = isNew ? made.What : null,
        };
        await InputStore.SaveAsync(connection, now, ct);
        await transaction.CommitAsync(ct);
        await of.AppliedAsync(ct);
        return new Decided(now, Done: true, made.Reply);
    }

    /// <summary>Declines a proposal, or withdraws it where they proposed it themselves.</summary>
    /// <param name="id">Which.</param>
    /// <param name="reason">Why; whoever withdraws may leave it out.</param>
    /// <param name="by">Who declines.</param>
    /// <param name="ct">Stops it.</param>
    public async Task<Result<Decided>> DeclineAsync(InputId id, string? reason, Actor by, CancellationToken ct)
    {
        if (await FindAsync(id, by, ct) is not { } found) return Unknown($"{id}");
        await using var connection = await db.OpenConnectionAsync(ct);
        await using var transaction = await connection.BeginTransactionAsync(ct);
        var stored = (await InputStore.LockAsync(connection, id, ct))!;
        if (stored.State is InputState.Declined or InputState.Withdrawn && by.Is(stored.Decider!))
            return new Decided(stored, Done: false);
        if (stored.State != InputState.Waiting) return AlreadyDecided(stored);

        var withdraws = await fourEyes.AreOneAsync(by, stored.Asker, ct);
        if (!withdraws && by.Holds?.Invoke(found.Of.Approves) == false)
            return ApprovalRefusals.InputOwn.With(ApprovalRules.Why(Verdict.NotTheirs, stored.AskedOf(found.Of))!);
        if (await fourEyes.WhyNotAsBeneficiaryAsync(stored.AskedOf(found.Of), by, withdraws, ct) is { } own)
            return ApprovalRefusals.InputOwn.With(own);
        if (!(withdraws && string.IsNullOrWhiteSpace(reason))
            && Reason.Check(ApprovalRefusals.ReasonInvalid, reason) is { } invalid) return invalid;

        stored = stored with
        {
            State = withdraws ? InputState.Withdrawn : InputState.Declined, DecidedBy = by.Name,
            Decider = await fourEyes.KnownAsync(by, ct), DecidedAt = clock.NowMicros(),
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
        return by.Holds?.Invoke(of.Reads) == false && !await fourEyes.AreOneAsync(by, one.Asker, ct) ? null : (one, of);
    }

    internal static Refused Unknown(string id) => ApprovalRefusals.InputUnknown.With($"There is no proposal '{id}'.");

    // The exception for an only administrator never covers what is for them, however many others it reaches.
    private static async Task<string?> OnThemAsync(IInput of, InputProposal one, CancellationToken ct) =>
        one.Asker.Person is { } person ? await of.EffectOnAsync(one.Given, person, ct) : null;

    private static Refused AlreadyDecided(InputProposal one) => ApprovalRefusals.InputDecided.With(
        $"{one.Id} was {one.State.ToString().ToLowerInvariant()} by {one.DecidedBy} on {one.DecidedAt:yyyy-MM-dd}.");

    private InputProposal New(IInput of, InputGiven given, Actor by) => new(
        Id.New<InputId>(clock), of.Kind, given.Subject, "", default, "", [], 0, by.Name, clock.NowMicros())
    {
        Asker = by with { Holds = null }, Body = given.Body,
    };

    private static async Task<InputProposal> WaitAsync(
        NpgsqlConnection connection, InputProposal one, CancellationToken ct)
    {
        foreach (var before in await InputStore.AlikeAsync(connection, one, ct))
        {
            if (!before.Asker.Is(one.Asker)) continue;
            if (before.Digest == one.Digest) return before; // asked again
            await InputStore.SaveAsync(connection, before with
            {
                State = InputState.Overtaken, DecidedBy = one.AskedBy, Decider = one.Asker, DecidedAt = one.AskedAt,
            }, ct);
        }

        await InputStore.AddAsync(connection, one, ct);
        return one;
    }
}

/// <summary>Proposals as answers of the REST API.</summary>
public static class InputAnswers
{
    /// <summary>200 with what the endpoint answers where it is in effect, 202 where it waits for another, or the
    /// refusal.</summary>
    public static Results<Ok<T>, Accepted<InputWaits>, ProblemHttpResult> ToHttp<T>(
        this Result<InputProposals.Outcome> proposed)
    {
        if (!proposed.Is(out var outcome, out var no)) return no.ToProblem();
        return outcome.Waits is { } waits
            ? TypedResults.Accepted($"/api/v1/inputs/{waits.Waits.Id}", waits) : TypedResults.Ok((T)outcome.Reply!);
    }
}

/// <summary>The answer where a proposal waits for another to approve it: nothing is in effect yet.</summary>
/// <param name="Waits">What waits, with all that would change.</param>
/// <param name="WhoMay">Who may approve it, in words.</param>
public sealed record InputWaits(InputProposal Waits, string WhoMay);
