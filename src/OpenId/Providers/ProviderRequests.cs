using System.Text.Json;
using Guerdon.Approvals;
using Guerdon.Identity.External;
using Guerdon.Kernel;
using Guerdon.Storage;
using Npgsql;

namespace Guerdon.OpenId.Providers;

/// <summary>Providers that somebody asks for and another agrees to, since whoever runs one can say who anybody is. One
/// person removes one at once.</summary>
public sealed class ProviderRequests
{
    private const string OneAtATime = "openid.provider";

    private const string Insert = """
        insert into openid.provider (
            provider_id, name, label, issuer, client_id, secret, scopes, strangers, group_claim, group_roles, asked_by,
            asked_by_account, asked_by_person, asked_at)
        values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10::text::jsonb, $11, $12, $13, $14)
        """;

    private const string Decide = """
        update openid.provider
           set decision = $2, decided_by = $3, decided_by_account = $4, decided_by_person = $5, decided_at = $6,
               decided_alone = $7, decided_reason = $8, secret = case when $2 = 'declined' then null else secret end
         where provider_id = $1
        """;

    private const string End = """
        update openid.provider
           set ended_at = $2, ended_by = $3, ended_by_account = $4, ended_by_person = $5, secret = null
         where name = $1 and decision = 'approved' and ended_at is null
        """;

    private readonly NpgsqlDataSource _db;
    private readonly FourEyes _fourEyes;
    private readonly ProviderSecrets _secrets;
    private readonly ExternalRoles _roles;
    private readonly TimeProvider _clock;

    internal ProviderRequests(
        NpgsqlDataSource db, FourEyes fourEyes, ProviderSecrets secrets, ExternalRoles roles, TimeProvider clock) =>
        (_db, _fourEyes, _secrets, _roles, _clock) = (db, fourEyes, secrets, roles, clock);

    /// <summary>Asks for a provider, or for other settings of one. What is in force already, or waits already, is not
    /// asked for again.</summary>
    /// <param name="name">In addresses.</param>
    /// <param name="asked">What is null stays as it is in force.</param>
    /// <param name="by">Who asks.</param>
    /// <param name="ct">Stops it.</param>
    public async Task<Result<SignInProvider>> AskAsync(
        string name, ProviderSettings asked, Actor by, CancellationToken ct)
    {
        if (!ProviderRules.IsName(name))
            return OpenIdRefusals.Invalid.With(
                "The name must be 1 to 40 of a-z, 0-9 and '-', and begin with a letter or digit.");
        await using var connection = await _db.OpenConnectionAsync(ct);
        await using var transaction = await connection.BeginAsync(ct);
        await Locks.InTransactionAsync(connection, OneAtATime, ct);
        var all = await connection.ReadAsync(ProviderRows.InForce, ProviderRows.Of, [], ct);
        var was = all.Find(one => one.Name == name);
        var waits = await connection.FirstAsync(ProviderRows.WaitingNamed, ProviderRows.Of, [name], ct);
        var (settings, wrong) = ProviderRules.Join(name, asked, was);
        if (wrong.Count > 0) return OpenIdRefusals.Invalid.With(string.Join(" ", wrong));
        if (waits is not null)
            return IsSame(waits, settings) && by.Is(waits.Asker) ? await ForAsync(waits, by, connection, ct)
                : OpenIdRefusals.Waits.With($"{waits.Id}, which {waits.AskedBy} asked for, waits for {name}.");
        if (was is not null && IsSame(was, settings)) return was;
        if (FaultOf(name, settings, all, was) is { } fault) return fault;

        var id = Id.New<SignInProviderId>(_clock);
        if (!SecretOf(id, settings, was).Is(out var secret, out var no)) return no;
        await connection.ExecuteAsync(
            Insert,
            [
                id.Value, name, settings.Label, settings.Issuer, settings.ClientId, secret.Sealed,
                settings.Scopes!.ToArray(), settings.Strangers, settings.GroupClaim,
                JsonSerializer.Serialize(settings.GroupRoles, JsonSerializerOptions.Web), by.Name, by.Account,
                by.Person, _clock.GetUtcNow(),
            ], ct);
        var made = (await connection.FirstAsync(ProviderRows.One, ProviderRows.Of, [id.Value], ct))!;
        await transaction.CommitAsync(ct);
        return await ForAsync(made, by, connection, ct);
    }

