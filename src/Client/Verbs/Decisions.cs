using System.CommandLine;
using System.Text.Json;

namespace Guerdon.Client.Verbs;

/// <summary>What verbs that decide share, whatever they decide on.</summary>
public static class Decisions
{
    /// <summary>Why, as the server's decisions want it.</summary>
    public sealed record Decision(string Reason);

    /// <summary>The only administrator says that they decide what they asked for themselves.</summary>
    public sealed record Agreement(bool Alone);

    /// <summary>The option that says so.</summary>
    public static Option<bool> Alone() => new("--alone")
    {
        Description = "Decide what you asked for yourself, as the only administrator; it goes on record.",
    };

    public static Option<string> Why(string description) =>
        new("--reason") { Description = description, HelpName = "TEXT", Required = true };

    /// <summary>Posts a decision, with the reason where it has one, and shows what became of the thing.</summary>
    public static async Task<int> DecideAsync(
        Call call, string doing, string address, string? reason, string what, CancellationToken ct) =>
        Show(call, what, reason is null
            ? await call.PostAsync(doing, address, ct)
            : await call.PostAsync(doing, address, new Decision(reason), SharedJson.Default.DecisionsDecision, ct));

    /// <summary>Shows a conversion or a claim after a decision: its id, its state, and what it pays.</summary>
    public static int Show(Call call, string what, Answer answer) => call.Show(answer, reply =>
    {
        var thing = reply.GetProperty(what);
        var said = reply.TryGetProperty("done", out var done) && done.ValueKind == JsonValueKind.False
            ? "was already" : "is";
        call.Output.Line($"{Text("id")} {said} {Text("state").Replace('_', ' ')}: {Text("pays")}.");

        string Text(string property) => ReplyList.Text(thing, property);
    });
}
