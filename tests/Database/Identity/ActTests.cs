using Dapper;
using Guerdon.Host.Database;
using Guerdon.Identity.Accounts;
using Guerdon.Identity.Audit;
using Guerdon.Identity.Tokens;
using Guerdon.Identity;
using Guerdon.Kernel;
using Guerdon.People.Employees;
using Guerdon.Storage;
using Guerdon.Tests;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;
using Npgsql;

namespace Guerdon.Database.Identity;

/// <summary>The table of acts: in the transaction of what was done, chained, and what is wrong with it is found.
/// </summary>
public sealed class ActTests
{
    private const string Forge = """
        insert into host.act (act_id, request_id, at, kind, who, means, roles, address, endpoint, permission, subject,
            status, times, seq, hash)
        select gen_random_uuid(), request_id, at, kind, 'somebody', means, roles, address, endpoint, permission,
               subject, status, times, seq + 1, hash from host.act order by seq desc limit 1
        """;

    private static readonly LocalAct Operator = new("account create", TimeProvider.System);

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    private static AccountDirectory Accounts(NpgsqlDataSource db) =>
        new(db, TimeProvider.System, Options.Create(new SignInOptions { PasswordIterations = 1_000 }));

    private static async Task<TestDatabase> ActedAsync(int times)
    {
        var database = await TestDatabase.CreateAsync();
        using var acting = Acting.As(Operator);
        var account = await Accounts(database.Db).CreateAsync(
            "ada@corp.example", "Ada", [Roles.Employee], null, "a-long-password", Ct);
        for (var i = 1; i < times; i++)
            await new ApiTokens(database.Db, TimeProvider.System).CreateAsync(account!.Value, $"t{i}", Ct);
        return database;
    }

    private static async Task<List<string>> FindAsync(NpgsqlDataSource db)
    {
        var found = new List<string>();
        await foreach (var finding in VerifyActs.RunAsync(db, Ct)) found.Add($"{finding}");
        return found;
    }

    private static Task<T?> OneAsync<T>(NpgsqlDataSource db, string sql) => db.ScalarAsync<T>(sql, [], Ct);

    [Fact]
    public async Task Act_OfATransaction_IsThereWithWhatWasWrittenAndNotWithoutIt()
    {
        await using var database = await ActedAsync(1);
        Assert.Equal("local account create", await OneAsync<string>(database.Db, """
            select string_agg(distinct a.means || ' ' || substr(a.endpoint, 9), ', ')
              from host.act a join kernel.change c using (act_id) where c.table_name = 'host.account'
            """));
        var before = await OneAsync<long>(database.Db, "select count(*) from host.act");

        using var acting = Acting.As(Operator);
        await using (var connection = await database.Db.OpenConnectionAsync(Ct))
        await using (await connection.BeginAsync(Ct)) // and not committed
            Assert.Equal(1, await connection.ExecuteAsync(
                "update host.account set password_hash = 'x' where email = 'ada@corp.example'", [], Ct));
        Assert.Equal(before, await OneAsync<long>(database.Db, "select count(*) from host.act"));

        await database.Db.ExecuteAsync("select 1", [], Ct); // writes nothing
        Assert.Equal(before, await OneAsync<long>(database.Db, "select count(*) from host.act"));
    }

    [Fact]
    public async Task Act_ThatHasEnded_IsNoLongerWhoeverOutlivesIts()
    {
        var outlives = new TaskCompletionSource();
        Task<bool> late;
        using (Acting.As(Operator))
        {
            Assert.NotNull(Acting.Stamp());
            late = LateAsync();
        }

        outlives.SetResult();
        Assert.False(await late);
        Assert.Null(Acting.Stamp());

        async Task<bool> LateAsync()
        {
            await outlives.Task;
            return Acting.Stamp() is not null;
        }
    }

    [Theory]
    [InlineData("", "")]
    [InlineData("delete from host.act where seq = 2", "(seq=2): it is gone")]
    [InlineData("delete from host.act where seq = 5", "(seq=5): it is gone")]
    [InlineData("delete from host.act where seq = 5; update host.act_head set seq = 4", "it is gone")]
    [InlineData("update host.act set who = 'somebody' where seq = 3", "(seq=3)")]
    [InlineData("update host.act set times = 2 where seq = 1", "(seq=1)")]
    [InlineData("update host.act set seq = -seq + 100; update host.act set seq = case seq when 99 then 2 when 98 then 1"
        + " else 100 - seq end", "(seq=1)")]
    [InlineData("update host.act set seq = null, hash = null where seq = 4", "(seq=4): it is gone")]
    [InlineData(Forge, "(seq=6)")]
    public async Task Verify_ChainThatSomebodyEdited_NamesTheAct(string edit, string found)
    {
        await using var database = await ActedAsync(5);
        Assert.Equal(5, await ChainActs.PassAsync(database.Db, TimeProvider.System, Ct));
        Assert.Equal(0, await ChainActs.PassAsync(database.Db, TimeProvider.System, Ct));
        Assert.Empty(await FindAsync(database.Db));
        if (edit.Length == 0) return;

        await using (var outside = await database.OpenOutsideAsync())
        {
            await outside.ExecuteAsync("set session_replication_role = replica");
            await outside.ExecuteAsync(edit);
        }

        Assert.Contains(await FindAsync(database.Db), f => f.Contains(found, StringComparison.Ordinal));
    }