    /// <summary>Puts in force what somebody else asked for, on all nodes. The same again changes nothing.</summary>
    /// <param name="id">Which.</param>
    /// <param name="alone">The only administrator says that they approve what they asked for.</param>
    /// <param name="by">Who approves.</param>
    /// <param name="ct">Stops it.</param>
    public Task<Result<SignInProvider>> ApproveAsync(
        SignInProviderId id, bool alone, Actor by, CancellationToken ct) =>
        DecideAsync(id, by, SignInProvider.InForce, async (at, asked) =>
        {
            var may = await _roles.EyesAt(at).MayApproveAsync(asked.Asked, by, alone, ct);
            if (may.No is { } no) return OpenIdRefusals.NotTheirs.With(no);
            if (await _roles.WhyNotAsync(at, asked.Asker, Permissions.SsoWrite, ct) is not null)
                return OpenIdRefusals.AskerGone.With($"{asked.AskedBy}, who asked, sets no providers any more.");
            if (by.IsConfirmedAt?.Invoke(_clock.GetUtcNow()) == false)
                return OpenIdRefusals.NotConfirmed.With("Whoever runs a provider can say who anybody is.");
            var others = await at.ReadAsync(ProviderRows.InForce, ProviderRows.Of, [], ct);
            var was = others.Find(one => one.Name == asked.Name);
            if (FaultOf(asked.Name, new(asked.Issuer), others, was) is { } fault) return fault;

            var now = _clock.GetUtcNow();
            await at.ExecuteAsync(End, [asked.Name, now, by.Name, by.Account, by.Person], ct);
            await at.ExecuteAsync(
                Decide, [id.Value, "approved", by.Name, by.Account, by.Person, now, may.Alone, null], ct);
            // What the former rules gave, and these do not, nobody would take any more.
            var still = asked.GroupClaim is null ? [] : asked.GroupRoles.SelectMany(rule => rule.Roles).ToHashSet();
            await _roles.KeepOnlyAsync(at, asked.Source, still, ct);
            return null;
        }, ct);

    /// <summary>Declines what was asked for; whoever asked withdraws it so. The same again changes nothing.</summary>
    public Task<Result<SignInProvider>> DeclineAsync(
        SignInProviderId id, string? reason, Actor by, CancellationToken ct) =>
        DecideAsync(id, by, SignInProvider.Declined, async (at, _) =>
        {
            if (Reason.Check(OpenIdRefusals.ReasonInvalid, reason) is { } unsaid) return unsaid;
            await at.ExecuteAsync(
                Decide,
                [id.Value, "declined", by.Name, by.Account, by.Person, _clock.GetUtcNow(), false, reason!.Trim()], ct);
            return null;
        }, ct);

    /// <summary>Ends a provider on all nodes, in a transaction that also ends what was begun with it.</summary>
    /// <param name="connection">In a transaction.</param>
    /// <param name="name">Which.</param>
    /// <param name="by">Who removes it.</param>
    /// <param name="ct">Stops it.</param>
    /// <returns>What was in force.</returns>
    internal async Task<Result<SignInProvider>> RemoveAsync(
        NpgsqlConnection connection, string name, Actor by, CancellationToken ct)
    {
        await Locks.InTransactionAsync(connection, OneAtATime, ct);
        if (await connection.FirstAsync(ProviderRows.Named, ProviderRows.Of, [name], ct) is not { } was)
            return OpenIdRefusals.NotFound.With($"There is no provider '{Wording.Shortened(name)}' in force.");
        await connection.ExecuteAsync(End, [name, _clock.GetUtcNow(), by.Name, by.Account, by.Person], ct);
        await Notify.InTransactionAsync(connection, ProviderRows.Channel, ct);
        return (await connection.FirstAsync(ProviderRows.One, ProviderRows.Of, [was.Id.Value], ct))!;
    }

    /// <summary>Those in force and those that wait, the newest first.</summary>
    /// <param name="all">Also those that were declined or have ended.</param>
    /// <param name="reader">Who is told whether they may decide.</param>
    /// <param name="ct">Stops it.</param>
    public async Task<IReadOnlyList<SignInProvider>> ListAsync(bool all, Actor reader, CancellationToken ct)
    {
        var found = await _db.ReadAsync(ProviderRows.All, ProviderRows.Of, [all], ct);
        var rights = new Queue<Right>(await _fourEyes.RightsAsync(
            [.. found.Where(one => one.IsWaiting).Select(one => one.Asked)], reader, ct));
        return [.. found.Select(one => one.IsWaiting ? With(one, rights.Dequeue()) : one)];
    }

