using Guerdon.Identity.Accounts;
using Guerdon.Identity.Sessions;
using Guerdon.Identity.Tokens;
using Guerdon.Kernel;
using Guerdon.People.Employees;
using Guerdon.Simulation.Companies;
using Guerdon.Storage;
using Npgsql;

namespace Guerdon.Host.Simulated;

/// <summary>A database that is not the demo's; the message says whose things are in it.</summary>
internal sealed class NotTheDemosException(string message) : Exception(message);

/// <summary>A database that somebody uses; the message says what is in it.</summary>
internal sealed class UsedDatabaseException(string message) : Exception(message);

/// <summary>
/// Who signs in to the demo: two administrators, since what one asks for another approves, and a person. Their accounts
/// are marked in <c>host.demo_account</c>; no other account is touched.
/// </summary>
internal static class DemoAccounts
{
    /// <summary>Prepares what the company grants.</summary>
    public const string Preparer = "hana.preparer@example.com";

    /// <summary>Approves it.</summary>
    public const string Approver = "finn.approver@example.com";

    private const string TablesSql = """
        select to_regclass('host.account') is not null as has_accounts,
               to_regclass('host.demo_account') is not null as has_marks,
               to_regclass('people.person') is not null as has_people
        """;

    private const string AllAccountsSql = "select count(*) from host.account";

    private const string OthersSql =
        "select count(*) from host.account where account_id not in (select account_id from host.demo_account)";

    // By id, since the demo's people may have other addresses by now.
    private const string StrangersSql = """
        select count(*) from people.person
         where email <> all ($1) and not exists (select from host.demo_account)
        """;

    private const string AllPeopleSql = "select count(*) from people.person where email <> all ($1)";

    private const string MarkSql = "insert into host.demo_account (account_id) values ($1)";
    private const string IsMarkedSql = "select exists (select from host.demo_account where account_id = $1)";

    /// <summary>An account of the demo as it is shown once.</summary>
    /// <param name="Email">To sign in with.</param>
    /// <param name="Is">What its owner is.</param>
    /// <param name="Password">Made for this run, and saved nowhere.</param>
    /// <param name="Token">For programs.</param>
    public sealed record SignsIn(string Email, string Is, string Password, string Token);

    /// <summary>Throws where a database, migrated or not, has accounts or people at all: a company that is played from
    /// its first day needs one of its own.</summary>
    /// <exception cref="UsedDatabaseException">It has.</exception>
    public static async Task RefuseUsedAsync(NpgsqlDataSource db, CancellationToken ct)
    {
        if (await OthersAsync(db, isDemosAllowed: false, ct) is { } others)
            throw new UsedDatabaseException($"{others}. Nothing was changed.");
    }

    /// <summary>Throws where a database, migrated or not, has accounts or people that are not the demo's.</summary>
    /// <exception cref="NotTheDemosException">It has.</exception>
    public static async Task RefuseOthersAsync(NpgsqlDataSource db, CancellationToken ct)
    {
        if (await OthersAsync(db, isDemosAllowed: true, ct) is { } others)
            throw new NotTheDemosException($"{others} that are not the demo's. Nothing was changed.");
    }

    private static async Task<string?> OthersAsync(NpgsqlDataSource db, bool isDemosAllowed, CancellationToken ct)
    {
        await using var connection = await db.OpenConnectionAsync(ct);
        var (hasAccounts, hasMarks, hasPeople) = await connection.SingleAsync(
            TablesSql, row => (row.Bool("has_accounts"), row.Bool("has_marks"), row.Bool("has_people")), [], ct);
        string[] demo = isDemosAllowed ? [.. MadeUpCompany.People.Select(p => p.Email)] : [];
        var goesByMarks = isDemosAllowed && hasMarks;
        var accounts = hasAccounts ? await CountAsync(goesByMarks ? OthersSql : AllAccountsSql, []) : 0;
        var people = hasPeople ? await CountAsync(goesByMarks ? StrangersSql : AllPeopleSql, [demo]) : 0;
        return accounts + people == 0 ? null
            : $"The database {connection.Database} has {Wording.Count(accounts, "account")}"
                + $" and {Wording.Count(people, "person", "people")}";

        Task<long> CountAsync(string sql, object?[] values) => connection.ScalarAsync<long>(sql, values, ct);
    }

    /// <summary>Opens the two administrators' accounts, or gives those of an earlier run new passwords.</summary>
    public static async Task<(SignsIn Preparer, SignsIn Approver)> OpenAdminsAsync(
        IServiceProvider services, CancellationToken ct) => (
        await OpenAsync(services, Preparer, "the administrator who prepared the grants", null, ct),
        await OpenAsync(services, Approver, "the administrator who approved them", null, ct));

    /// <summary>Opens an account for the first person of the company, who must have been imported.</summary>
    public static async Task<SignsIn> OpenEmployeeAsync(IServiceProvider services, CancellationToken ct)
    {
        var people = services.GetRequiredService<PeopleDirectory>();
        var person = await people.FindAsync(MadeUpCompany.People[0].Email, ct);
        return await OpenAsync(services, person!.Email, "an employee", person.Id.Value, ct);
    }

    private static async Task<SignsIn> OpenAsync(
        IServiceProvider services, string email, string what, Guid? person, CancellationToken ct)
    {
        var (accounts, tokens) =
            (services.GetRequiredService<AccountDirectory>(), services.GetRequiredService<ApiTokens>());
        var db = services.GetRequiredService<NpgsqlDataSource>();
        var (roles, password) = (person is null ? Roles.Founder : [Roles.Employee], Passwords.Make());
        if (await accounts.CreateAsync(email, NameOf(email), roles, person, password, ct) is { } made)
        {
            await db.ExecuteAsync(MarkSql, [made.Value], ct);
            return new(email, what, password, (await tokens.CreateAsync(made, "demo", ct)).Token);
        }

        var known = (await accounts.FindByEmailAsync(email, ct))!;
        if (!await db.ScalarAsync<bool>(IsMarkedSql, [known.Id.Value], ct))
            throw new NotTheDemosException($"The account {email} is not the demo's. Its password was left as it is.");
        await services.GetRequiredService<NewPasswords>().SetAsync(known.Id, password, ct);
        return new(email, what, password, (await tokens.CreateAsync(known.Id, "demo", ct)).Token);
    }

    // So that "hana.preparer@…" is greeted as Hana Preparer.
    private static string NameOf(string email) => string.Join(' ', email.Split('@')[0].Split('.').Select(word =>
        char.ToUpperInvariant(word[0]) + word[1..]));
}
