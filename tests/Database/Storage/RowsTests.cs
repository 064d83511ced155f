using Guerdon.Storage;
using Guerdon.Tests;
using Npgsql;

namespace Guerdon.Database.Storage;

public class RowsTests(TestDatabase database) : IClassFixture<TestDatabase>
{
    private static readonly CancellationToken Ct = TestContext.Current.CancellationToken;

    private NpgsqlDataSource Db => database.Db;

    [Fact]
    public async Task Read_Columns_AreFoundByNameInAnyOrder()
    {
        var rows = await Db.ReadAsync(
            "select n::bigint as number, 'x' || n as name from generate_series($1, $2) n order by n desc",
            row => (row.Text("name"), row.Bigint("number")), [1, 3], Ct);
        Assert.Equal([("x3", 3L), ("x2", 2L), ("x1", 1L)], rows);
    }

    [Fact]
    public async Task Read_AColumnThatIsNotThere_Throws() => await Assert.ThrowsAsync<IndexOutOfRangeException>(
        () => Db.ReadAsync("select 1 as one", row => row.Int4("two"), [], Ct));

    [Fact]
    public async Task Read_NullWhereNoneIsExpected_Throws()
    {
        const string Sql = "select null::text as name, null::bigint as number";
        await Assert.ThrowsAsync<InvalidCastException>(() => Db.ReadAsync(Sql, row => row.Text("name"), [], Ct));
        await Assert.ThrowsAsync<InvalidCastException>(() => Db.ReadAsync(Sql, row => row.Bigint("number"), [], Ct));
    }

    [Fact]
    public async Task Read_EveryTypeThatMayBeNull_IsNull()
    {
        const string Sql = """
            select null::text as t, null::bigint as b, null::int as i, null::uuid as u, null::date as d,
                   null::timestamptz as z, null::bytea as y, null::boolean as o, null::text as a,
                   null::uuid as a_account, null::uuid as a_person
            """;
        var values = await Db.FirstAsync(
            Sql,
            row => new object?[]
            {
                row.TextOrNull("t"), row.BigintOrNull("b"), row.Int4OrNull("i"), row.UuidOrNull("u"),
                row.DateOrNull("d"), row.InstantOrNull("z"), row.BytesOrNull("y"), row.Get<bool?>("o"),
                row.Get<DateTime?>("z"), row.ActorOrNull("a"),
            },
            [], Ct);
        Assert.All(Assert.IsType<object?[]>(values), Assert.Null);
    }

    [Fact]
    public async Task Read_EveryTypeWithAValue_IsIt()
    {
        const string Sql = """
            select 'ann' as a, '00000000-0000-0000-0000-000000000001'::uuid as a_account,
                   '00000000-0000-0000-0000-000000000002'::uuid as a_person, 7::smallint as s, 8 as i,
                   '2026-11-29'::date as d, '2026-11-29 10:00+02'::timestamptz as z, '\x01'::bytea as y, true as o,
                   array[1, 2] as n
            """;
        var read = await Db.SingleAsync(
            Sql,
            row => new object?[]
            {
                row.Smallint("s"), row.Int4("i"), row.Int4OrNull("i"), row.Date("d"), row.DateOrNull("d"),
                row.Instant("z"), row.InstantOrNull("z"), Convert.ToHexString(row.Bytes("y")), row.Bool("o"),
                string.Join(',', row.Get<int[]>("n")),
            },
            [], Ct);
        var (day, at) = (new DateOnly(2026, 11, 29), new DateTimeOffset(2026, 11, 29, 8, 0, 0, TimeSpan.Zero));
        Assert.Equal([(short)7, 8, 8, day, day, at, at, "01", true, "1,2"], read);

        var by = await Db.SingleAsync(Sql, row => row.Actor("a"), [], Ct);
        Assert.Equal(("ann", 1, 2), (by.Name, LastOf(by.Account), LastOf(by.Person)));

        static int LastOf(Guid? id) => id!.Value.ToByteArray()[^1];
    }

