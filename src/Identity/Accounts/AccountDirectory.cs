using Dapper;
using Guerdon.Approvals;
using Guerdon.Kernel;
using Microsoft.Extensions.Options;
using Npgsql;

namespace Guerdon.Identity.Accounts;

/// <summary>Who may sign in.</summary>
public sealed class AccountDirectory(NpgsqlDataSource db, TimeProvider clock, IOptions<SignInOptions> options)
    : IAdministrators
{
    /// <summary>The longest e-mail there can be, in characters (RFC 5321).</summary>
    public const int MostEmailChars = 254;

    /// <summary>What <see cref="Row"/> has, of <c>host.account a</c> and its person <c>p</c>.</summary>
    internal const string Columns = "a.account_id, a.email, a.name, a.role, a.person_id, a.password_hash, p.left_on";

    private const string ReadSql =
        $"select {Columns} from host.account a left join people.v_person p on p.person_id = a.person_id";

    private const string ByIdSql = ReadSql + " where a.account_id = @id";
    private const string ByEmailSql = ReadSql + " where a.email = @email";

    private const string PersonOfSql = "select person_id from host.account where account_id = @account";

    // Who has left decides nothing, so that nobody waits for them.
    private const string CountSql = """
        select count(distinct coalesce(a.person_id, a.account_id))::int
          from host.account a
          left join people.v_person p on p.person_id = a.person_id
         where a.role = @role and (p.left_on is null or p.left_on >= (@now at time zone 'UTC')::date)
        """;

    // An account without a person gets the one whose address it has; the table does that (host.find_person),
    // so that no path misses it.
    private const string InsertSql = """
        insert into host.account (account_id, email, name, role, person_id, password_hash, created_at)
        values (@id, @email, @name, @role, @person, @hash, @now)
        on conflict (email) do nothing
        """;

    // Checked in place of a missing account's, so that an unknown e-mail takes as long as a wrong password.
    private readonly Lazy<string> _nobodysHash =
        new(() => Passwords.Hash(Passwords.Make(), options.Value.PasswordIterations));

    /// <summary>An account as the database has it.</summary>
    internal sealed record Row(
        Guid Account_Id, string Email, string Name, string Role, Guid? Person_Id, string? Password_Hash,
        DateOnly? Left_On);

    internal async Task<bool> AnyAsync(CancellationToken ct)
    {
        await using var connection = await db.OpenConnectionAsync(ct);
        return await connection.ExecuteScalarAsync<bool>(
            new CommandDefinition("select exists (select from host.account)", cancellationToken: ct));
    }

    public async Task<int> CountAsync(CancellationToken ct)
    {
        await using var connection = await db.OpenConnectionAsync(ct);
        return await connection.ExecuteScalarAsync<int>(new CommandDefinition(
            CountSql, new { role = Roles.Admin, now = clock.GetUtcNow().UtcDateTime }, cancellationToken: ct));
    }

    public async Task<Guid?> PersonOfAsync(Actor actor, CancellationToken ct)
    {
        if (actor.Person is { } person) return person;
        if (actor.Account is not { } account) return null;
        await using var connection = await db.OpenConnectionAsync(ct);
        return await connection.ExecuteScalarAsync<Guid?>(new CommandDefinition(
            PersonOfSql, new { account }, cancellationToken: ct));
    }

    /// <summary>Opens an account. Repeating it is safe: the first one stays as it is.</summary>
    /// <param name="email">In any case; stored lower-cased.</param>
    /// <param name="name">As pages greet them.</param>
    /// <param name="role">One of <see cref="Roles"/>.</param>
    /// <param name="person">Whose wallet is theirs; null: whose address it is, if anybody's.</param>
    /// <param name="password">Null: no sign-in by password.</param>
    /// <param name="ct">Stops it.</param>
    /// <returns>The new account, or null where the e-mail has one.</returns>
    public async Task<AccountId?> CreateAsync(
        string email, string name, string role, Guid? person, string? password, CancellationToken ct)
    {
        if (password?.Length is < Passwords.MinLength or > Passwords.MaxLength)
            throw new ArgumentException($"A password has {Passwords.MinLength} to {Passwords.MaxLength} characters.");

        email = Lower(email);
        var hash = password is null ? null : Passwords.Hash(password, options.Value.PasswordIterations);
        var id = Id.New<AccountId>(clock);
        var now = clock.GetUtcNow().UtcDateTime;
        await using var connection = await db.OpenConnectionAsync(ct);
        var rows = await connection.ExecuteAsync(new CommandDefinition(
            InsertSql, new { id = id.Value, email, name, role, person, hash, now }, cancellationToken: ct));
        return rows == 1 ? id : null;
    }

    /// <summary>Gives an account another password. Sessions that are open stay so.</summary>
    public async Task SetPasswordAsync(AccountId id, string password, CancellationToken ct)
    {
        if (password.Length is < Passwords.MinLength or > Passwords.MaxLength)
            throw new ArgumentException($"A password has {Passwords.MinLength} to {Passwords.MaxLength} characters.");

        var hash = Passwords.Hash(password, options.Value.PasswordIterations);
        await using var connection = await db.OpenConnectionAsync(ct);
        await connection.ExecuteAsync(new CommandDefinition(
            "update host.account set password_hash = @hash where account_id = @id", new { id = id.Value, hash },
            cancellationToken: ct));
    }

    /// <summary>Every account by e-mail; the first ten thousand.</summary>
    public async Task<IReadOnlyList<Account>> ListAsync(CancellationToken ct)
    {
        await using var connection = await db.OpenConnectionAsync(ct);
        var rows = await connection.QueryAsync<Row>(new CommandDefinition(
            $"{ReadSql} order by a.email limit 10000", cancellationToken: ct));
        return [.. rows.Select(Of)];
    }

    public Task<Account?> FindAsync(AccountId id, CancellationToken ct) =>
        FindAsync(ByIdSql, new { id = id.Value }, ct);

    /// <param name="email">In any case.</param>
    /// <param name="ct">Stops it.</param>
    public async Task<Account?> FindByEmailAsync(string email, CancellationToken ct) =>
        email.Contains('\0', StringComparison.Ordinal)
            ? null : await FindAsync(ByEmailSql, new { email = Lower(email) }, ct);

    /// <summary>The account whose e-mail and password these are. Takes as long where there is none.</summary>
    internal async Task<Account?> CheckPasswordAsync(string email, string password, CancellationToken ct)
    {
        var account = await FindByEmailAsync(email, ct);
        var right = Passwords.Verify(
            password, account?.PasswordHash ?? _nobodysHash.Value, options.Value.PasswordIterations);
        return right && account?.PasswordHash is not null ? account : null;
    }

    private async Task<Account?> FindAsync(string sql, object parameters, CancellationToken ct)
    {
        await using var connection = await db.OpenConnectionAsync(ct);
        var row = await connection.QuerySingleOrDefaultAsync<Row>(
            new CommandDefinition(sql, parameters, cancellationToken: ct));
        return row is null ? null : Of(row);
    }

    internal static Account Of(Row row) =>
        new(new(row.Account_Id), row.Email, row.Name, row.Role, row.Person_Id)
        {
            PasswordHash = row.Password_Hash, LastDay = row.Left_On,
        };

    // Never by the database's lower(), since that depends on its locale; EmailAddress lower-cases
    // people's in the same way.
    private static string Lower(string email) => email.ToLowerInvariant();
}
