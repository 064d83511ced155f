using System.Security.Cryptography;
using Guerdon.Storage;
using Npgsql;

namespace Guerdon.Unit.Kernel;

public sealed class GatheredLookupTests
{
    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Find_FiveThousandAtOnce_AreAFewQueries()
    {
        var hold = new TaskCompletionSource();
        var there = Hash(7);
        var lookup = Of(async hashes =>
        {
            await hold.Task;
            return hashes.Where(h => h.SequenceEqual(there)).Select(h => "seven");
        });
        var all = Enumerable.Range(0, 5_000).Select(i => lookup.FindAsync(Hash(i), Ct)).ToArray();
        Assert.InRange(lookup.Count, 1, 5_000);
        hold.SetResult();
        var found = await Task.WhenAll(all);

        Assert.Equal("seven", Assert.Single(found.OfType<string>()));
        Assert.InRange(lookup.Queries, 5, 12);
        Assert.InRange(lookup.Count, 4_999, GatheredLookup<string>.MostUnknown);
    }

    [Fact]
    public async Task Find_UnknownAgain_IsNoQueryAndANewOneIsFoundAtOnce()
    {
        var there = new HashSet<int>();
        var lookup = Of(hashes => Task.FromResult(
            hashes.Where(h => there.Any(i => Hash(i).SequenceEqual(h))).Select(_ => "x")));
        for (var i = 0; i < 100; i++) Assert.Null(await lookup.FindAsync(Hash(1), Ct));
        Assert.Equal(1, lookup.Queries);

        there.Add(2);
        Assert.Equal("x", await lookup.FindAsync(Hash(2), Ct));
        there.Remove(2); // revoked
        Assert.Null(await lookup.FindAsync(Hash(2), Ct));
    }

    [Fact]
    public async Task Find_MoreThanMayWait_IsAnOutageAndNeverUnknown()
    {
        var hold = new TaskCompletionSource();
        var lookup = Of(async hashes =>
        {
            await hold.Task;
            return hashes.Select(_ => "x");
        });
        var all = Enumerable.Range(0, GatheredLookup<string>.MostWaiting + 10_000)
            .Select(i => lookup.FindAsync(Hash(i), Ct)).ToArray();
        Assert.InRange(lookup.Count, 1, GatheredLookup<string>.MostWaiting);
        hold.SetResult();
        await Task.WhenAny(Task.WhenAll(all)); // some of them fail
        Assert.All(all.Where(found => found.IsCompletedSuccessfully), found => Assert.Equal("x", found.Result));
        var failed = all.Where(found => found.IsFaulted).ToList();
        Assert.InRange(failed.Count, 1, 10_000);
        Assert.All(failed, found => Assert.IsType<NpgsqlException>(found.Exception!.InnerException));
    }

    [Fact]
    public async Task Find_OutageAndCallerWhoLeaves_AreTheirsAlone()
    {
        var lookup = Of(_ => throw new TimeoutException("away"));
        await Assert.ThrowsAsync<TimeoutException>(() => lookup.FindAsync(Hash(1), Ct));
        await Assert.ThrowsAsync<TimeoutException>(() => lookup.FindAsync(Hash(1), Ct)); // not remembered as unknown

        var hold = new TaskCompletionSource();
        var slow = Of(async hashes =>
        {
            await hold.Task;
            return hashes.Select(_ => "x");
        });
        using var leaves = new CancellationTokenSource();
        var (left, stays) = (slow.FindAsync(Hash(1), leaves.Token), slow.FindAsync(Hash(1), Ct));
        await leaves.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => left);
        hold.SetResult();
        Assert.Equal("x", await stays);
    }

    private static byte[] Hash(int i) => SHA256.HashData(BitConverter.GetBytes(i));

    private static GatheredLookup<string> Of(Func<byte[][], Task<IEnumerable<string>>> read) => new(
        async (hashes, _) =>
        {
            var texts = (await read(hashes)).ToArray();
            return texts.Length == 0 ? new Dictionary<UInt128, string>()
                : texts.Length == hashes.Length
                    ? hashes.ToDictionary(h => KeyHash.IdOf(h), _ => texts[0])
                    : new Dictionary<UInt128, string> { [KeyHash.IdOf(Hash(7))] = texts[0] };
        }, TimeProvider.System);
}
