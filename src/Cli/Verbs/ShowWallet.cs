using System.Globalization;
using Stipend.Kernel;

namespace Stipend.Cli;

/// <summary><c>stipend wallet PERSON</c>: the balance, and where each grant's tokens are.</summary>
internal static class ShowWallet
{
    internal sealed record Reply(
        string Person, string Name, string Wallet, Standing Balance, long TokenValueNanos, IReadOnlyList<Lot> Lots,
        Holding? Rewards = null);

    internal sealed record Holding(Standing Balance, IReadOnlyList<Lot> Lots);

    internal sealed record Standing(
        long AvailableMilli, long EscrowMilli, long SpentMilli, long ExpiredMilli, long UnvestedMilli = 0,
        long LockedMilli = 0, long ConvertedMilli = 0);

    internal sealed record Lot(
        int Number, long GrantedMilli, long AvailableMilli, long EscrowMilli, long SpentMilli, long ExpiredMilli,
        long UnvestedMilli = 0, long LockedMilli = 0, long ConvertedMilli = 0, string? TaxClass = null,
        string? Source = null, DateTimeOffset? ExpiresAt = null,
        DateTimeOffset? GrantedAt = null);

    public static Verb Build()
    {
        var person = Values.Person();
        return new Verb(
            "wallet", "Show a person's wallet: its balance and its lots.",
            "stipend wallet ada@example.com", "stipend wallet me --json") { person }
            .Does(async (call, ct) =>
            {
                var address = $"api/v1/wallets/{Uri.EscapeDataString(call.Value(person))}";
                var answer = await call.GetAsync("Reading the wallet", address, ct);
                return call.Show(answer, CliJson.Default.ShowWalletReply, reply => Show(call.Output, reply));
            });
    }

    private static int Show(Output output, Reply reply)
    {
        var balance = reply.Balance;
        output.Line($"{reply.Name} ({reply.Person}), {reply.Wallet}");
        output.Line();
        var standing = new TextTable().Left("").Right("Tokens")
            .Row("Available", Amount(balance.AvailableMilli))
            .Row("In escrow", Amount(balance.EscrowMilli))
            .Row("Spent", Amount(balance.SpentMilli))
            .Row("Expired", Amount(balance.ExpiredMilli));
        if (balance.UnvestedMilli > 0) standing.Row("To vest", Amount(balance.UnvestedMilli));
        output.Table(standing);
        output.Line();
        var (own, worth) = Worth(reply);
        output.Line($"{own} tokens to spend, worth {worth} USD at {new Usd(reply.TokenValueNanos)} USD a token.");
        output.Line();
        var rewards = reply.Rewards is { Lots.Count: > 0 } some ? some : null;
        if (reply.Lots.Count > 0) ComputeLots(output, reply);
        else if (rewards is null) output.Line("No grants yet.");
        if (rewards is not null) Rewards(output, rewards);
        return ExitCodes.Done;
    }

    private static void ComputeLots(Output output, Reply reply)
    {
        var lots = new TextTable().Right("Lot").Left("Source").Left("Tax class").Left("Granted on").Left("Expires on")
            .Right("Granted").Right("Available").Right("Escrow").Right("Spent").Right("Expired");
        foreach (var lot in reply.Lots)
        {
            lots.Row(
                $"{lot.Number}", lot.Source ?? "", lot.TaxClass ?? "", Day(lot.GrantedAt), Day(lot.ExpiresAt),
                Amount(lot.GrantedMilli), Amount(lot.AvailableMilli), Amount(lot.EscrowMilli), Amount(lot.SpentMilli),
                Amount(lot.ExpiredMilli));
        }

        output.Table(lots);
    }

    private static void Rewards(Output output, Holding rewards)
    {
        var balance = rewards.Balance;
        output.Line();
        output.Line("Reward tokens");
        output.Table(new TextTable().Left("").Right("Tokens")
            .Row("Free to convert", Amount(balance.AvailableMilli))
            .Row("Set aside for a conversion", Amount(balance.LockedMilli))
            .Row("To vest", Amount(balance.UnvestedMilli))
            .Row("Converted", Amount(balance.ConvertedMilli))
            .Row("Expired", Amount(balance.ExpiredMilli)));
        output.Line();
        var lots = new TextTable().Right("Lot").Left("Source").Left("Tax class").Left("Expires on").Right("Granted")
            .Right("Free").Right("Set aside").Right("To vest").Right("Converted").Right("Expired");
        foreach (var lot in rewards.Lots)
        {
            lots.Row(
                $"{lot.Number}", lot.Source ?? "", lot.TaxClass ?? "", Day(lot.ExpiresAt), Amount(lot.GrantedMilli),
                Amount(lot.AvailableMilli), Amount(lot.LockedMilli), Amount(lot.UnvestedMilli),
                Amount(lot.ConvertedMilli), Amount(lot.ExpiredMilli));
        }

        output.Table(lots);
    }

    // Rounded down to a nano-dollar: never more than it is worth.
    private static (Tokens Own, Usd Worth) Worth(Reply reply)
    {
        var own = new Tokens(reply.Balance.AvailableMilli) + new Tokens(reply.Balance.EscrowMilli);
        return (own, new Usd(checked((long)((Int128)own.Milli * reply.TokenValueNanos / 1_000))));
    }

    private static string Amount(long milli) => new Tokens(milli).ToString();

    private static string Day(DateTimeOffset? at) =>
        at?.UtcDateTime.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture) ?? "";
}
