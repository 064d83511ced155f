using Guerdon.Host.Database;
using Guerdon.Identity;
using Guerdon.Identity.Accounts;
using Guerdon.Kernel;
using Guerdon.Ledger.Audit;
using Guerdon.Statements;
using Guerdon.Storage;
using Guerdon.Tests;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;

namespace Guerdon.Database.Host;

/// <summary>Accounts that were made before roles were several: what they have afterwards, and whether they were two
/// administrators.</summary>
public sealed class RoleUpgradeTests
{
    // What the role that Guerdon runs as needs for an account; later migrations give it all its rights.
    private const string AsGuerdon = $"""
        grant usage on schema host, kernel, people to {PrivateCluster.Application};
        grant select on all tables in schema host, kernel, people to {PrivateCluster.Application};
        grant insert on host.account to {PrivateCluster.Application};
        """;

    private static readonly Guid Ann = Guid.CreateVersion7(), Bob = Guid.CreateVersion7();

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    // first: the account that comes with an installation; nobody: one of nobody with a password; token: without one.
    [Theory]
    [InlineData("", false)]
    [InlineData("first", false)]
    [InlineData("ann", false)]
    [InlineData("first ann", false)] // whoever set Guerdon up, who has an account of their own besides
    [InlineData("ann ann", false)]
    [InlineData("first ann ann", false)]
    [InlineData("first ann token", false)]
    [InlineData("first nobody", false)]
    [InlineData("ann bob", true)]
    [InlineData("first ann bob", true)]
    [InlineData("first ann nobody", true)]
    [InlineData("nobody nobody", true)]
    [InlineData("ann nobody", true)]
    public async Task Migrate_Administrators_AreTwoWhereTheyAreTwoPeople(string made, bool areTwo)
    {
        await using var database = await TestDatabase.EmptyAsync();
        await MigrateToAsync(database, 7);
        await database.OwnerDb.ExecuteAsync(AsGuerdon, [], Ct);
        var number = 0;
        foreach (var kind in made.Split(' ', StringSplitOptions.RemoveEmptyEntries))
            await AddAsync(database, kind, "admin", number++);
        await AddAsync(database, "bob", "employee", number);
        await MigrateToAsync(database, 8);
        await database.MigrateAsync();

        var accounts = new AccountDirectory(database.Db, TimeProvider.System, Options.Create(new SignInOptions()));
        Assert.Equal(areTwo, await accounts.WereTwoAsync(Ct));
        Assert.Equal(number, (await accounts.ListAsync(Ct)).Count(a => a.Roles.Contains(Roles.Administrator)));
        Assert.All(await accounts.ListAsync(Ct), account => Assert.Contains(Roles.Employee, account.Roles));
        await CleanAsync(database);

        // From now on it is a fact, however it comes about: here two more are given the role.
        foreach (var person in new[] { Ann, Bob })
            await accounts.CreateAsync(
                $"{person}@example.com", "Later", [Roles.Administrator], person, RealApp.Password, Ct);
        Assert.True(await accounts.WereTwoAsync(Ct));
        await CleanAsync(database);
    }

    // An account becomes another person's, or gets its password, after it has the role.
    [Theory]
    [InlineData(RealApp.Password, "person_id = '00000000-0000-7000-8000-0000000000aa'")]
    [InlineData(null, "password_hash = 'x', person_id = null")]
    public async Task SecondAdministrator_WhoIsKnownLater_Counts(string? password, string change)
    {
        await using var database = await TestDatabase.CreateAsync();
        var accounts = new AccountDirectory(database.Db, TimeProvider.System, Options.Create(new SignInOptions()));
        await accounts.CreateAsync("ann@example.com", "Ann", Roles.Founder, Ann, RealApp.Password, Ct);
        await accounts.CreateAsync("ci@example.com", "CI", Roles.Founder, Ann, password, Ct);
        Assert.False(await accounts.WereTwoAsync(Ct));
        await database.Db.ExecuteAsync($"update host.account set {change} where email = 'ci@example.com'", [], Ct);
        Assert.True(await accounts.WereTwoAsync(Ct));
        await CleanAsync(database);
    }

    private static Task<int> MigrateToAsync(TestDatabase database, int last) => new Migrator(
        database.OwnerDb, NullLogger.Instance, [.. Migration.Embedded().Where(file => file.Number <= last)])
        .MigrateAsync(Ct);

    private static Task<int> AddAsync(TestDatabase database, string kind, string role, int number) =>
        database.Db.ExecuteAsync("""
            insert into host.account (account_id, email, name, role, person_id, password_hash, created_at)
            values ($1, $2, 'Somebody', $3, $4::uuid, $5, timestamptz '2026-01-01' + $6 * interval '1 day')
            """,
            [
                Guid.CreateVersion7(),
                kind == "first" ? FirstAdministrator.Email : $"{kind}-{number}@example.com", role,
                kind == "ann" ? Ann : kind == "bob" ? Bob : null, kind == "token" ? null : "a hash", number,
            ], Ct);

    private static async Task CleanAsync(TestDatabase database)
    {
        var findings = new List<Finding>();
        await foreach (var finding in VerifyCompany.RunAsync(database.Db, null, new VerifyOptions(), Ct))
            findings.Add(finding);
        Assert.Empty(findings);
    }
}
