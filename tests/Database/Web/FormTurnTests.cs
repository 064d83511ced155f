using System.Security.Cryptography;
using Guerdon.Tests;
using Guerdon.Forms;
using Npgsql;

namespace Guerdon.Database.Web;

/// <summary>A form is taken once, whichever node it comes to, and nothing of it stays.</summary>
public sealed class FormTurnTests(TestDatabase database) : IClassFixture<TestDatabase>
{
    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Take_ByManyAtOnceOnTwoNodes_IsOneAndTheRestComeAfter()
    {
        var (turn, clock) = (New(Guid.NewGuid()), new Clock());
        FormTurns[] nodes = [new(database.Db, clock), new(database.Db, clock)];

        var taken = await Task.WhenAll(Enumerable.Range(0, 20).Select(i => nodes[i % 2].TakeAsync(turn, Ct)));

        Assert.Single(taken, FormTurns.Taken.Now);
        Assert.Equal(19, taken.Count(t => t == FormTurns.Taken.Before));
    }

    // What kill -9 leaves: spent, and no answer. Whoever presses again does nothing and is told so.
    [Fact]
    public async Task Take_AfterAnEndWithoutAnswer_IsBefore()
    {
        var turns = new FormTurns(database.Db, new Clock());
        var turn = New(Guid.NewGuid());
        await turns.TakeAsync(turn, Ct);

        Assert.Equal(FormTurns.Taken.Before, await turns.TakeAsync(turn, Ct));
        Assert.False((await turns.FindAsync(turn.Id, turn.Account, Ct))!.Answered);
    }

    [Fact]
    public async Task Fetch_ByManyAtOnce_GivesTheAnswerToOneAndToNobodyElsesAccount()
    {
        var turns = new FormTurns(database.Db, new Clock());
        var turn = New(Guid.NewGuid());
        await turns.TakeAsync(turn, Ct);
        await turns.AnswerAsync(turn.Id, "/keys?done=x", [1, 2, 3], Ct);

        Assert.Null(await turns.FindAsync(turn.Id, Guid.NewGuid(), Ct));
        Assert.Null(await turns.FetchAsync(turn.Id, Guid.NewGuid(), Ct));
        var got = await Task.WhenAll(Enumerable.Range(0, 10).Select(_ => turns.FetchAsync(turn.Id, turn.Account, Ct)));
        Assert.Equal([1, 2, 3], Assert.Single(got, g => g is not null)!);
        Assert.Equal("/keys?done=x", (await turns.FindAsync(turn.Id, turn.Account, Ct))!.GoesTo);
    }

    [Fact]
    public async Task Rows_InTime_GoByThemselves()
    {
        var clock = new Clock();
        var turns = new FormTurns(database.Db, clock);
        var turn = New(Guid.NewGuid());
        await turns.TakeAsync(turn, Ct);
        await turns.AnswerAsync(turn.Id, "/keys?done=x", [1], Ct);

        clock.Now += FormTurns.AnswerLasts + TimeSpan.FromSeconds(1);
        Assert.Null(await turns.FetchAsync(turn.Id, turn.Account, Ct));
        await turns.TakeAsync(New(turn.Account), Ct);
        Assert.False((await turns.FindAsync(turn.Id, turn.Account, Ct))!.Waits);
        clock.Now += FormTokens.LastsFor;
        // Each form that comes clears a hundred, and other tests have left thousands.
        for (var i = 0; i < 100 && await turns.FindAsync(turn.Id, turn.Account, Ct) is not null; i++)
            await turns.TakeAsync(New(Guid.NewGuid(), clock.Now), Ct);
        Assert.Null(await turns.FindAsync(turn.Id, turn.Account, Ct));
    }

    [Fact]
    public async Task Take_BeyondWhatAnAccountMaySend_IsRefusedToItAlone()
    {
        var turns = new FormTurns(database.Db, new Clock());
        var (busy, now) = (Guid.NewGuid(), new Clock().Now.UtcDateTime);
        await using (var fill = database.Db.CreateCommand("""
            insert into web.form_turn (turn_id, account_id, taken_at, ends_at)
            select sha256(convert_to($1::text || n, 'UTF8')), $1, $2, $2 + interval '1 day'
              from generate_series(1, $3) n
            """))
        {
            foreach (var value in new object[] { busy, now, FormTurns.MostPerAccount })
                fill.Parameters.Add(new NpgsqlParameter { Value = value });
            await fill.ExecuteNonQueryAsync(Ct);
        }

        Assert.Equal(FormTurns.Taken.TooMany, await turns.TakeAsync(New(busy), Ct));
        Assert.Equal(FormTurns.Taken.Now, await turns.TakeAsync(New(Guid.NewGuid()), Ct));
    }

    private static FormTokens.Turn New(Guid account, DateTimeOffset? now = null) =>
        new(RandomNumberGenerator.GetBytes(32), account, (now ?? new Clock().Now) + FormTokens.LastsFor);

    private sealed class Clock : TimeProvider
    {
        public DateTimeOffset Now { get; set; } = new(2026, 11, 28, 12, 0, 0, TimeSpan.Zero);

        public override DateTimeOffset GetUtcNow() => Now;
    }
}
