using System.CommandLine;
using System.Text.Json;
using Guerdon.Client.Verbs;
using Guerdon.Client;
using Guerdon.Terminal.Parsing;

namespace Guerdon.Cli.Notices;

/// <summary><c>guerdon notice choices</c> and <c>guerdon notice choose KIND on|off</c>: which notices come by
/// e-mail.</summary>
internal static class NoticeChoiceVerbs
{
    private const string What = "notices/choices";

    internal sealed record Choice(string Kind, bool ByEmail);

    internal sealed record Request(IReadOnlyList<Choice> Choices);

    public static Verb BuildList()
    {
        var person = Whose.Option();
        return new Verb("choices", "List which notices come by e-mail, and which are always told.",
            "guerdon notice choices")
        {
            person,
        }.Does(async (call, ct) => call.Show(
            await call.GetAsync("Reading choices", Whose.Path(call.Value(person), What), ct),
            reply => Show(call, reply)));
    }

    public static Verb BuildChoose()
    {
        var kind = new Argument<string>("KIND") { Description = "One of 'guerdon notice choices'." };
        var turn = new Argument<string>("TURN") { Description = "on or off." };
        turn.AcceptOnlyFromAmong("on", "off");
        return new Verb("choose", "Choose whether notices of a kind come to you by e-mail.",
            "guerdon notice choose grant off")
        {
            kind, turn,
        }.Does(async (call, ct) =>
        {
            var request = new Request([new(call.Value(kind), call.Value(turn) == "on")]);
            var answer = await call.PutAsync(
                "Choosing", Whose.Path(null, What), request, NoticesJson.Default.NoticeChoiceVerbsRequest, ct);
            return call.Show(answer, reply => Show(call, reply));
        });
    }

    private static void Show(Call call, JsonElement reply)
    {
        ReplyList.Show(
            call.Output, reply, "choices", "There are no kinds.", new("Kind", "kind"), new("About", "title"),
            new("By e-mail", "byEmail"), new("Always told", "mustBeTold"));
        if (!reply.GetProperty("isEmailOn").GetBoolean())
            call.Output.Note("The company sends no notices by e-mail so far: they are on your page.");
    }
}
