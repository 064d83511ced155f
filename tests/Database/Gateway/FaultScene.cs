using System.Diagnostics;
using Dapper;
using Guerdon.Ledger;

namespace Guerdon.Database.Gateway;

/// <summary>
/// A gateway whose callers, providers and clock do what they should not. After each fault, every call that was admitted
/// is settled once, and what is not spent is back in the wallet.
/// </summary>
public abstract class FaultScene : IAsyncLifetime
{
    protected const string Path = "/v1/chat/completions";
    protected const long Granted = 1_000_000_000;
    protected const string ToSandbox =
        """{"model":"gpt-6-luna","max_tokens":40,"messages":[{"role":"user","content":"Explain the plan."}]}""";
    protected const string ToRaw =
        """{"model":"deepseek-v4-pro","max_tokens":40,"messages":[{"role":"user","content":"Explain the plan."}]}""";

    protected GatewayServer Gateway { get; } = new();
    private protected RawProvider Raw { get; } = new();
    private protected JumpingClock Clock { get; } = new();

    protected static CancellationToken Ct => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        Gateway.Clock = Clock;
        Gateway.Settings["Gateway:MaxBodyBytes"] = "20000000";
        Gateway.Settings["Gateway:Admission:Heartbeat"] = "00:00:00.2";
        Gateway.Settings["Gateway:Providers:deepseek:BaseUrl"] = Raw.Address;
        Gateway.Settings["Gateway:AnswerWithin"] = "00:00:02";
        Gateway.Settings["Gateway:DrainFor"] = "00:00:01";
        Gateway.Settings["Gateway:TakeWithin"] = "00:00:02";
        await Gateway.InitializeAsync();
    }

    protected async Task<IReadOnlyList<GatewayServer.Booked>> BookedAsync(WalletId wallet, int count)
    {
        var deadline = Stopwatch.StartNew();
        while (true)
        {
            var booked = await Gateway.RecordsAsync(wallet, count);
            if (booked.Count >= count || deadline.Elapsed > TimeSpan.FromSeconds(40)) return booked;
        }
    }

    protected async Task AssertSettledAsync(WalletId wallet, IReadOnlyList<GatewayServer.Booked> booked)
    {
        await Gateway.SettledBalanceAsync(wallet);
        var charged = booked.Sum(b => b.Charged_Milli);
        await using var connection = await Gateway.Db.OpenConnectionAsync(Ct);
        Assert.Equal((Granted - charged, 0L, charged), await connection.QuerySingleAsync<(long, long, long)>(
            "select available_milli, escrow_milli, spent_milli from ledger.v_balance where wallet_id = @wallet",
            new { wallet = wallet.Value }));
    }

    public async ValueTask DisposeAsync()
    {
        GC.SuppressFinalize(this);
        await Gateway.DisposeAsync();
        await Raw.DisposeAsync();
    }

    private protected sealed class JumpingClock : TimeProvider
    {
        public TimeSpan Ahead { get; set; }

        public override DateTimeOffset GetUtcNow() => base.GetUtcNow() + Ahead;
    }
}
