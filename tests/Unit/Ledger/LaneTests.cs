using Guerdon.Ledger;
using Guerdon.Ledger.Transfers;
using Microsoft.Extensions.Logging.Abstractions;
using Npgsql;
using LaneUnit = Guerdon.Ledger.Transfers.Unit;

namespace Guerdon.Unit.Ledger;

/// <summary>
/// What a lane asks of a database that has conflicts, is away or refuses. A group reads as letters: (W)allets and
/// positions, (K)eys, (L)ock, (P)ost; b(egin), c(ommit), r(ollback).
/// </summary>
public sealed class LaneTests
{
    private const StringComparison Ordinal = StringComparison.Ordinal;
    private const string Conflict = "ST001", Away = "57P03", DivisionByZero = "22012";

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    // The lock is for the fourth try on; the eighth would be no use, since under a lock it would be the same.
    [Theory]
    [InlineData(0, "WP", true)]
    [InlineData(1, "WP WKP", true)]
    [InlineData(2, "WP WKP WKP", true)]
    [InlineData(3, "WP WKP WKP bLWKPc", true)]
    [InlineData(6, "WP WKP WKP bLWKPr bLWKPr bLWKPr bLWKPc", true)]
    [InlineData(7, "WP WKP WKP bLWKPr bLWKPr bLWKPr bLWKPr", false)]
    public async Task Post_Conflicts_ReadsAfreshThenLocksThenFails(int conflicts, string asked, bool isPosted)
    {
        await using var scene = new Scene(sql => sql == GroupCommands.PostSql && conflicts-- > 0 ? Conflict : null);
        var unit = Scene.Fund("a");
        await scene.PostAsync(unit);

        Assert.Equal(asked, scene.Asked);
        Assert.Equal(isPosted, unit.Done.Task.IsCompletedSuccessfully);
        if (!isPosted) await Assert.ThrowsAsync<PostgresException>(() => unit.Done.Task);
    }

    // A key that is taken in the ledger is a conflict; one that is taken elsewhere is the command's own fault.
    [Theory]
    [InlineData("23505 ledger", "WP WKP")]
    [InlineData("23505 payroll", "WP")]
    [InlineData("40P01", "WP WKP")] // two lanes in each other's way
    [InlineData("ST001", "WP WKP")]
    public async Task Post_AnError_IsAConflictOnlyWhereTryingAgainMayHelp(string error, string asked)
    {
        var errors = 1;
        await using var scene = new Scene(sql => sql == GroupCommands.PostSql && errors-- > 0 ? error : null);
        var unit = Scene.Fund("a");
        await scene.PostAsync(unit);

        Assert.Equal(asked, scene.Asked);
        Assert.Equal(asked != "WP", unit.Done.Task.IsCompletedSuccessfully);
        if (asked == "WP") await Assert.ThrowsAsync<PostgresException>(() => unit.Done.Task);
    }

    [Fact]
    public async Task Post_GroupAfterGroup_WritesEachUnitOnce()
    {
        await using var scene = new Scene(_ => null, new() { GroupSize = 1 });
        await scene.PostAsync(Scene.Fund("a", "beside a"), Scene.Fund("b", "beside b"), Scene.Fund("c", "beside c"));

        Assert.Equal(["beside a", "beside b", "beside c"], scene.Ran.Where(sql => sql.StartsWith("beside", Ordinal)));
        Assert.Single(scene.Ran, sql => sql.Contains("enable_seqscan", Ordinal)); // once a connection
    }

    [Fact]
    public async Task Post_AGroupKeepsConflicting_TriesEachByItself()
    {
        var conflicts = 7;
        await using var scene = new Scene(sql => sql == GroupCommands.PostSql && conflicts-- > 0 ? Conflict : null);
        var units = new[] { Scene.Fund("a"), Scene.Fund("b") };
        await scene.PostAsync(units);

        Assert.Equal("WP WKP WKP bLWKPr bLWKPr bLWKPr bLWKPr WP P", scene.Asked);
        Assert.All(units, unit => Assert.True(unit.Done.Task.IsCompletedSuccessfully));
    }

