using Guerdon.Approvals;
using Guerdon.Identity.Accounts;
using Guerdon.Kernel;
using Guerdon.Storage;
using Npgsql;

namespace Guerdon.Identity.Giving;

/// <summary>Roles that somebody is to be given: one asks, another agrees, and neither is who gets it.</summary>
public sealed class RoleRequests(
    NpgsqlDataSource db, FourEyes fourEyes, TimeProvider clock)
{
    private const string Columns = """
        select q.request_id, q.account_id, a.email, a.person_id, q.role, q.reason, q.asked_by, q.asked_by_account,
               q.asked_by_person, q.asked_at, q.decision, q.decided_by, q.decided_by_account, q.decided_by_person,
               q.decided_at, q.decided_alone, q.decided_reason
          from host.role_request q
          join host.account a using (account_id)
        """;

    private const string One = Columns + " where q.request_id = $1";

    private const string WaitingSql = Columns + """
         where q.account_id = $1 and q.role = $2 and q.decision is null
        """;

    private const string Page = Columns + """
         where (not $1 or q.decision is null) and q.request_id < $2 order by q.request_id desc limit $3
        """;

    private const string Oldest = Columns + """
         where q.decision is null order by q.asked_at, q.request_id limit $1
        """;

    private const string Insert = """
        insert into host.role_request (
            request_id, account_id, role, reason, asked_by, asked_by_account, asked_by_person, asked_at)
        values ($1, $2, $3, $4, $5, $6, $7, $8)
        on conflict (account_id, role) where decision is null do nothing
        """;

    private const string Lock = "select from host.role_request where request_id = $1 for update";

    private const string Decide = """
        update host.role_request
           set decision = $2, decided_by = $3, decided_by_account = $4, decided_by_person = $5, decided_at = $6,
               decided_alone = $7, decided_reason = $8
         where request_id = $1
        """;

    private const string Give = """
        insert into host.account_role (
            account_id, role, source, given_at, given_by, given_by_account, given_by_person, agreed_by,
            agreed_by_account, agreed_by_person, given_alone)
        select account_id, role, $2, decided_at, asked_by, asked_by_account, asked_by_person, decided_by,
               decided_by_account, decided_by_person, decided_alone
          from host.role_request where request_id = $1
        on conflict (account_id, role, source) where taken_at is null do nothing
        """;

    private static readonly Guid Last = new("ffffffff-ffff-ffff-ffff-ffffffffffff");

    /// <summary>Asks that somebody else be given a role. The same again, while it waits, is the same request.</summary>
    /// <param name="accountOrEmail">Whose account: <c>acc_…</c>, or its address.</param>
    /// <param name="role">Of <see cref="Roles"/>.</param>
    /// <param name="reason">For the record.</param>
    /// <param name="by">Who asks.</param>
    /// <param name="ct">Stops it.</param>
    public async Task<Result<RoleRequest>> AskAsync(
        string accountOrEmail, string? role, string? reason, Actor by, CancellationToken ct)
    {
        if (!Roles.IsKnown(role)) return IdentityRefusals.RoleUnknown.With($"'{role}' is not a role.");
        if (Reason.Check(IdentityRefusals.ReasonInvalid, reason) is { } unsaid) return unsaid;

        await using var connection = await db.OpenConnectionAsync(ct);
        await using var transaction = await connection.BeginAsync(ct);
        if (await StillMay.InTurnAsync(connection, by, Permissions.RolesGive, clock, ct) is { } gone) return gone;
        var (deciders, now) = (new AccountDeciders(db, clock, connection), clock.GetUtcNow());
        if (!(await AccountDirectory.NamedAsync(connection, accountOrEmail, ct)).Is(out var account, out var none))
            return none;
        var eyes = fourEyes.With(deciders);
        var (me, holder) = (await eyes.KnownAsync(by, ct), await eyes.KnownAsync(account.Holder, ct));
        if (me.Is(holder)) return IdentityRefusals.OwnRole.With("Nobody asks for a role for themselves.");
        // What the installation's own account asks for nobody agrees to, which is looked at below.
        if (me.IsLinkedTo(holder) || holder.Signs is { IsInstallers: true })
            return IdentityRefusals.LinkedRole.With(
                $"{account.Email} and {by.Name} may be in the same hands: one made the link by which the other got the "
                + "password, or somebody made both, or one is a program's for which the other answers, or came with "
                + "the installation.");
        if (account.IsOver(now)) return IdentityRefusals.AccountClosed.With(Problems.WhyOver(account));
        if (!account.SignsIn && !account.IsService)
            return IdentityRefusals.NoPassword.With(Problems.WhyNobodys(account));
        if (account.Roles.Contains(role))
            return IdentityRefusals.RoleHeld.With($"{account.Email} has the role {role}.");

        await connection.ExecuteAsync(
            Insert,
            [
                Id.New<RoleRequestId>(clock).Value, account.Id.Value, role, reason!.Trim(), by.Name, by.Account,
                by.Person, now,
            ], ct);
        var waiting = (await connection.FirstAsync(WaitingSql, Of, [account.Id.Value, role], ct))!;
        if (!await AnyDeciderAsync(connection, eyes, deciders, waiting, ct))
            return IdentityRefusals.NoDecider.With(
                $"Nobody with the administrator role could agree who is neither {waiting.AskedBy} nor "
                + $"{account.Email}.");
        await transaction.CommitAsync(ct);
        return (await ForAsync([waiting], by, eyes, ct))[0];
    }

    // Whoever asks is one of them where the only administrator may decide alone.
    private static async Task<bool> AnyDeciderAsync(
        NpgsqlConnection at, FourEyes eyes, AccountDeciders deciders, RoleRequest request, CancellationToken ct)
    {
        foreach (var id in await deciders.ListAsync(Permissions.RolesGive, ct))
            if (await AccountDirectory.FindAsync(at, id, ct) is { } one
                && (await eyes.RightAsync(request.Asked, one.Holder, ct)).YouMay) return true;
        return (await eyes.RightAsync(request.Asked, request.Asker, ct)).YouMay;
    }

    /// <summary>Gives the role that somebody else asked for, for somebody else. The same again changes nothing.
    /// </summary>
    /// <param name="id">Which.</param>
    /// <param name="alone">The only administrator says that they approve what they asked for.</param>
    /// <param name="by">Who approves.</param>
    /// <param name="ct">Stops it.</param>
    public Task<Result<RoleRequest>> ApproveAsync(RoleRequestId id, bool alone, Actor by, CancellationToken ct) =>
        DecideAsync(id, by, "approved", async (at, request) =>
        {
            var may = await EyesAt(at).MayApproveAsync(request.Asked, by, alone, ct);
            if (may.No is { } no) return IdentityRefusals.OwnRole.With(no);
            var (account, now) = ((await AccountDirectory.FindAsync(at, request.Account, ct))!, clock.GetUtcNow());
            if (account.IsOver(now)) return IdentityRefusals.AccountClosed.With(Problems.WhyOver(account));
            if (await StillMay.WhyNotAsync(at, request.Asker, Permissions.RolesGive, now, ct) is not null)
                return IdentityRefusals.AskerGone.With($"{request.AskedBy}, who asked, gives no roles any more.");

            await at.ExecuteAsync(
                Decide, [id.Value, "approved", by.Name, by.Account, by.Person, clock.GetUtcNow(), may.Alone, null], ct);
            await at.ExecuteAsync(Give, [id.Value, AccountRoles.ByAdministrators], ct);
            return null;
        }, ct);

    /// <summary>Declines a request; whoever asked withdraws it so. The same again changes nothing.</summary>
    public Task<Result<RoleRequest>> DeclineAsync(RoleRequestId id, string? reason, Actor by, CancellationToken ct) =>
        DecideAsync(id, by, "declined", async (at, request) =>
        {
            if (await EyesAt(at).WhyNotAsBeneficiaryAsync(request.Asked, by, withdraws: true, ct) is { } own)
                return IdentityRefusals.OwnRole.With(own);
            if (Reason.Check(IdentityRefusals.ReasonInvalid, reason) is { } unsaid) return unsaid;

            await at.ExecuteAsync(
                Decide,
                [id.Value, "declined", by.Name, by.Account, by.Person, clock.GetUtcNow(), false, reason!.Trim()], ct);
            return null;
        }, ct);

    /// <summary>Requests, the newest first.</summary>
    /// <param name="waiting">Only those that nobody decided.</param>
    /// <param name="after">Older than this one.</param>
    /// <param name="limit">At most so many.</param>
    /// <param name="reader">Who is told whether they may decide.</param>
    /// <param name="ct">Stops it.</param>
    public async Task<IReadOnlyList<RoleRequest>> ListAsync(
        bool waiting, RoleRequestId? after, int limit, Actor reader, CancellationToken ct) =>
        await ForAsync(
            await db.ReadAsync(Page, Of, [waiting, after?.Value ?? Last, limit], ct), reader, fourEyes, ct);

    internal async Task<IReadOnlyList<RoleRequest>> WaitingAsync(int most, CancellationToken ct) =>
        await db.ReadAsync(Oldest, Of, [most], ct);

    private FourEyes EyesAt(NpgsqlConnection at) => AccountDeciders.EyesAt(fourEyes, db, clock, at);

    private async Task<Result<RoleRequest>> DecideAsync(
        RoleRequestId id, Actor by, string wanted, Func<NpgsqlConnection, RoleRequest, Task<Refused?>> decide,
        CancellationToken ct)
    {
        await using var connection = await db.OpenConnectionAsync(ct);
        await using var transaction = await connection.BeginAsync(ct);
        if (await StillMay.InTurnAsync(connection, by, Permissions.RolesGive, clock, ct) is { } gone) return gone;
        await connection.ExecuteAsync(Lock, [id.Value], ct);
        if (await connection.FirstAsync(One, Of, [id.Value], ct) is not { } request)
            return IdentityRefusals.RequestNotFound.With($"There is no request '{id}'.");
        if (!request.IsWaiting)
            return request.State == wanted && by.Is(request.Decider!) ? request
                : IdentityRefusals.RequestDecided.With(
                    $"{id} was {request.State} by {request.DecidedBy} on {Wording.Utc(request.DecidedAt)}.");
        if (await decide(connection, request) is { } refused) return refused;

        var after = (await connection.FirstAsync(One, Of, [id.Value], ct))!;
        await transaction.CommitAsync(ct);
        return after;
    }

    private static async Task<IReadOnlyList<RoleRequest>> ForAsync(
        IReadOnlyList<RoleRequest> requests, Actor reader, FourEyes eyes, CancellationToken ct)
    {
        var rights = new Queue<Right>(await eyes.RightsAsync(
            [.. requests.Where(r => r.IsWaiting).Select(r => r.Asked)], reader, ct));
        return [.. requests.Select(r => r.IsWaiting ? With(r, rights.Dequeue()) : r)];

        static RoleRequest With(RoleRequest request, Right right) =>
            request with { WhoMay = right.WhoMay, YouMay = right.YouMay, YouAsked = right.YouAsked };
    }

    private static RoleRequest Of(Row row)
    {
        var (asker, decider) = (row.Actor("asked_by"), row.ActorOrNull("decided_by"));
        return new RoleRequest(
            row.Id<RoleRequestId>("request_id"), row.Id<AccountId>("account_id"), row.Text("email"), row.Text("role"),
            row.Text("reason"), asker.Name, row.Instant("asked_at"), row.TextOrNull("decision") ?? "waiting",
            decider?.Name, row.InstantOrNull("decided_at"), row.Bool("decided_alone"), row.TextOrNull("decided_reason"))
        {
            Asker = asker, Decider = decider, Person = row.UuidOrNull("person_id"),
        };
    }
}
