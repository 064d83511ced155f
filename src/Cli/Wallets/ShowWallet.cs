using Guerdon.Client;
using Guerdon.Kernel;
using Guerdon.Terminal;
using Guerdon.Terminal.Parsing;
using Guerdon.Terminal.Tables;
using Guerdon.Terminal.Writing;

namespace Guerdon.Cli.Wallets;

/// <summary><c>guerdon wallet PERSON</c>: the balance, and where each grant's tokens are.</summary>
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
        string? Source = null, string? Grant = null, DateTimeOffset? ExpiresAt = null,
        DateTimeOffset? GrantedAt = null);

    public static Verb Build()
    {
        var person = Values.Person();
        return new Verb(
            "wallet", "Show a person's wallet: its balance and its lots.",
            "guerdon wallet ada@example.com", "guerdon wallet me --json") { person }
            .Does(async (call, ct) =>
            {
                var address = $"api/v1/wallets/{Uri.EscapeDataString(call.Value(person))}";
                var answer = await call.GetAsync("Reading the wallet", address, ct);
                return call.Show(answer, WalletsJson.Default.ShowWalletReply, reply => Show(call.Output, reply));
            });
    }

    private static int Show(Output output, Reply reply)
    {
        var balance = reply.Balance;
        output.Line($"{reply.Name} ({reply.Person})");
        output.Line();
        var standing = new TextTable().Left("").Right("USD").Right("Tokens");
        var ownParts = CentsColumn.Of( // they add up to what there is to spend
            Tokens.Zero, [new(balance.AvailableMilli), new(balance.EscrowMilli)], reply.TokenValueNanos);
        standing.Row("Available", Worth(ownParts[0], balance.AvailableMilli), Amount(balance.AvailableMilli));
        standing.Row("In escrow", Worth(ownParts[1], balance.EscrowMilli), Amount(balance.EscrowMilli));
        Row("Spent", balance.SpentMilli);
        Row("Expired", balance.ExpiredMilli);
        if (balance.UnvestedMilli > 0) Row("To vest", balance.UnvestedMilli);
        output.Table(standing);
        output.Line();
        var own = checked(balance.AvailableMilli + balance.EscrowMilli);
        output.Line(
            $"{Shown.Worth(own, reply.TokenValueNanos)} USD to spend: {Amount(own)} tokens at"
            + $" {Shown.Rate(reply.TokenValueNanos)}.");
        output.Line();
        var rewards = reply.Rewards is { Lots.Count: > 0 } some ? some : null;
        if (reply.Lots.Count > 0) ComputeLots(output, reply);
        else if (rewards is null) output.Line("No grants yet.");
        if (rewards is not null) Rewards(output, rewards, reply.TokenValueNanos);
        return ExitCodes.Done;

        void Row(string what, long milli) => standing.Row(what, Worth(null, milli), Amount(milli));

        string Worth(Usd? shown, long milli) => shown?.Cents ?? Shown.Worth(milli, reply.TokenValueNanos);
    }

    private static void ComputeLots(Output output, Reply reply)
    {
        var lots = new TextTable().Right("Lot").Left("Grant").Left("Tax class").Left("Granted on").Left("Expires on")
            .Right("Granted USD").Right("Left USD").Right("Granted").Right("Available").Right("Escrow").Right("Spent")
            .Right("Expired");
        foreach (var lot in reply.Lots)
        {
            lots.Row(
                $"{lot.Number}", lot.Grant ?? lot.Source ?? "", lot.TaxClass ?? "",
                Shown.Day(lot.GrantedAt), Shown.Day(lot.ExpiresAt),
                Shown.Worth(lot.GrantedMilli, reply.TokenValueNanos),
                Shown.Worth(checked(lot.AvailableMilli + lot.EscrowMilli), reply.TokenValueNanos),
                Amount(lot.GrantedMilli), Amount(lot.AvailableMilli), Amount(lot.EscrowMilli),
                Amount(lot.SpentMilli), Amount(lot.ExpiredMilli));
        }

        output.Table(lots);
    }

    private static void Rewards(Output output, Holding rewards, long tokenValue)
    {
        var balance = rewards.Balance;
        output.Line();
        output.Line("Reward tokens");
        var standing = new TextTable().Left("").Right("USD").Right("Tokens");
        Row("Free to convert", balance.AvailableMilli);
        Row("Set aside for a conversion", balance.LockedMilli);
        Row("To vest", balance.UnvestedMilli);
        Row("Converted", balance.ConvertedMilli);
        Row("Expired", balance.ExpiredMilli);
        output.Table(standing);
        output.Line();
        var lots = new TextTable().Right("Lot").Left("Grant").Left("Tax class").Left("Expires on")
            .Right("Granted USD").Right("Free USD").Right("Granted").Right("Free").Right("Set aside").Right("To vest")
            .Right("Converted").Right("Expired");
        foreach (var lot in rewards.Lots)
        {
            lots.Row(
                $"{lot.Number}", lot.Grant ?? lot.Source ?? "", lot.TaxClass ?? "", Shown.Day(lot.ExpiresAt),
                Shown.Worth(lot.GrantedMilli, tokenValue), Shown.Worth(lot.AvailableMilli, tokenValue),
                Amount(lot.GrantedMilli), Amount(lot.AvailableMilli), Amount(lot.LockedMilli),
                Amount(lot.UnvestedMilli), Amount(lot.ConvertedMilli), Amount(lot.ExpiredMilli));
        }

        output.Table(lots);

        void Row(string what, long milli) => standing.Row(what, Shown.Worth(milli, tokenValue), Amount(milli));
    }

    private static string Amount(long milli) => Shown.Tokens(milli);
}