    [Fact]
    public async Task Post_OneBadCommand_FailsAloneAndOnce()
    {
        await using var scene = new Scene(sql => sql == "bad" ? DivisionByZero : null);
        var (good, bad, alsoGood) = (Scene.Fund("a"), Scene.Fund("b", "bad"), Scene.Fund("c"));
        await scene.PostAsync(good, bad, alsoGood);

        Assert.Equal("WP?WPP?WP", scene.Asked.Replace(" ", "", StringComparison.Ordinal));
        Assert.True(good.Done.Task.IsCompletedSuccessfully && alsoGood.Done.Task.IsCompletedSuccessfully);
        var refused = await Assert.ThrowsAsync<PostgresException>(() => bad.Done.Task);
        Assert.Equal(DivisionByZero, refused.SqlState);
    }

    // It waits 100, 200, 400 and 800 ms, then a second each, and looks for the keys each time: a commit may have come
    // through. At the deadline itself it is over.
    [Theory]
    [InlineData(100, 1)]
    [InlineData(101, 2)]
    [InlineData(1_500, 4)]
    [InlineData(1_501, 5)]
    [InlineData(2_500, 5)]
    [InlineData(2_501, 6)]
    [InlineData(30_000, 33)]
    public async Task Post_DatabaseIsAway_WaitsLongerEachTimeUntilTheDeadline(int giveUpAfterMs, int waits)
    {
        await using var scene = new Scene(
            sql => sql == GroupCommands.PostSql ? Away : null,
            new() { GiveUpAfter = TimeSpan.FromMilliseconds(giveUpAfterMs) });
        var unit = Scene.Fund("a");
        await scene.PostAsync(unit);

        await Assert.ThrowsAsync<PostgresException>(() => unit.Done.Task);
        int[] first = [100, 200, 400, 800];
        Assert.Equal(Enumerable.Range(0, waits).Select(i => i < 4 ? first[i] : 1_000), scene.Clock.WaitedMs);
        Assert.Equal("WP" + string.Concat(Enumerable.Repeat(" WKP", waits)), scene.Asked);
    }

    [Fact]
    public async Task Post_DatabaseComesBack_IsPosted()
    {
        var outages = 3;
        await using var scene = new Scene(sql => sql == GroupCommands.PostSql && outages-- > 0 ? Away : null);
        var unit = Scene.Fund("a");
        await scene.PostAsync(unit);

        Assert.False((await unit.Done.Task)[0].Replayed);
        Assert.Equal("WP WKP WKP WKP", scene.Asked);
    }

    [Theory]
    [InlineData(1, 3, 4)] // none fits beside another
    [InlineData(2, 2, 2)]
    [InlineData(2, 3, 2)] // a group that has room takes linked ones whole
    [InlineData(3, 3, 2)]
    [InlineData(4, 3, 1)]
    [InlineData(4, 5, 2)]
    public async Task Run_GroupSize_CountsTransfers(int groupSize, int singles, int commits)
    {
        await using var scene = new Scene(_ => null, new() { GroupSize = groupSize });
        await scene.PostAsync([.. Enumerable.Range(0, singles).Select(i => Scene.Fund($"{i}")), Scene.Linked(3)]);

        Assert.Equal(commits, scene.Asked.Count(c => c == 'P'));
    }

    [Theory]
    [InlineData(2, "WP P")]
    [InlineData(1, "WP WP")] // it remembers two wallets, which is more than it may
    public async Task Post_RememberedWallets_AreReadOnceAndForgottenPastTheirNumber(int remembered, string asked)
    {
        await using var scene = new Scene(_ => null, new() { GroupSize = 1, RememberedWallets = remembered });
        await scene.PostAsync(Scene.Fund("a"), Scene.Fund("b"));

        Assert.Equal(asked, scene.Asked);
    }

