using System.Text;
using Dapper;
using Guerdon.Database.Grants;
using Guerdon.Database.Host;
using Guerdon.Identity;
using Guerdon.Identity.Accounts;
using Guerdon.Identity.Links;
using Guerdon.Kernel;
using Guerdon.Notices;
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

        await accounts.CreateAsync("one@example.com", "One", Roles.Founder, person, RealApp.Password, Ct);
        await accounts.CreateAsync("two@example.com", "Two", Roles.Founder, person, RealApp.Password, Ct);
        await accounts.CreateAsync("three@example.com", "Three", [Roles.Employee], null, null, Ct);
        Assert.Equal(1, await accounts.CountAsync(Permissions.GrantsApprove, Ct));
        await accounts.CreateAsync("four@example.com", "Four", Roles.Founder, null, RealApp.Password, Ct);
        Assert.Equal(2, await accounts.CountAsync(Permissions.GrantsApprove, Ct));
        await accounts.CreateAsync("five@example.com", "Five", [Roles.Finance], null, RealApp.Password, Ct);
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
        var first = await accounts.CreateAsync("Ada@example.com", "Ada", Roles.Founder, null, RealApp.Password, Ct);
        var nobody = new Actor("ada@example.com", null) { Account = first!.Value.Value };
        Assert.Null(await accounts.PersonOfAsync(nobody, Ct));

        using var file = new MemoryStream(Encoding.UTF8.GetBytes(Company.Header + Company.Row("ada@example.com")));
        await ImportPeople.RunAsync(file, dryRun: false, database.Db, TimeProvider.System, Ct);
        var ada = (await new PeopleDirectory(database.Db).FindAsync("ada@example.com", Ct))!.Id.Value;
        var second = await accounts.CreateAsync("boss@example.com", "Ada", Roles.Founder, ada, RealApp.Password, Ct);

        Assert.Equal(1, await accounts.CountAsync(Permissions.GrantsApprove, Ct));
        Assert.Equal(ada, await accounts.PersonOfAsync(nobody, Ct));
        Assert.Equal(ada, await accounts.PersonOfAsync(new("boss@example.com", null) { Account = second!.Value.Value },
            Ct));
        Assert.Null(await accounts.PersonOfAsync(Actor.Guerdon, Ct));
        Assert.Null(await accounts.PersonOfAsync(new("ada@example.com", null), Ct)); // an address says nothing
    }

    // Nobody could sign in as them, or it is nobody else.
    [Fact]
    public async Task Count_WhoHasNoPasswordOrIsAProgramOrTheInstallations_IsNobody()
    {
        await using var database = await TestDatabase.CreateAsync();
        var accounts = new AccountDirectory(database.Db, TimeProvider.System, Options.Create(new SignInOptions()));
        await accounts.CreateAsync(FirstAdministrator.Email, "A", Roles.Founder, null, RealApp.Password, Ct);
        var id = await accounts.CreateAsync("no@example.com", "No", Roles.Founder, null, null, Ct);
        await accounts.CreateServiceAsync("bot@example.com", "Bot", [Roles.People], "a test", Ct);
        foreach (var permission in Permissions.All)
            Assert.Equal(0, await accounts.CountAsync(permission.Name, Ct));
        Assert.False(await accounts.WereTwoAsync(Ct));

        var signs = await accounts.SignedInByAsync(
            [.. (await accounts.ListAsync(Ct)).Select(account => account.Id.Value)], Ct);
        Assert.Equal([FirstAdministrator.Email], (await accounts.ListAsync(Ct))
            .Where(account => signs[account.Id.Value].IsInstallers).Select(account => account.Email));
        Assert.False(signs[id!.Value.Value].IsInstallers);
    }

    // Without a password too; by a provider that is removed nobody signs in.
    [Fact]
    public async Task Count_WhoSignsInByAProvider_IsSomebodyWhileItIsInForce()
    {
        await using var database = await TestDatabase.CreateAsync();
        var (clock, options) = (new TurnedClock(), Options.Create(new SignInOptions { PasswordIterations = 1_000 }));
        var accounts = new AccountDirectory(database.Db, clock, options);
        var links = new OneTimeLinks(database.Db, accounts, new LinkNotices(), clock, options);
        var ann = (await accounts.CreateAsync("a@example.com", "A", Roles.Founder, null, RealApp.Password, Ct))!.Value;
        var bob = (await accounts.CreateAsync("b@example.com", "B", Roles.Founder, null, null, Ct))!.Value;
        Assert.Equal((1, false, false, 0), await SeenAsync());
        await LinkThatEndsAsync();
        Assert.Equal((1, false, false, 1), await SeenAsync()); // nobody signs in otherwise

        await database.Db.ExecuteAsync("""
            with made as (
                insert into openid.provider (
                    provider_id, name, label, issuer, client_id, scopes, strangers, group_roles, asked_by, asked_at,
                    decision, decided_by, decided_at)
                values (gen_random_uuid(), 'corp', 'Corp', 'https://corp.example', 'guerdon', '{openid}', 'refuse',
                    '[]', 'ann', now(), 'approved', 'cy', now())
                returning provider_id, issuer)
            insert into openid.link (link_id, issuer, subject, account_id, provider_id, email, linked_at)
            select gen_random_uuid(), issuer, 'u-1', $1, provider_id, 'b@example.com', now() from made
            """, [bob.Value], Ct);
        Assert.Equal((2, true, true, 0), await SeenAsync());
        await links.MakeAsync(bob, LinkPurpose.Open, new Actor("a", null) { Account = ann.Value }, Ct);
        Assert.Equal((2, true, true, 1), await SeenAsync()); // while somebody may use it
        await LinkThatEndsAsync();
        Assert.Equal((2, true, true, 0), await SeenAsync());
        await database.Db.ExecuteAsync("update openid.provider set ended_at = now(), ended_by = 'cy'", [], Ct);
        Assert.Equal((1, true, false, 1), await SeenAsync());

        async Task LinkThatEndsAsync()
        {
            await links.MakeAsync(bob, LinkPurpose.Open, new Actor("a", null) { Account = ann.Value }, Ct);
            clock.Now += options.Value.LinkFor;
        }

        async Task<(int Count, bool WereTwo, bool SignsIn, int Makers)> SeenAsync() => (
            await accounts.CountAsync(Permissions.RolesGive, Ct), await accounts.WereTwoAsync(Ct),
            (await accounts.FindAsync(bob, Ct))!.SignsIn,
            (await accounts.SignedInByAsync([bob.Value], Ct))[bob.Value].Makers.Count);
    }

    // Whoever made a link, and whoever made theirs: until somebody vouches.
    [Fact]
    public async Task SignedInBy_FollowsLinksUntilSomebodyVouches()
    {
        await using var database = await TestDatabase.CreateAsync();
        var options = Options.Create(new SignInOptions { PasswordIterations = 1_000 });
        var accounts = new AccountDirectory(database.Db, TimeProvider.System, options);
        var links = new OneTimeLinks(database.Db, accounts, new LinkNotices(), TimeProvider.System, options);
        var person = Guid.CreateVersion7();
        var (all, password) = (Roles.Founder, RealApp.Password);
        var ann = (await accounts.CreateAsync("a@example.com", "A", all, person, password, Ct))!.Value;
        var bob = (await accounts.CreateAsync("b@example.com", "B", Roles.Founder, null, null, Ct))!.Value;
        var cy = (await accounts.CreateAsync("c@example.com", "C", Roles.Founder, null, RealApp.Password, Ct))!.Value;
        var byAnn = new Actor("a@example.com", person) { Account = ann.Value };
        var byBob = new Actor("b@example.com", null) { Account = bob.Value };

        await links.MakeAsync(bob, LinkPurpose.Open, byAnn, Ct);
        Assert.Equal(Sorted(ann.Value, person), await MakersAsync(bob)); // before it has a password too
        var link = await links.MakeAsync(bob, LinkPurpose.Open, byAnn, Ct);
        Assert.True(await links.UseAsync(link.Path.Split('/')[^1], RealApp.Password, Ct));
        var reset = await links.MakeAsync(cy, LinkPurpose.Reset, byBob, Ct);
        Assert.Equal(Sorted(ann.Value, person, bob.Value), await MakersAsync(cy)); // while somebody may use it
        Assert.Empty((await accounts.SignedInByAsync([Guid.CreateVersion7()], Ct)));
        Assert.True(await links.UseAsync(reset.Path.Split('/')[^1], RealApp.Password, Ct));
        Assert.Equal(Sorted(ann.Value, person, bob.Value), await MakersAsync(cy));

        // What bob does from now on is bob's; that he reset cy's may have been ann still.
        await database.Db.ExecuteAsync("""
            insert into host.account_vouch (link_id, vouched_at, reason, vouched_by)
            select link_id, now(), 'x', 'a test' from host.v_link_maker where account_id = $1 and used_at is not null
            """, [bob.Value], Ct);
        Assert.Empty(await MakersAsync(bob));
        Assert.Equal(Sorted(ann.Value, person, bob.Value), await MakersAsync(cy));
        var dee = (await accounts.CreateAsync("d@example.com", "D", all, null, null, Ct))!.Value;
        await links.MakeAsync(dee, LinkPurpose.Open, byBob, Ct);
        Assert.Equal([bob.Value], await MakersAsync(dee));
        // Of a person, whichever account of theirs.
        var too = (await accounts.CreateAsync("a2@example.com", "A", all, person, null, Ct))!.Value;
        await links.MakeAsync(too, LinkPurpose.Open, byBob, Ct);
        Assert.Equal([bob.Value], (await accounts.SignedInByAsync([person], Ct))[person].Makers);
        // What came with the installation makes nobody else either.
        var first = (await accounts.CreateAsync(FirstAdministrator.Email, "F", all, null, password, Ct))!.Value;
        await links.MakeAsync(
            dee, LinkPurpose.Open, new Actor(FirstAdministrator.Email, null) { Account = first.Value }, Ct);
        Assert.True((await accounts.SignedInByAsync([dee.Value], Ct))[dee.Value].IsInstallers);
        // Whoever has the server's machine is nobody's other account.
        var local = await links.MakeAsync(bob, LinkPurpose.Reset, new Actor("the server's machine", null), Ct);
        Assert.True(await links.UseAsync(local.Path.Split('/')[^1], RealApp.Password, Ct));
        Assert.Empty(await MakersAsync(bob));

        async Task<IReadOnlyList<Guid>> MakersAsync(AccountId account) =>
            [.. (await accounts.SignedInByAsync([account.Value], Ct))[account.Value].Makers.Order()];

        static IReadOnlyList<Guid> Sorted(params Guid[] all) => [.. all.Order()];
    }

    // A fact and no count: it stays when the second is no administrator any more.
    [Fact]
    public async Task WereTwo_FromTheSecondAdministratorOn_ForGood()
    {
        await using var database = await TestDatabase.CreateAsync();
        var accounts = new AccountDirectory(database.Db, TimeProvider.System, Options.Create(new SignInOptions()));
        var person = Guid.CreateVersion7();
        await accounts.CreateAsync("one@example.com", "One", Roles.Founder, person, RealApp.Password, Ct);
        await accounts.CreateAsync("too@example.com", "One again", Roles.Founder, person, RealApp.Password, Ct);
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
