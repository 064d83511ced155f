using Guerdon.Approvals;
using Guerdon.Kernel;
using Guerdon.Storage;
using Microsoft.Extensions.Options;
using Npgsql;

namespace Guerdon.Identity.Accounts;

/// <summary>Who may sign in.</summary>
public sealed class AccountDirectory(NpgsqlDataSource db, TimeProvider clock, IOptions<SignInOptions> options)
    : IDeciders
{
    /// <summary>The longest e-mail there can be, in characters (RFC 5321).</summary>
    public const int MostEmailChars = 254;

    /// <summary>What <see cref="Of"/> reads, of <c>host.account a</c> and its person <c>p</c>.</summary>
    internal const string Columns = $"""
        a.account_id, a.email, a.name, a.person_id, a.password_hash, p.left_on, p.access_ended_at,
        {AccountRoles.Held},
        exists (select from host.service_account v where v.account_id = a.account_id) as is_service,
        exists (select from openid.v_signs_in i where i.account_id = a.account_id) as has_provider,
        {AccountRoles.Closed},
        {AccountRoles.Maker},
        (select m.groups_until from privacy.v_mode m) as groups_until
        """;

    private const string ReadSql =
        $"select {Columns} from host.account a left join people.v_person p on p.person_id = a.person_id";

    private const string ByIdSql = ReadSql + " where a.account_id = $1";
    private const string ByEmailSql = ReadSql + " where a.email = $1";

    // An account without a person gets the one whose address it has; the table does that (host.find_person),
    // so that no path misses it.
    private const string InsertSql = """
        with made as (
            insert into host.account (account_id, email, name, person_id, password_hash, created_at)
            values ($1, $2, $3, $4, $5, $6)
            on conflict (email) do nothing
            returning account_id, created_at)
        insert into host.account_role (account_id, role, source, given_at, given_by)
        select account_id, unnest($7::text[]), $8, created_at, $9 from made
        """;

    // A program's own account: no password, so that nobody signs in with it.
    private const string InsertServiceSql = """
        with made as (
            insert into host.account (account_id, email, name, created_at)
            select $1, $2, $3, $4
             where not exists (select from people.person p where p.email = $2)
            on conflict (email) do nothing
            returning account_id, created_at),
        service as (
            insert into host.service_account (account_id, made_by) select account_id, $6 from made
            returning account_id),
        owner as (
            insert into host.service_owner (account_id, owner_id, made_at)
            select account_id, $8::uuid, $4 from service where $8::uuid is not null)
        insert into host.account_role (account_id, role, source, given_at, given_by)
        select account_id, unnest($5::text[]), $7, created_at, $6 from made
        """;

    // Checked in place of a missing account's, so that an unknown e-mail takes as long as a wrong password.
    private readonly Lazy<string> _nobodysHash =
        new(() => Passwords.Hash(Passwords.Make(), options.Value.PasswordIterations));

    private readonly AccountDeciders _deciders = new(db, clock);

    internal Task<bool> AnyAsync(CancellationToken ct) =>
        db.ScalarAsync<bool>("select exists (select from host.account)", [], ct);

    public Task<int> CountAsync(string permission, CancellationToken ct) => _deciders.CountAsync(permission, ct);

    public Task<bool> WereTwoAsync(CancellationToken ct) => _deciders.WereTwoAsync(ct);

    public Task<Guid?> PersonOfAsync(Actor actor, CancellationToken ct) => _deciders.PersonOfAsync(actor, ct);

    public Task<IReadOnlyDictionary<Guid, SignedInBy>> SignedInByAsync(
        IReadOnlyCollection<Guid> accountsOrPersons, CancellationToken ct) =>
        _deciders.SignedInByAsync(accountsOrPersons, ct);

    /// <summary>Opens an account. Repeating it is safe: the first one stays as it is.</summary>
    /// <param name="email">In any case; stored lower-cased.</param>
    /// <param name="name">As pages greet them.</param>
    /// <param name="roles">Of <see cref="Roles"/>; one at least.</param>
    /// <param name="person">Whose wallet is theirs; null: whose address it is, if anybody's.</param>
    /// <param name="password">Null: nobody signs in with it before its holder has set one by a link.</param>
    /// <param name="ct">Stops it.</param>
    /// <returns>The new account, or null where the e-mail has one.</returns>
    public async Task<AccountId?> CreateAsync(
        string email, string name, IReadOnlyCollection<string> roles, Guid? person, string? password,
        CancellationToken ct)
    {
        if (roles.Count == 0 || !roles.All(Roles.IsKnown))
            throw new ArgumentException($"'{string.Join(' ', roles)}' are not roles.", nameof(roles));
        if (password?.Length is < Passwords.MinLength or > Passwords.MaxLength)
            throw new ArgumentException($"A password has {Passwords.MinLength} to {Passwords.MaxLength} characters.");

        email = Lower(email);
        var hash = password is null ? null : Passwords.Hash(password, options.Value.PasswordIterations);
        var id = Id.New<AccountId>(clock);
        object?[] account =
        [
            id.Value, email, name, person, hash, clock.GetUtcNow(), roles.Distinct().ToArray(), AccountRoles.OnServer,
            Actor.Guerdon.Name,
        ];
        return await db.ExecuteAsync(InsertSql, account, ct) > 0 ? id : null;
    }

    /// <summary>Opens an account for a program, which signs in with tokens alone. Repeating it is safe: the first one
    /// stays as it is.</summary>
    /// <param name="email">By which it is known, in any case; nobody reads mail there.</param>
    /// <param name="name">What it is.</param>
    /// <param name="roles">Of <see cref="Roles"/>; one at least, all of <see cref="Permissions.FitPrograms"/>.</param>
    /// <param name="by">Whose act it is.</param>
    /// <param name="ct">Stops it.</param>
    /// <returns>The new account, or null where the address has one, or is a person's.</returns>
    public Task<AccountId?> CreateServiceAsync(
        string email, string name, IReadOnlyCollection<string> roles, string by, CancellationToken ct) =>
        CreateServiceAsync(email, name, roles, by, owner: null, ct);

    /// <summary>The same, of a program for which somebody answers: they have its token, and approvals take them and it
    /// for one.</summary>
    public async Task<AccountId?> CreateServiceAsync(
        string email, string name, IReadOnlyCollection<string> roles, string by, AccountId? owner,
        CancellationToken ct)
    {
        if (roles.Count == 0 || !roles.All(Roles.IsKnown) || !roles.All(Permissions.FitPrograms))
            throw new ArgumentException($"'{string.Join(' ', roles)}' are not a program's roles.", nameof(roles));

        var id = Id.New<AccountId>(clock);
        object?[] account =
        [
            id.Value, Lower(email), name, clock.GetUtcNow(), roles.Distinct().ToArray(), by, AccountRoles.OnServer,
            owner?.Value,
        ];
        return await db.ExecuteAsync(InsertServiceSql, account, ct) > 0 ? id : null;
    }

    /// <summary>The account of an id or an address.</summary>
    internal async Task<Result<Account>> NamedAsync(string accountOrEmail, CancellationToken ct)
    {
        await using var connection = await db.OpenConnectionAsync(ct);
        return await NamedAsync(connection, accountOrEmail, ct);
    }

    /// <summary>The same as the caller's transaction sees it.</summary>
    internal static async Task<Result<Account>> NamedAsync(
        NpgsqlConnection at, string accountOrEmail, CancellationToken ct)
    {
        var account = Id.TryParse<AccountId>(accountOrEmail, out var id) ? await FindAsync(at, id, ct)
            : accountOrEmail.Contains('\0', StringComparison.Ordinal) ? null
            : await at.FirstAsync(ByEmailSql, Of, [Lower(accountOrEmail)], ct);
        return account is null
            ? IdentityRefusals.AccountNotFound.With($"There is no account '{Wording.Shortened(accountOrEmail)}'.")
            : account;
    }

    /// <summary>Every account by e-mail; the first ten thousand.</summary>
    public async Task<IReadOnlyList<Account>> ListAsync(CancellationToken ct) =>
        await db.ReadAsync($"{ReadSql} order by a.email limit 10000", Of, [], ct);

    /// <summary>Accounts by e-mail, after one.</summary>
    public Task<List<Account>> PageAsync(string after, int limit, CancellationToken ct) =>
        db.ReadAsync($"{ReadSql} where a.email > $1 order by a.email limit $2", Of, [after, limit], ct);

    public Task<Account?> FindAsync(AccountId id, CancellationToken ct) => db.FirstAsync(ByIdSql, Of, [id.Value], ct);

    /// <summary>One as the caller's transaction sees it.</summary>
    internal static Task<Account?> FindAsync(NpgsqlConnection at, AccountId id, CancellationToken ct) =>
        at.FirstAsync(ByIdSql, Of, [id.Value], ct);

    /// <param name="email">In any case.</param>
    /// <param name="ct">Stops it.</param>
    public async Task<Account?> FindByEmailAsync(string email, CancellationToken ct) =>
        email.Contains('\0', StringComparison.Ordinal)
            ? null : await db.FirstAsync(ByEmailSql, Of, [Lower(email)], ct);

    /// <summary>The account whose e-mail and password these are. Takes as long where there is none.</summary>
    internal async Task<Account?> CheckPasswordAsync(string email, string password, CancellationToken ct)
    {
        var account = await FindByEmailAsync(email, ct);
        var right = Passwords.Verify(
            password, account?.PasswordHash ?? _nobodysHash.Value, options.Value.PasswordIterations);
        return right && account?.PasswordHash is not null ? account : null;
    }

    /// <summary>An account from <see cref="Columns"/>.</summary>
    internal static Account Of(Row row)
    {
        // Whatever a program's account was given: it approves no money, and is nobody of the company.
        var isService = row.Bool("is_service");
        return new(
            row.Id<AccountId>("account_id"), row.Text("email"), row.Text("name"),
            [.. Roles.Names.Intersect(row.Get<string[]>("roles"))
                .Where(role => !isService || Permissions.FitPrograms(role))],
            isService ? null : row.UuidOrNull("person_id"))
        {
            PasswordHash = row.TextOrNull("password_hash"), LastDay = row.DateOrNull("left_on"),
            ClosedAt = row.InstantOrNull("closed_at"),
            AccessEndedAt = row.InstantOrNull("access_ended_at"), IsService = isService,
            HasProvider = row.Bool("has_provider"), GroupsUntil = row.InstantOrNull("groups_until"),
            LinkMaker = row.TextOrNull("maker"),
            UsedLink = row.UuidOrNull("used_link") is { } link ? new LinkId(link) : null,
        };
    }

    // Never by the database's lower(), since that depends on its locale; EmailAddress lower-cases
    // people's in the same way.
    private static string Lower(string email) => email.ToLowerInvariant();
}
