using Guerdon.Client;
using Guerdon.Client.Verbs;
using Guerdon.Kernel;
using Guerdon.Terminal;
using Guerdon.Terminal.Parsing;
using Guerdon.Terminal.Writing;

namespace Guerdon.Cli.People;

/// <summary><c>guerdon import people FILE</c>: all or nothing, and the same file again changes nothing. It waits for
/// another to approve it once something is computed from people.</summary>
internal static class ImportPeople
{
    internal sealed record Reply(
        int Rows, int Created, int Updated, int Unchanged, string? ReadAs = null,
        IReadOnlyList<ChangeEmail.Reply>? EmailChanges = null, int Backdated = 0);

    public static Verb Build()
    {
        var file = Values.File("CSV with a header line");
        var dryRun = Values.DryRun("Show what would change, and change nothing.");
        return new Verb(
            "people", "Import people from a CSV file: who is new, and what changes; another approves it.",
            "guerdon import people people.csv --dry-run",
            "guerdon import people people.csv",
            "hr-export | guerdon import people -")
        {
            file, dryRun,
        }.Does(async (call, ct) =>
        {
            var address = Call.Address("api/v1/people/import", ("dryRun", call.Value(dryRun) ? "true" : "false"));
            var path = call.Value(file);
            var answer = await call.PostFileAsync($"Importing {path}", address, path, "text/csv", ct);
            // Only a dry run answers with errors; an import that has any is refused as a whole.
            if (Problem.ErrorsIn(answer.Reply).Count > 0) return call.RefuseRows(answer.Reply, "the file");
            return Waiting.Show(call, answer) ?? call.Show(
                answer, PeopleJson.Default.ImportPeopleReply, reply => Show(call.Output, reply, call.Value(dryRun)));
        });
    }

    private static int Show(Output output, Reply reply, bool dryRun)
    {
        output.Line(
            $"{Wording.Count(reply.Rows, "row")}: {reply.Created:#,0} created, {reply.Updated:#,0} updated,"
            + $" {reply.Unchanged:#,0} unchanged.");
        foreach (var change in reply.EmailChanges ?? [])
            output.Line($"{change.Now}, no longer {change.Was}.");
        if (reply.Backdated > 0)
            output.Line(
                $"{Wording.Count(reply.Backdated, "person is", "people are")} changed from a day before today.");
        FileForm.Say(output, reply.ReadAs);
        if (dryRun) output.Note("A dry run: nothing was changed.");
        return ExitCodes.Done;
    }
}
