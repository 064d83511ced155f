using Guerdon.Identity.SignIn;

namespace Guerdon.Unit.Identity;

public sealed class HashTurnsTests
{
    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Run_FloodOfStrangers_IsBoundedAndHoldsUpNoOwner()
    {
        var turns = new HashTurns();
        var hold = new TaskCompletionSource();
        var running = 0;
        var flood = Enumerable.Range(0, 1_000).Select(_ => turns.RunAsync(false, "one", async () =>
        {
            Interlocked.Increment(ref running);
            await hold.Task;
            return "checked";
        }, Ct)).ToArray();

        Assert.InRange(Volatile.Read(ref running), 1, Math.Max(1, Environment.ProcessorCount / 2));
        var (done, made) = await turns.RunAsync(true, "ann", () => Task.FromResult("owner"), Ct);
        Assert.Equal((true, "owner"), (done, made));

        hold.SetResult();
        var results = await Task.WhenAll(flood);
        var strangers = results.Count(r => r.Done);
        Assert.InRange(strangers, 1, HashTurns.MostWaiting + Environment.ProcessorCount);
        Assert.Equal((true, "again"), await turns.RunAsync(false, "one", () => Task.FromResult("again"), Ct));
    }

    [Fact]
    public async Task Run_WhoLeavesWhileWaiting_GivesTheirPlaceBack()
    {
        var turns = new HashTurns();
        var hold = new TaskCompletionSource();
        var busy = Enumerable.Range(0, Environment.ProcessorCount).Select(_ => turns.RunAsync(false, "one", async () =>
        {
            await hold.Task;
            return 1;
        }, Ct)).ToArray();
        for (var i = 0; i < 5 * HashTurns.MostWaiting; i++)
        {
            using var leaves = new CancellationTokenSource();
            var waits = turns.RunAsync(false, "one", () => Task.FromResult(1), leaves.Token);
            await leaves.CancelAsync();
            await Assert.ThrowsAnyAsync<OperationCanceledException>(() => waits);
        }

        hold.SetResult();
        Assert.All(await Task.WhenAll(busy), b => Assert.True(b.Done));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Run_OneAsksWithoutEnd_OthersStillGetTheirTurn(bool isKnown)
    {
        var turns = new HashTurns();
        var hold = new TaskCompletionSource();
        Task<(bool Done, int Made)> Ask(string from) => turns.RunAsync(isKnown, from, async () =>
        {
            await hold.Task;
            return 1;
        }, Ct);
        var flood = Enumerable.Range(0, 500).Select(_ => Ask("greedy")).ToArray();
        var others = Enumerable.Range(0, 15).Select(i => Ask($"other {i % 5}")).ToArray();
        var more = Enumerable.Range(0, 500).Select(_ => Ask("greedy")).ToArray();

        hold.SetResult();

        Assert.All(await Task.WhenAll(others), other => Assert.True(other.Done));
        var greedy = (await Task.WhenAll([.. flood, .. more])).Count(one => one.Done);
        Assert.InRange(greedy, 2, HashTurns.MostWaiting + Environment.ProcessorCount - others.Length);
        Assert.True((await Ask("greedy")).Done);
    }
}
