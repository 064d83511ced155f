using System.CommandLine;
using Guerdon.Client.Verbs;
using Guerdon.Client;
using Guerdon.Kernel;
using Guerdon.Terminal.Parsing;

namespace Guerdon.Cli.Notices;

/// <summary><c>guerdon notice deliveries</c> and <c>guerdon notice again</c>: how notices left by e-mail and webhook,
/// and those that failed, again.</summary>
internal static class DeliveryVerbs
{
    private const string Address = "api/v1/notices/deliveries";

    internal sealed record Again(string? Way, string? Notice);

    public static Verb BuildList()
    {
        var state = new Option<string?>("--state")
        {
            Description = "failed, waiting, sent or skipped; left out: failed.", HelpName = "STATE",
        };
        state.AcceptOnlyFromAmong("failed", "waiting", "sent", "skipped");
        var way = Way();
        return new Verb("deliveries", "List notices that failed by e-mail or webhook, or how the others left.",
            "guerdon notice deliveries", "guerdon notice deliveries --state waiting --way email")
        {
            state, way,
        }.Does(async (call, ct) =>
        {
            var address = Call.Address(Address, ("state", call.Value(state)), ("way", call.Value(way)));
            var none = call.Value(state) is { } asked ? $"No notice is {asked}." : "No notice failed.";
            return call.Show(await call.GetAsync("Listing deliveries", address, ct), reply => ReplyList.Show(
                call.Output, reply, "deliveries", none, new("Notice", "notice"), new("By", "way"),
                new("Kind", "kind"), new("State", "state"), new("Tries", "tries", true), new("Next", "nextAt"),
                new("Ended", "endedAt"), new("Why", "reason")));
        });
    }

    public static Verb BuildAgain()
    {
        var way = Way();
        var notice = new Option<string?>("--notice")
        {
            Description = "One, from 'guerdon notice deliveries'; left out: all of the last 30 days.",
            HelpName = "NOTICE",
        };
        return new Verb("again", "Send notices that failed again, after the cause is corrected.",
            "guerdon notice again", "guerdon notice again --way email --notice ntc_01990f6c6a6e7b3f8f0e0c1d2e3f4a5b")
        {
            way, notice,
        }.Does(async (call, ct) =>
        {
            var answer = await call.PostAsync(
                "Sending again", Address + "/again", new Again(call.Value(way), call.Value(notice)),
                NoticesJson.Default.DeliveryVerbsAgain, ct);
            return call.Show(answer, reply => call.Output.Line(reply.GetProperty("count").GetInt64() switch
            {
                0 => "No such delivery has failed. Nothing changed.",
                var count => $"{Wording.Count(count, "delivery", "deliveries")} will be tried again now.",
            }));
        });
    }

    private static Option<string?> Way()
    {
        var way = new Option<string?>("--way")
        {
            Description = "email or webhook; left out: both.", HelpName = "WAY",
        };
        way.AcceptOnlyFromAmong("email", "webhook");
        return way;
    }
}
