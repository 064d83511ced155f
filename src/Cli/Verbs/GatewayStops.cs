namespace Stipend.Cli;

/// <summary><c>stipend gateway stops</c> and <c>stipend gateway clear WALLET</c>: wallets that make no calls since one
/// cost more than was held for it.</summary>
internal static class GatewayStops
{
    public static Verb BuildList() =>
        new Verb("stops", "List wallets that were stopped because a call cost more than its hold.",
            "stipend gateway stops")
            .Does(async (call, ct) =>
            {
                var answer = await call.GetAsync("Listing stops", "api/v1/gateway-stops", ct);
                return call.Show(answer, reply =>
                {
                    PayVerbs.List(
                        call.Output, reply, "stops", "No wallet was ever stopped.", new("Person", "name"),
                        new("E-mail", "email"), new("Model", "model"), new("Cost, tokens", "costMilli", true),
                        new("Held", "heldMilli", true), new("Stopped", "stoppedAt"), new("Cleared", "clearedAt"),
                        new("By", "clearedBy"), new("Wallet", "wallet"));
                });
            });

    public static Verb BuildClear()
    {
        var wallet = Values.Id("WALLET", "wal", "stipend gateway stops");
        return new Verb("clear", "Let a stopped wallet make calls again.",
            "stipend gateway clear wal_01990f6c6a6e7b3f8f0e0c1d2e3f4a5b")
        {
            wallet,
        }.Does(async (call, ct) =>
        {
            var answer = await call.PostAsync("Clearing the stop",
                $"api/v1/gateway-stops/{Uri.EscapeDataString(call.Value(wallet))}/clear",
                new GatewaySwitch.Request(), CliJson.Default.GatewaySwitchRequest, ct);
            return call.Show(answer, reply => call.Output.Line(
                reply.GetProperty("cleared").GetInt64() == 0
                    ? $"{call.Value(wallet)} was not stopped. Nothing changed."
                    : $"{call.Value(wallet)} may make calls again."));
        });
    }
}
