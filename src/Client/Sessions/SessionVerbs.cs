using System.CommandLine;
using System.Text.Json;
using Guerdon.Terminal;
using Guerdon.Terminal.Parsing;
using Guerdon.Terminal.Tables;
using Guerdon.Terminal.Writing;

namespace Guerdon.Client.Sessions;

/// <summary><c>guerdon session list|end|end-all</c>: where one is signed in, and ending that.</summary>
public static class SessionVerbs
{
    internal sealed record Item(
        string Id, string Kind, string Address, string Agent, DateTimeOffset MadeAt, DateTimeOffset SeenAt,
        DateTimeOffset EndsAt, bool IsThis);

    public static Verb BuildList() =>
        new Verb("list", "List where you are signed in.", "guerdon session list").Does(async (call, ct) => call.Show(
            await call.GetAsync("Listing sessions", "api/v1/sessions", ct), SessionsJson.Default.SessionVerbsItems,
            items =>
            {
                if (items.Count == 0) call.Output.Note("You have no session; a token is none.");
                var table = new TextTable().Left("Session").Left("What").Left("From").Left("Says it is").Left("Since")
                    .Left("Last seen").Left("Ends").Left("");
                foreach (var one in items)
                    table.Row(one.Id, one.Kind, one.Address, one.Agent, Shown.Time(one.MadeAt),
                        Shown.Time(one.SeenAt), Shown.Time(one.EndsAt), one.IsThis ? "this one" : "");
                call.Output.Table(table);
                return ExitCodes.Done;
            }));

    public static Verb BuildEnd()
    {
        var id = Values.Id("SESSION", "ses", "guerdon session list");
        return new Verb("end", "End one of your sessions.", "guerdon session end ses_01990f6c6a6e7b3f8f0e0c1d2e3f4a5b")
        {
            id,
        }.Does((call, ct) => EndAsync(
            call, $"api/v1/sessions/{Uri.EscapeDataString(call.Value(id))}", call.Value(id),
            $"{call.Value(id)} is over.", ct));
    }

    public static Verb BuildEndAll()
    {
        var account = new Option<string?>("--account")
        {
            Description = "Somebody else's, by whoever opens and closes accounts.", HelpName = "EMAIL",
        };
        var tokens = new Option<bool>("--tokens") { Description = "Revoke all tokens too, which programs use." };
        return new Verb(
            "end-all", "Sign out everywhere.", "guerdon session end-all", "guerdon session end-all --tokens",
            "guerdon session end-all --account ada@example.com")
        {
            account, tokens,
        }.Does((call, ct) =>
        {
            var (query, what) = call.Value(tokens) ? ("?tokens=true", "sessions and tokens") : ("", "sessions");
            return call.Value(account) is { } whose
                ? EndAsync(call, $"api/v1/accounts/{Uri.EscapeDataString(whose)}/sessions{query}", whose,
                    $"All {what} of {whose} are over.", ct)
                : EndAsync(call, $"api/v1/sessions{query}", "all", $"All your {what} are over.", ct);
        });
    }

    internal static async Task<int> EndAsync(Call call, string address, string what, string said, CancellationToken ct)
    {
        var answer = await call.DeleteAsync("Ending it", address, ct);
        if (answer.No is { } no) return call.Output.Refuse(no);

        // 204 has no body, so that one is made: --json must give a document.
        if (answer.Reply.ValueKind == JsonValueKind.Undefined) call.Output.Json(new { id = what, ended = true });
        else call.Output.Json(answer.Reply);
        call.Output.Line(said);
        return ExitCodes.Done;
    }
}
