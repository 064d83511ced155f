using Guerdon.Approvals;
using Guerdon.Database.Host;
using Guerdon.Identity;
using Guerdon.Identity.Accounts;
using Guerdon.Identity.Giving;
using Guerdon.Kernel;
using Guerdon.Storage;
using Guerdon.Tests;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;

namespace Guerdon.Database.Identity;

// What keeps one person from doing what takes two.
public sealed partial class RoleRequestTests
{
    // Ann asks and is an administrator no longer: what she asked for is nobody's to agree to.
    [Theory]
    [InlineData("close")]
    [InlineData("roles/administrator/take")]
    public async Task Requests_OfWhoGivesNoRolesAnyMore_AreDeclined(string how)
    {
        await SignUpAsync("ann@example.com", null, Roles.Administrator);
        await SignUpAsync("ines@example.com", null, Roles.Employee);
        var asked = await AskAsync("ann@example.com", "ines@example.com", Roles.Finance);
        await DoneAsync(RealApp.Admin, $"accounts/ann@example.com/{how}", null);
        await RefusedAsync(RealApp.Other, $"role-requests/{Text(asked, "id")}/approve", new { },
            "host.role_request_decided");
        Assert.Equal([Roles.Employee], await RolesAsync("ines@example.com"));
    }

    // Also where the role went by another way, such as a directory's group.
    [Fact]
    public async Task Approve_OfWhoGivesNoRolesAnyMore_IsRefused()
    {
        var ann = await SignUpAsync("ann@example.com", null, Roles.Administrator);
        await SignUpAsync("ines@example.com", null, Roles.Employee);
        var asked = await AskAsync("ann@example.com", "ines@example.com", Roles.Finance);
        await _app.Db.ExecuteAsync(
            "update host.account_role set taken_at = given_at, taken_by = 'a test' where account_id = $1",
            [ann.Value], Ct);
        await RefusedAsync(
            RealApp.Other, $"role-requests/{Text(asked, "id")}/approve", new { }, "host.role_asker_gone");
    }

    // Whoever waits for their turn may be nobody when it comes.
    [Fact]
    public async Task Changes_OfWhoLostTheRoleWhileTheyWaited_AreRefused()
    {
        var ann = await SignUpAsync("ann@example.com", null, Roles.Administrator);
        await SignUpAsync("ines@example.com", null, Roles.Employee);
        var asked = await AskAsync(RealApp.Other, "ines@example.com", Roles.Finance);
        await using var connection = await _app.Db.OpenConnectionAsync(Ct);
        await using var transaction = await connection.BeginTransactionAsync(Ct);
        await Locks.InTransactionAsync(connection, AccountRoles.Lock, Ct);
        (string Path, object? Body)[] all =
        [
            ("accounts/ines@example.com/close", null), ("accounts/ines@example.com/roles/employee/take", null),
            ("accounts/ines@example.com/roles", new { role = "board", reason = "x" }),
            ("accounts/ines@example.com/reset", null), ("accounts/ines@example.com/vouch", new { reason = "x" }),
            ("accounts", new { email = "new@example.com", name = "x" }),
            ($"role-requests/{Text(asked, "id")}/approve", new { }),
            ($"role-requests/{Text(asked, "id")}/decline", new { reason = "x" }),
        ];
        var waiting = all.Select(one => PostAsync("ann@example.com", one.Path, one.Body)).ToList();
        await UntilAsync(connection, all.Length);
        await connection.ExecuteAsync(
            "update host.account_role set taken_at = given_at, taken_by = 'a test' where account_id = $1",
            [ann.Value], Ct);
        await transaction.CommitAsync(Ct);
        foreach (var (_, reply) in await Task.WhenAll(waiting))
            Assert.True(Text(reply, "title") == "host.not_allowed", reply.ToString());
    }

    // Who waits for the turn has one connection, and so has whoever's it is: a small pool is enough for many.
    [Fact]
    public async Task Decisions_ManyAtOnce_TakeOneConnectionEach()
    {
        await using var database = await TestDatabase.CreateAsync();
        await using var pool = new Npgsql.NpgsqlDataSourceBuilder(
            new Npgsql.NpgsqlConnectionStringBuilder(database.ConnectionString) { MaxPoolSize = 4, Timeout = 5 }
                .ConnectionString).Build();
        var accounts = new AccountDirectory(pool, TimeProvider.System, Options.Create(new SignInOptions()));
        var eyes = new FourEyes(accounts, Options.Create(new ApprovalOptions()), TimeProvider.System);
        var requests = new RoleRequests(pool, eyes, TimeProvider.System);
        var actors = new List<Actor>();
        foreach (var email in new[] { "ann@example.com", "bob@example.com" })
            actors.Add(new(email, null)
            {
                Account = (await accounts.CreateAsync(
                    email, email, [Roles.Administrator], null, RealApp.Password, Ct))!.Value.Value,
            });
        await accounts.CreateAsync("ines@example.com", "Ines", [Roles.Employee], null, RealApp.Password, Ct);
        var asks = await Task.WhenAll(
            Enumerable.Range(0, 12).Select(
                _ => requests.AskAsync("ines@example.com", Roles.Board, "x", actors[0], Ct)));
        var asked = Assert.Single(asks.Select(one => one.ValueOrDefault!).DistinctBy(one => one.Id));
        var all = await Task.WhenAll(
            Enumerable.Range(0, 12).Select(_ => requests.ApproveAsync(asked.Id, false, actors[1], Ct)));
        Assert.All(all, one => Assert.Null(one.Refused));
    }

