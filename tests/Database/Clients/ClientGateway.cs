using System.Text.Json;
using Guerdon.Database.Gateway;
using Guerdon.Kernel;
using Guerdon.Ledger;
using Guerdon.Metering.Requests;
using Guerdon.Pricing.Costing;

namespace Guerdon.Database.Clients;

/// <summary>One gateway for all clients, which take turns at it.</summary>
[CollectionDefinition(Name)]
public sealed class ClientGateway : ICollectionFixture<GatewayServer>
{
    public const string Name = "Clients";
}

/// <summary>A call as its client saw it: the provider's usage, in the words of its SDK, told by the script.</summary>
internal sealed record SeenCall(
    string Model, long Input, long Output, long Cached = 0, long Write5m = 0, long Write1h = 0, long Reasoning = 0)
{
    private static readonly JsonSerializerOptions Camel = new(JsonSerializerDefaults.Web);

    public Usage Usage => new(Input, Cached, Write5m, Write1h, Output, Reasoning);

    public static IReadOnlyList<SeenCall> ListOf(string json) => JsonSerializer.Deserialize<SeenCall[]>(json, Camel)!;
}

internal static class Books
{
    /// <summary>Runs a case of a client's script: it has its answer, and the books have what it was told.</summary>
    public static async Task AssertBookedAsReportedAsync(
        this GatewayServer gateway, string[] packages, string script, string name)
    {
        var granted = new Tokens(50_000_000_000);
        var folder = await NodeClients.InstalledAsync(packages);
        var (key, wallet) = await gateway.KeyOfAsync(granted);
        var seen = await NodeClients.CaseAsync(folder, script, name, gateway.Address.AbsoluteUri, key);
        await gateway.AssertAreAsync(wallet, granted, SeenCall.ListOf(seen));
    }

    /// <summary>Runs the script's case <c>refused</c> with next to nothing in the wallet.</summary>
    public static async Task AssertRefusedOnceAsync(this GatewayServer gateway, string[] packages, string script)
    {
        var granted = new Tokens(1);
        var folder = await NodeClients.InstalledAsync(packages);
        var (key, wallet) = await gateway.KeyOfAsync(granted);
        await NodeClients.CaseAsync(folder, script, "refused", gateway.Address.AbsoluteUri, key);
        await gateway.AssertUntouchedAsync(wallet, granted);
    }

    /// <summary>The wallet's records are these calls, no more and no fewer, with the provider's usage.</summary>
    public static async Task AssertAreAsync(
        this GatewayServer gateway, WalletId wallet, Tokens granted, IReadOnlyList<SeenCall> calls)
    {
        var records = await gateway.AssertPricedAsync(wallet, granted, calls.Count);
        Assert.Equal(calls.Select(c => (c.Model, c.Usage)), records.Select(r => (r.Model, r.Usage)));
    }

    /// <summary>So many records are booked, each is charged the price of its usage, and nothing is held.</summary>
    public static async Task<IReadOnlyList<GatewayServer.Booked>> AssertPricedAsync(
        this GatewayServer gateway, WalletId wallet, Tokens granted, int calls)
    {
        var records = await gateway.RecordsAsync(wallet, calls);
        Assert.Equal(calls, records.Count);
        Assert.All(records, record =>
        {
            Assert.Equal(((short)RecordState.Settled, (short)Outcome.Answered), (record.State, record.Outcome));
            Assert.Equal(gateway.ChargeMilli(record.Model, record.Usage), record.Charged_Milli);
            Assert.True(record.Charged_Milli > 0);
        });
        await gateway.AssertSpentAsync(wallet, granted, records.Sum(r => r.Charged_Milli));
        return records;
    }

    public static Usage Sum(IReadOnlyList<GatewayServer.Booked> records) => new(
        records.Sum(r => r.Input), records.Sum(r => r.Cached_Input), records.Sum(r => r.Cache_Write_5m),
        records.Sum(r => r.Cache_Write_1h), records.Sum(r => r.Output), records.Sum(r => r.Reasoning));

    /// <summary>So much is spent of the wallet, the rest is there, and nothing is held.</summary>
    public static async Task AssertSpentAsync(
        this GatewayServer gateway, WalletId wallet, Tokens granted, long spentMilli)
    {
        var balance = await gateway.SettledBalanceAsync(wallet);
        Assert.Equal((spentMilli, 0L), (balance.Spent.Milli, balance.Escrow.Milli));
        Assert.Equal(granted, balance.Available + balance.Spent);
    }

    /// <summary>The wallet was refused every call: no record, all of it still there.</summary>
    public static async Task AssertUntouchedAsync(this GatewayServer gateway, WalletId wallet, Tokens granted)
    {
        Assert.Empty(await gateway.RecordsAsync(wallet, 0));
        await gateway.AssertSpentAsync(wallet, granted, 0);
    }
}
