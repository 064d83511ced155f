using System.CommandLine;
using Guerdon.Client;
using Guerdon.Kernel;
using Guerdon.Terminal;
using Guerdon.Terminal.Parsing;
using Guerdon.Terminal.Writing;

namespace Guerdon.Cli.Usage;

/// <summary><c>guerdon reconcile import FILE</c>: saves a provider's report; charges nothing.</summary>
internal static class ReconcileImport
{
    internal sealed record Reply(
        string Provider, string Kind, int New, int Revised, int Same, int Lines, DateTimeOffset From,
        DateTimeOffset To, bool IsPart);

    public static Verb Build()
    {
        var file = Values.File("A usage or cost report as OpenAI or Anthropic answer it");
        var provider = ReconcileVerbs.Provider("Its name in requests (default: openai or anthropic, by the file).");
        var own = new Option<string[]>("--own")
        {
            Description = "The id of a key, project or workspace that Guerdon uses; may be repeated (default: all).",
            HelpName = "ID",
        };
        return new Verb(
            "import", "Save a provider's report of usage or cost; nothing is charged or given back.",
            "guerdon reconcile import usage.json --provider openai --own key_abc",
            "cat page1.json page2.json | guerdon reconcile import -")
        {
            file, provider, own,
        }.Does(async (call, ct) =>
        {
            var path = call.Value(file);
            var name = path == Values.StandardInput ? "standard input" : Path.GetFileName(path);
            var ids = (call.Value(own) ?? []).Select(id => ("own", (string?)id));
            var address = Call.Address(
                "api/v1/reconciliation/reports", [("provider", call.Value(provider)), ("name", name), .. ids]);
            var answer = await call.PostFileAsync($"Importing {path}", address, path, "application/json", ct);
            return call.Show(answer, UsageJson.Default.ReconcileImportReply, reply => Show(call.Output, reply));
        });
    }

    private static int Show(Output output, Reply reply)
    {
        output.Line(
            $"{reply.Provider}'s {reply.Kind} report, {Shown.Time(reply.From)} to {Shown.Time(reply.To)}:"
            + $" {reply.New:#,0} new, {reply.Revised:#,0} revised, {reply.Same:#,0} unchanged"
            + $" ({Wording.Count(reply.Lines, "line")}).");
        if (reply.IsPart) output.Note("The report has more pages: fetch and import them too.");
        output.Note(reply.Kind == "usage"
            ? $"To see what it would correct: guerdon reconcile preview --provider {reply.Provider}"
            : "To compare it with what is booked: guerdon reconcile show");
        return ExitCodes.Done;
    }
}
