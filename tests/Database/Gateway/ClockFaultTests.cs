using Dapper;
using Guerdon.Gateway.Admission;
using Guerdon.Metering.Audit;
using Guerdon.Metering.Requests;
using Microsoft.Extensions.DependencyInjection;

namespace Guerdon.Database.Gateway;

/// <summary>A wall clock that is put, forwards and back.</summary>
public sealed class ClockFaultTests : FaultScene
{
    [Theory]
    [InlineData(-2)]
    [InlineData(40 * 24)]
    public async Task Clock_IsPut_CallsInFlightAreBookedOnceAndAnotherNodeWouldFindThem(int hours)
    {
        var (key, wallet) = await Gateway.KeyAsync(Granted / 1_000);
        await AnsweredAsync(key, "latency=0");
        var before = AnsweredAsync(key, "latency=1000");
        await OpenAsync(1);

        Clock.Ahead = TimeSpan.FromHours(hours);
        await AnsweredAsync(key, "latency=0");
        await before;
        await Task.Delay(TimeSpan.FromSeconds(1), Ct); // that nothing older is open is noted meanwhile
        Clock.Ahead = default;
        var second = AnsweredAsync(key, "latency=1500");
        await OpenAsync(1);
        await second;

        await AssertSettledAsync(wallet, await BookedAsync(wallet, 4));
        await using var connection = await Gateway.Db.OpenConnectionAsync(Ct);
        Assert.Equal(0, await connection.ExecuteScalarAsync<long>(
            "select count(*) from metering.request where duration_us < 0 or ended_at < started_at"));
        await foreach (var finding in VerifyEverything.RunAsync(Gateway.Db, null, Ct)) Assert.Fail(finding.ToString());

        async Task AnsweredAsync(string key, string sandbox)
        {
            using var answer = await Gateway.PostAsync(Path, key, ToSandbox, sandbox);
            Assert.Equal(200, (int)answer.StatusCode);
        }
    }

    // So many requests of the node that another would find open, were it to die now.
    private async Task OpenAsync(int count)
    {
        var holder = Gateway.Services.GetRequiredService<NodeLease>().Holder;
        IReadOnlyList<Opening> open = [];
        for (var tries = 0; tries < 40 && open.Count != count; tries++)
        {
            await Task.Delay(50, Ct);
            await using var connection = await Gateway.Db.OpenConnectionAsync(Ct);
            var since = await connection.ExecuteScalarAsync<DateTime>(
                "select oldest_open from gateway.node where holder = @holder", new { holder = holder.Value });
            open = await OpenRequests.OfHolderAsync(Gateway.Db, holder, since, Ct);
        }

        Assert.Equal(count, open.Count);
    }
}