    // A server that runs as the owner says so when it starts.
    [Fact]
    public async Task OwnRole_OfGuerdon_OwnsNothingAndTheOwnersDoes()
    {
        await using var database = await TestDatabase.CreateAsync();
        Assert.False(await OwnRole.OwnsTablesAsync(database.Db, Ct));
        Assert.True(await OwnRole.OwnsTablesAsync(database.OwnerDb, Ct));
    }

    [Fact]
    public async Task Chain_ActsWrittenByManyAtOnce_HasEachOnce()
    {
        await using var database = await ActedAsync(1);
        var account = (await Accounts(database.Db).FindByEmailAsync("ada@corp.example", Ct))!.Id;
        await Parallel.ForAsync(0, 60, Ct, async (i, ct) =>
        {
            using var acting = Acting.As(Operator);
            await new ApiTokens(database.Db, TimeProvider.System).CreateAsync(account, $"t{i}", ct);
            if (i % 5 == 0) await ChainActs.PassAsync(database.Db, TimeProvider.System, ct);
        });
        await ChainActs.PassAsync(database.Db, TimeProvider.System, Ct);
        Assert.Equal(61, await OneAsync<long>(database.Db, "select max(seq) from host.act"));
        Assert.Equal(61, await OneAsync<long>(database.Db, "select count(*) from host.act"));
        Assert.Empty(await FindAsync(database.Db));
    }

    [Fact]
    public async Task Flood_OfStrangersAndOfOneAccount_IsAFewRows()
    {
        await using var database = await TestDatabase.CreateAsync();
        var log = LogOf(database.Db);
        var row = Refused("POST /x", 401);
        for (var i = 0; i < 2_000; i++)
            await log.EndAsync(row with { Address = $"192.0.2.{i}" }, false, "", Ct);
        Assert.Equal(ActLog.MostUnknown + ActLog.MostWhoms + 1, log.Count);
        var known = row with { AccountId = Guid.CreateVersion7(), Who = "ada@corp.example", Status = 403 };
        for (var i = 0; i < 500; i++) await log.EndAsync(known, false, "", Ct);

        await log.FlushAsync(Ct);
        Assert.Equal(0, log.Count);
        Assert.Equal(2_500, (long)await OneAsync<decimal>(database.Db, "select sum(times) from host.act"));
        Assert.Equal(ActLog.MostUnknown + ActLog.MostWhoms + 1 + ActLog.AtOncePerMinute + 1,
            await OneAsync<long>(database.Db, "select count(*) from host.act"));
    }

    // Otherwise a thief of an account would be hidden by refusals that they make themselves.
    [Fact]
    public async Task Flood_OfOneAccountAtManyThings_StaysTheirs()
    {
        await using var database = await TestDatabase.CreateAsync();
        var log = LogOf(database.Db);
        var row = Refused("GET /x/{id}", 403) with { AccountId = Guid.CreateVersion7(), Who = "eve@corp.example" };
        for (var i = 0; i < 2_000; i++) log.Add(row with { Subject = $"id={i}" }, "");
        var other = row with { AccountId = Guid.CreateVersion7(), Who = "bob@corp.example", Subject = "id=1" };
        log.Add(other, "");
        await log.FlushAsync(Ct);
        Assert.Equal(2_000, (long)await OneAsync<decimal>(
            database.Db, "select sum(times) from host.act where who = 'eve@corp.example'"));
        Assert.Equal(1, await OneAsync<long>(
            database.Db, "select count(*) from host.act where who = 'bob@corp.example' and endpoint = 'several'"));
        Assert.Equal(ActLog.MostKnown + 2, await OneAsync<long>(database.Db, "select count(*) from host.act"));
    }

    private static ActLog LogOf(NpgsqlDataSource db) =>
        new(db, Accounts(db), new PeopleDirectory(db), TimeProvider.System, NullLogger<ActLog>.Instance);

    private static ActRow Refused(string endpoint, int status) => new()
    {
        RequestId = Guid.CreateVersion7(), At = TimeProvider.System.NowMicros(), Kind = ActKinds.Refused,
        Endpoint = endpoint, Status = status,
    };
}