    [Fact]
    public async Task First_NoRow_IsNull()
    {
        Assert.Null(await Db.FirstAsync("select 'x' as x where false", row => row.Text("x"), [], Ct));
        Assert.Null(await Db.ScalarAsync<long?>("select 1::bigint where false", [], Ct));
        Assert.Null(await Db.ScalarAsync<string>("select null::text", [], Ct));
        Assert.Equal(5L, await Db.ScalarAsync<long?>("select 5::bigint", [], Ct));
    }

    // The second row fails, after the first is there.
    [Fact]
    public async Task AStatement_ThatFailsAfterItsFirstRow_Throws()
    {
        const string Sql = "select 1 / (2 - n) as number from generate_series(1, 2) n";
        await FailsAsync("22012", () => Db.FirstAsync(Sql, row => row.Int4("number"), [], Ct));
        await FailsAsync("22012", () => Db.SingleAsync(Sql, row => row.Int4("number"), [], Ct));
        await FailsAsync("22012", () => Db.ScalarAsync<int>(Sql, [], Ct));
    }

    // Its own commit fails, after all rows are there.
    [Fact]
    public async Task AStatement_ThatADeferredConstraintUndoes_Throws()
    {
        await using var connection = await Db.OpenConnectionAsync(Ct);
        await connection.ExecuteAsync(
            "create temp table once (n int primary key deferrable initially deferred)", [], Ct);
        const string Sql = "insert into once values (1), (1) returning n";
        await FailsAsync("23505", () => connection.FirstAsync(Sql, row => row.Int4("n"), [], Ct));
        await FailsAsync("23505", () => connection.SingleAsync(Sql, row => row.Int4("n"), [], Ct));
        await FailsAsync("23505", () => connection.ScalarAsync<int>(Sql, [], Ct));
        await FailsAsync("23505", () => connection.ReadAsync(Sql, row => row.Int4("n"), [], Ct));
        await FailsAsync("23505", async () =>
        {
            await foreach (var _ in connection.StreamAsync(Sql, row => row.Int4("n"), [], Ct)) { }
        });
    }

    // The first row is too long for the server to hold back while it works on the second.
    [Fact]
    public async Task AStatement_StoppedAfterItsFirstRow_Throws()
    {
        const string Sql = """
            select case when n = 2 then pg_sleep(5)::text else '' end || repeat('x', 100000)
              from generate_series(1, 2) n
            """;
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(Ct);
        stop.CancelAfter(TimeSpan.FromMilliseconds(500));
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => Db.ScalarAsync<string>(Sql, [], stop.Token));
    }

    private static async Task FailsAsync(string state, Func<Task> statement) =>
        Assert.Equal(state, (await Assert.ThrowsAsync<PostgresException>(statement)).SqlState);

    [Fact]
    public async Task Execute_NullsAndParametersOfTheirOwn_AreTaken()
    {
        await using var connection = await Db.OpenConnectionAsync(Ct);
        await using var transaction = await connection.BeginTransactionAsync(Ct);
        await connection.ExecuteAsync("create temp table t (a int, b text) on commit drop", [], Ct);
        Assert.Equal(1, await connection.ExecuteAsync(
            "insert into t values ($1, $2)", [null, new NpgsqlParameter { Value = "b" }], Ct));
        Assert.Equal(
            (null, "b"),
            await connection.FirstAsync("select a, b from t", row => (row.Int4OrNull("a"), row.Text("b")), [], Ct));
    }

    [Fact]
    public async Task Stream_StoppedInTheMiddle_LeavesTheConnectionFree()
    {
        await using var connection = await Db.OpenConnectionAsync(Ct);
        var sum = 0;
        await foreach (var n in connection.StreamAsync(
            "select n from generate_series(1, 100000) n", row => row.Int4("n"), [], Ct))
        {
            sum += n;
            if (n == 10) break;
        }

        Assert.Equal((55, 1), (sum, await connection.ScalarAsync<int>("select 1", [], Ct)));
    }
}