    /// <summary>One that waits or is in force, by its name; of two the one that waits.</summary>
    internal async Task<SignInProvider?> FindAsync(string name, CancellationToken ct) =>
        await _db.FirstAsync(ProviderRows.WaitingNamed, ProviderRows.Of, [name], ct)
        ?? await _db.FirstAsync(ProviderRows.Named, ProviderRows.Of, [name], ct);

    internal async Task<IReadOnlyList<SignInProvider>> WaitingAsync(int most, CancellationToken ct) =>
        await _db.ReadAsync(ProviderRows.Waiting, ProviderRows.Of, [most], ct);

    private async Task<Result<SignInProvider>> DecideAsync(
        SignInProviderId id, Actor by, string wanted, Func<NpgsqlConnection, SignInProvider, Task<Refused?>> decide,
        CancellationToken ct)
    {
        await using var connection = await _db.OpenConnectionAsync(ct);
        await using var transaction = await connection.BeginAsync(ct);
        // Before all other locks, as whoever signs in.
        if (await _roles.LockForAsync(connection, by, Permissions.SsoWrite, ct) is { } gone) return gone;
        await Locks.InTransactionAsync(connection, OneAtATime, ct);
        if (await connection.FirstAsync(ProviderRows.One, ProviderRows.Of, [id.Value], ct) is not { } asked)
            return OpenIdRefusals.NotFound.With($"There is no request '{id}'.");
        if (!asked.IsWaiting)
            return asked.State == wanted && by.Is(asked.Decider!) ? asked
                : OpenIdRefusals.Decided.With(
                    $"{id} was decided by {asked.DecidedBy} on {Wording.Utc(asked.DecidedAt)}.");
        if (await decide(connection, asked) is { } refused) return refused;

        await Notify.InTransactionAsync(connection, ProviderRows.Channel, ct);
        var after = (await connection.FirstAsync(ProviderRows.One, ProviderRows.Of, [id.Value], ct))!;
        await transaction.CommitAsync(ct);
        return after;
    }

    private static Refused? FaultOf(
        string name, ProviderSettings settings, List<SignInProvider> all, SignInProvider? was)
    {
        if (was is not null && was.Issuer != settings.Issuer)
            return OpenIdRefusals.IssuerFixed.With($"{name} is {was.Issuer}: another issuer is another provider.");
        if (all.Find(one => one.Issuer == settings.Issuer && one.Name != name) is { } other)
            return OpenIdRefusals.IssuerTaken.With($"{other.Name} has the issuer {other.Issuer}.");
        return was is null && all.Count >= ProviderRules.MostProviders
            ? OpenIdRefusals.TooMany.With($"There are {all.Count} providers.") : null;
    }

    private readonly record struct Kept(byte[]? Sealed);

    // What is saved goes only to whom it was set for: otherwise an administrator who has never seen it could have it
    // sent to themselves.
    private Result<Kept> SecretOf(SignInProviderId id, ProviderSettings settings, SignInProvider? was)
    {
        var secret = settings.ClientSecret;
        if (secret is null && was is { HasSecret: true })
        {
            if (was.ClientId != settings.ClientId || _secrets.Unseal(was) is not { } saved)
                return OpenIdRefusals.SecretNeeded.With($"The secret that is saved is that of {was.ClientId}.");
            secret = saved;
        }

        if (string.IsNullOrEmpty(secret)) return new Kept(null);
        return _secrets.IsOpen ? new Kept(_secrets.Seal(id, secret))
            : OpenIdRefusals.NoKeyFile.With("This node has no key file, so that it saves no secret.");
    }

    private bool IsSame(SignInProvider row, ProviderSettings asked) =>
        row.Issuer == asked.Issuer && row.ClientId == asked.ClientId && row.Label == asked.Label
        && row.Strangers == asked.Strangers && row.GroupClaim == asked.GroupClaim
        && row.Scopes.SequenceEqual(asked.Scopes!) && row.GroupRoles.Count == asked.GroupRoles!.Count
        && row.GroupRoles.Zip(asked.GroupRoles).All(
            two => two.First.Group == two.Second.Group && two.First.Roles.SequenceEqual(two.Second.Roles))
        && (asked.ClientSecret is not { } secret || (_secrets.Unseal(row) ?? "") == secret);

    private async Task<SignInProvider> ForAsync(
        SignInProvider one, Actor reader, NpgsqlConnection at, CancellationToken ct) =>
        With(one, await _roles.EyesAt(at).RightAsync(one.Asked, reader, ct));

    private static SignInProvider With(SignInProvider one, Right right) =>
        one with { WhoMay = right.WhoMay, YouMay = right.YouMay, YouAsked = right.YouAsked };
}