    [Fact]
    public async Task Post_Refused_LooksForTheKeyFirst()
    {
        await using var scene = new Scene(_ => null);
        var unit = new LaneUnit([Book.Grant(Book.Ada, 1, "k", null)], with: null); // from an empty pool
        await scene.PostAsync(unit);

        Assert.NotNull((await unit.Done.Task)[0].Refused);
        Assert.Equal("WWK", scene.Asked.Replace(" ", "", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Enqueue_AfterComplete_IsCanceled()
    {
        await using var scene = new Scene(_ => null);
        await scene.PostAsync();
        await Assert.ThrowsAsync<OperationCanceledException>(
            () => scene.Lane.EnqueueAsync(Scene.Fund("a"), Ct).AsTask());
    }

    [Fact]
    public async Task Run_Stopped_CancelsWhatWaits()
    {
        await using var scene = new Scene(_ => null);
        var units = new[] { Scene.Fund("a"), Scene.Fund("b") };
        foreach (var unit in units) await scene.Lane.EnqueueAsync(unit, Ct);
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => scene.Lane.RunAsync(new CancellationToken(true)));

        Assert.All(units, unit => Assert.True(unit.Done.Task.IsCanceled));
        await Assert.ThrowsAsync<OperationCanceledException>(
            () => scene.Lane.EnqueueAsync(Scene.Fund("c"), Ct).AsTask());
    }

    /// <summary>A lane and its database; what is posted waits before the lane starts, so that it is one group.
    /// </summary>
    private sealed class Scene : IAsyncDisposable
    {
        private readonly FakePostgres _server;
        private readonly NpgsqlDataSource _db;

        public Scene(Func<string, string?> errorFor, LedgerOptions? options = null)
        {
            _server = new FakePostgres(errorFor);
            _db = NpgsqlDataSource.Create(_server.ConnectionString);
            Lane = new Lane(_db, options ?? new(), Clock, NullLogger.Instance);
        }

        public Lane Lane { get; }
        public List<string> Ran => _server.Ran;
        public PassingClock Clock { get; } = new();

        /// <summary>Letters of what was asked, a space between one post and what follows it.</summary>
        public string Asked => string.Concat(_server.Ran.Select(Letter))
            .Replace("P", "P ", StringComparison.Ordinal).Replace("P c", "Pc", StringComparison.Ordinal)
            .Replace("P r", "Pr ", StringComparison.Ordinal).Replace("P ?", "P?", StringComparison.Ordinal).Trim();

        public static LaneUnit Fund(string key, string? command = null) => new(
            [Transfer(key)],
            command is null ? null : new() { Commands = [() => new NpgsqlBatchCommand(command)] });

        public static LaneUnit Linked(int count) =>
            new([.. Enumerable.Range(0, count).Select(i => Transfer($"linked {i}"))], with: null);

        public async Task PostAsync(params LaneUnit[] units)
        {
            foreach (var unit in units) await Lane.EnqueueAsync(unit, Ct);
            Lane.Complete();
            await Lane.RunAsync(Ct);
        }

        public async ValueTask DisposeAsync()
        {
            await Lane.DisposeAsync();
            await _db.DisposeAsync();
            await _server.DisposeAsync();
        }

        private static Transfer Transfer(string key) => new()
        {
            Kind = TransferKind.Fund, Wallet = WalletId.Treasury, To = Book.Pool, Amount = new(1), Key = key,
        };

        private static string Letter(string sql) => sql switch
        {
            _ when sql == WalletReader.LoadWalletsSql => "W",
            _ when sql == WalletReader.LockWalletsSql => "L",
            _ when sql == WalletReader.LoadKeysSql => "K",
            _ when sql == GroupCommands.PostSql => "P",
            "COMMIT" => "c",
            "ROLLBACK" => "r",
            "bad" => "?",
            _ => sql.StartsWith("BEGIN", StringComparison.Ordinal) ? "b" : "",
        };
    }

    /// <summary>Whoever waits is woken at once, and it is as much later.</summary>
    private sealed class PassingClock : TimeProvider
    {
        private DateTimeOffset _now = Book.Start;

        public List<int> WaitedMs { get; } = [];

        public override DateTimeOffset GetUtcNow() => _now;

        public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
        {
            if (dueTime != Timeout.InfiniteTimeSpan)
            {
                WaitedMs.Add((int)dueTime.TotalMilliseconds);
                _now += dueTime;
                _ = Task.Run(() => callback(state));
            }

            return new Timer();
        }

        private sealed class Timer : ITimer
        {
            public bool Change(TimeSpan dueTime, TimeSpan period) => true;

            public void Dispose()
            {
                // Nothing waits.
            }

            public ValueTask DisposeAsync() => default;
        }
    }
}