    // Without that role they could do more, which takes two.
    [Fact]
    public async Task Take_TheRoleOfAnAuditor_WhichWidens_IsRefused()
    {
        var person = Guid.CreateVersion7();
        await SignUpAsync("aud@example.com", null, Roles.Auditor, Roles.Finance, Roles.Employee);
        await SignUpAsync("one@example.com", person, Roles.Administrator);
        await SignUpAsync("too@example.com", person, Roles.Auditor);
        await RefusedAsync(
            RealApp.Admin, "accounts/aud@example.com/roles/auditor/take", null, "host.auditor_writes");
        await RefusedAsync("one@example.com", "accounts/too@example.com/roles/auditor/take", null, "host.own_role");
        Assert.Contains(Roles.Auditor, await RolesAsync("too@example.com"));
        await DoneAsync(RealApp.Admin, "accounts/aud@example.com/roles/finance/take", null);
        await DoneAsync(RealApp.Admin, "accounts/aud@example.com/roles/auditor/take", null);
        Assert.Equal([Roles.Employee], await RolesAsync("aud@example.com"));
    }

    // Two cannot give each other a role: it would wait for nobody.
    [Fact]
    public async Task Give_WhereNobodyCouldAgree_IsRefusedAtOnce()
    {
        await RefusedAsync(RealApp.Admin, $"accounts/{RealApp.Other}/roles", new { role = "auditor", reason = "x" },
            "host.role_no_decider");
        await SignUpAsync("bot@example.com", null, Roles.Administrator);
        await AskAsync(RealApp.Admin, RealApp.Other, Roles.Auditor);
    }

    // One who cannot sign in is not left.
    [Fact]
    public async Task Take_LastAdministratorWhoCanSignIn_IsRefused()
    {
        await _app.Services.GetRequiredService<AccountDirectory>().CreateAsync(
            "no-password@example.com", "x", [Roles.Administrator], null, null, Ct);
        await DoneAsync(RealApp.Admin, $"accounts/{RealApp.Other}/roles/administrator/take", null);
        await RefusedAsync(
            RealApp.Admin, $"accounts/{RealApp.Admin}/close", null, "host.last_administrator");
    }

    [Fact]
    public async Task Close_TakesRolesOfEverySource_AndWhatClosedInTheFuture()
    {
        var id = await SignUpAsync("ines@example.com", null, Roles.Employee);
        await _app.Db.ExecuteAsync("""
            insert into host.account_role (account_id, role, source, given_at, given_by)
            values ($1, 'board', 'group:Directors', now(), 'Guerdon')
            """, [id.Value], Ct);
        // By a node whose clock is ahead.
        await _app.Db.ExecuteAsync("""
            insert into host.account_closed (account_id, closed_at, closed_by, opened_at, opened_by)
            values ($1, now() + interval '1 hour', 'ann', now() + interval '1 hour', 'ann')
            """, [id.Value], Ct);
        await DoneAsync(RealApp.Admin, "accounts/ines@example.com/close", null);
        Assert.Empty(await RolesAsync("ines@example.com"));
        var state = Text((await GetAsync(RealApp.Admin, "accounts/ines@example.com")).GetProperty("account"), "state");
        Assert.Equal("closed", state);
        await CleanAsync();
    }

    // What the program holds to, the database does too.
    [Theory]
    [InlineData("update host.second_administrator set counts = false")]
    [InlineData("update host.second_administrator set account_id = gen_random_uuid()")]
    [InlineData("""
        insert into host.account_role (account_id, role, source, given_at, given_by)
        select account_id, 'auditor', 'administrator', now(), 'ann' from host.account limit 1
        """)]
    [InlineData("""
        insert into host.role_request (request_id, account_id, role, reason, asked_by, asked_by_account, asked_at,
            decision, decided_by, decided_by_account, decided_at)
        select gen_random_uuid(), b.account_id, 'board', 'x', 'ann', a.account_id, now(),
            'approved', 'ann', a.account_id, now()
          from host.account a, host.account b where a.account_id < b.account_id limit 1
        """)]
    [InlineData("""
        insert into host.role_request (request_id, account_id, role, reason, asked_by, asked_by_account, asked_at,
            decision, decided_by, decided_by_account, decided_at)
        select gen_random_uuid(), b.account_id, 'board', 'x', 'ann', a.account_id, now(),
            'approved', 'bob', b.account_id, now()
          from host.account a, host.account b where a.account_id < b.account_id limit 1
        """)]
    public async Task Rows_ThatNoTwoPeopleMade_AreNotTaken(string sql)
    {
        Assert.True(await _app.Services.GetRequiredService<AccountDirectory>().WereTwoAsync(Ct));
        await Assert.ThrowsAsync<Npgsql.PostgresException>(() => _app.Db.ExecuteAsync(sql, [], Ct));
    }

    // Waits until so many wait for the turn that a connection has.
    private static async Task UntilAsync(Npgsql.NpgsqlConnection connection, int waiting)
    {
        for (var tries = 0; tries < 200; tries++)
        {
            if (await connection.ScalarAsync<long>("""
                select count(*) from pg_locks l
                 where l.locktype = 'advisory' and not l.granted
                   and l.database = (select oid from pg_database where datname = current_database())
                """, [], Ct) >= waiting) return;
            await Task.Delay(50, Ct);
        }

        Assert.Fail("They do not wait.");
    }
}
