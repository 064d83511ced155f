using System.Text;
using Dapper;
using Guerdon.Database.Grants;
using Guerdon.Identity;
using Guerdon.Identity.Accounts;
using Guerdon.Kernel;
using Guerdon.People;
using Guerdon.People.Employees;
using Guerdon.Storage;
using Guerdon.Tests;
using Microsoft.Extensions.Options;

namespace Guerdon.Database.Identity;

/// <summary>How many administrators there are, as approvals count them.</summary>
public sealed class AdministratorTests
{
    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Count_TwoAccountsOfOnePerson_IsOneAdministrator()
    {
        await using var database = await TestDatabase.CreateAsync();
        var accounts = new AccountDirectory(database.Db, TimeProvider.System, Options.Create(new SignInOptions()));
        var person = Guid.CreateVersion7();

        await accounts.CreateAsync("one@example.com", "One", Roles.Founder, person, null, Ct);
        await accounts.CreateAsync("two@example.com", "Two", Roles.Founder, person, null, Ct);
        await accounts.CreateAsync("three@example.com", "Three", [Roles.Employee], null, null, Ct);
        Assert.Equal(1, await accounts.CountAsync(Permissions.GrantsApprove, Ct));
        await accounts.CreateAsync("four@example.com", "Four", Roles.Founder, null, null, Ct);
        Assert.Equal(2, await accounts.CountAsync(Permissions.GrantsApprove, Ct));
        await accounts.CreateAsync("five@example.com", "Five", [Roles.Finance], null, null, Ct);
        Assert.Equal((3, 2), (await accounts.CountAsync(Permissions.GrantsApprove, Ct),
            await accounts.CountAsync(Permissions.RolesGive, Ct)));

        // Without the person, by whichever account, and without an account that is nobody's.
        var four = (await accounts.FindByEmailAsync("four@example.com", Ct))!.Id.Value;
        Assert.Equal(2, await accounts.CountOutsideAsync(Permissions.GrantsApprove, [person], Ct));
        Assert.Equal(1, await accounts.CountOutsideAsync(Permissions.GrantsApprove, [person, four], Ct));
    }

    [Fact]
    public async Task Count_AccountMadeBeforeItsPersonWasOnFile_IsTheirs()
    {
        await using var database = await TestDatabase.CreateAsync();
        var accounts = new AccountDirectory(database.Db, TimeProvider.System, Options.Create(new SignInOptions()));
        var first = await accounts.CreateAsync("Ada@example.com", "Ada", Roles.Founder, null, null, Ct);
        var nobody = new Actor("ada@example.com", null) { Account = first!.Value.Value };
        Assert.Null(await accounts.PersonOfAsync(nobody, Ct));

        using var file = new MemoryStream(Encoding.UTF8.GetBytes(Company.Header + Company.Row("ada@example.com")));
        await ImportPeople.RunAsync(file, dryRun: false, database.Db, TimeProvider.System, Ct);
        var ada = (await new PeopleDirectory(database.Db).FindAsync("ada@example.com", Ct))!.Id.Value;
        var second = await accounts.CreateAsync("boss@example.com", "Ada", Roles.Founder, ada, null, Ct);

        Assert.Equal(1, await accounts.CountAsync(Permissions.GrantsApprove, Ct));
        Assert.Equal(ada, await accounts.PersonOfAsync(nobody, Ct));
        Assert.Equal(ada, await accounts.PersonOfAsync(new("boss@example.com", null) { Account = second!.Value.Value },
            Ct));
        Assert.Null(await accounts.PersonOfAsync(Actor.Guerdon, Ct));
        Assert.Null(await accounts.PersonOfAsync(new("ada@example.com", null), Ct)); // an address says nothing
    }

