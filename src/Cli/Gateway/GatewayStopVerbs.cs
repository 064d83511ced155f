using System.CommandLine;
using Guerdon.Client.Verbs;
using Guerdon.Client;
using Guerdon.Terminal.Parsing;

namespace Guerdon.Cli.Gateway;

/// <summary><c>guerdon gateway stops</c> and <c>guerdon gateway clear WALLET REQUEST</c>: wallets
/// that make no calls since one cost more than was held for it.</summary>
internal static class GatewayStopVerbs
{
    internal sealed record Named(IReadOnlyList<string> Requests, bool Alone);

    public static Verb BuildList() =>
        new Verb("stops", "List wallets that were stopped because a call cost more than its hold.",
            "guerdon gateway stops")
            .Does(async (call, ct) =>
            {
                var answer = await call.GetAsync("Listing stops", "api/v1/gateway-stops", ct);
                return call.Show(answer, reply =>
                {
                    ReplyList.Show(
                        call.Output, reply, "stops", "No wallet has been stopped.", new("Person", "name"),
                        new("E-mail", "email"), new("Model", "model"), new("Cost, tokens", "costMilli", true),
                        new("Held", "heldMilli", true), new("Stopped", "stoppedAt"), new("Cleared", "clearedAt"),
                        new("By", "clearedBy"), new("Wallet", "wallet"), new("Request", "request"));
                });
            });

    public static Verb BuildClear()
    {
        var wallet = Values.Id("WALLET", "wal", "guerdon gateway stops");
        var requests = new Argument<string[]>("REQUEST")
        {
            Description = "The calls that stopped it, from 'guerdon gateway stops'.", Arity = ArgumentArity.OneOrMore,
        };
        var alone = Decisions.Alone();
        return new Verb("clear", "Clear stops of somebody else's wallet, after looking at each call that caused one.",
            "guerdon gateway clear wal_01990f6c6a6e7b3f8f0e0c1d2e3f4a5b req_01990f6c6a6e7b3f8f0e0c1d2e3f4a5c")
        {
            wallet, requests, alone,
        }.Does(async (call, ct) =>
        {
            var answer = await call.PostAsync("Clearing the stop",
                $"api/v1/gateway-stops/{Uri.EscapeDataString(call.Value(wallet))}/clear",
                new Named(call.Value(requests), call.Value(alone)), GatewayJson.Default.GatewayStopVerbsNamed, ct);
            return call.Show(answer, reply =>
            {
                var left = reply.GetProperty("left").EnumerateArray().Select(r => r.GetString()).ToList();
                if (reply.GetProperty("cleared").GetInt64() == 0)
                    call.Output.Line($"{call.Value(wallet)} was not stopped by these calls. Nothing changed.");
                call.Output.Line(left.Count == 0
                    ? $"{call.Value(wallet)} may make calls again."
                    : $"{call.Value(wallet)} is still stopped, by {string.Join(", ", left)}.");
            });
        });
    }
}