    // A fact and no count: it stays when the second is no administrator any more.
    [Fact]
    public async Task WereTwo_FromTheSecondAdministratorOn_ForGood()
    {
        await using var database = await TestDatabase.CreateAsync();
        var accounts = new AccountDirectory(database.Db, TimeProvider.System, Options.Create(new SignInOptions()));
        var person = Guid.CreateVersion7();
        await accounts.CreateAsync("one@example.com", "One", Roles.Founder, person, null, Ct);
        await accounts.CreateAsync("too@example.com", "One again", Roles.Founder, person, null, Ct);
        await accounts.CreateAsync("fin@example.com", "Fin", [Roles.Finance], null, null, Ct);
        Assert.False(await accounts.WereTwoAsync(Ct));
        await accounts.CreateAsync("two@example.com", "Two", [Roles.Administrator], null, null, Ct);
        Assert.False(await accounts.WereTwoAsync(Ct)); // it has no password: a program
        await accounts.CreateAsync("tre@example.com", "Tre", [Roles.Administrator], null, "a-long-password", Ct);
        Assert.True(await accounts.WereTwoAsync(Ct));
        await database.Db.ExecuteAsync(
            "update host.account_role set taken_at = now(), taken_by = 'a test' where role = 'administrator'", [], Ct);
        Assert.Equal(0, await accounts.CountAsync(Permissions.RolesGive, Ct));
        Assert.True(await accounts.WereTwoAsync(Ct));
    }

    // However it is written: a leaver's address opens nothing.
    [Fact]
    public async Task Account_MadeWithALeaversAddress_IsTheirsAndOver()
    {
        await using var database = await TestDatabase.CreateAsync();
        var accounts = new AccountDirectory(database.Db, TimeProvider.System, Options.Create(new SignInOptions()));
        var row = Company.Row("lea@example.com").Replace(
            ",2024-01-15,,", ",2024-01-15,2026-01-31,", StringComparison.Ordinal);
        using var file = new MemoryStream(Encoding.UTF8.GetBytes(Company.Header + row));
        Assert.Empty((await ImportPeople.RunAsync(file, false, database.Db, TimeProvider.System, Ct)).Errors);
        await using (var connection = await database.Db.OpenConnectionAsync(Ct))
            await connection.ExecuteAsync("""
                with made as (
                    insert into host.account (account_id, email, name, created_at)
                    values (gen_random_uuid(), 'lea@example.com', 'Lea', now()) returning account_id)
                insert into host.account_role (account_id, role, source, given_at, given_by)
                select account_id, 'administrator', 'server', now(), 'a test' from made
                """);

        var account = (await accounts.FindByEmailAsync("Lea@example.com", Ct))!;
        Assert.True(account.IsOver(TimeProvider.System.GetUtcNow()));
        Assert.Equal(0, await accounts.CountAsync(Permissions.RolesGive, Ct));
    }

    [Fact]
    public async Task Account_MadeWhileItsPersonIsWritten_IsTheirs()
    {
        await using var database = await TestDatabase.CreateAsync();
        var accounts = new AccountDirectory(database.Db, TimeProvider.System, Options.Create(new SignInOptions()));
        await using var connection = await database.Db.OpenConnectionAsync(Ct);
        await using var transaction = await connection.BeginTransactionAsync(Ct);
        await Locks.InTransactionAsync(connection, PeopleWrites.Lock, Ct); // an import that is under way
        await connection.ExecuteAsync("""
            insert into people.team (team_id, path) values (gen_random_uuid(), 'Ops');
            insert into people.person (person_id, email, name, team, role, level, country, cost_centre, hired_on,
                left_on, base_pay_cents, total_pay_cents, currency)
            values ('00000000-0000-7000-8000-0000000000aa', 'lea@example.com', 'Lea', 'Ops', 'Engineer', 'L4', 'US',
                'C', '2020-01-01', '2026-01-31', 1, 1, 'USD')
            """);

        var making = accounts.CreateAsync("lea@example.com", "Lea", Roles.Founder, null, null, Ct);
        await Task.WhenAny(making, Task.Delay(300, Ct));
        await transaction.CommitAsync(Ct);

        var account = (await accounts.FindAsync((await making)!.Value, Ct))!;
        Assert.Equal(new Guid("00000000-0000-7000-8000-0000000000aa"), account.PersonId);
        Assert.True(account.IsOver(TimeProvider.System.GetUtcNow()));
    }
}
