using Stipend.Kernel;

namespace Stipend.Cli;

/// <summary><c>stipend import people FILE</c>: all or nothing, and the same file again changes nothing.</summary>
internal static class ImportPeople
{
    internal sealed record Reply(
        int Rows, int Created, int Updated, int Unchanged, IReadOnlyList<RowError> Errors, int ErrorCount = 0);

    public static RemoteVerb Verb()
    {
        var file = Values.File("CSV with a header line");
        var dryRun = Values.DryRun("Say what would change, and change nothing.");
        return new RemoteVerb(
            "people", "Import people from a CSV file: new e-mail addresses are created, known ones changed.",
            "stipend import people people.csv --dry-run",
            "stipend import people people.csv",
            "hr-export | stipend import people -")
        {
            file, dryRun,
        }.Does(async (call, ct) =>
        {
            var address = Call.Address("api/v1/people/import", ("dryRun", call.Value(dryRun) ? "true" : "false"));
            var answer = await call.PostFileAsync($"Importing {call.Value(file)}", address, call.Value(file), "text/csv", ct);
            // Only a dry run answers with errors; an import that has any is refused as a whole.
            if (Problem.ErrorsIn(answer.Reply) is { Count: > 0 } && call.Output.IsJson)
            {
                call.Output.Json(answer.Reply);
                return ExitCodes.Refused;
            }

            return call.Show(answer, CliJson.Default.ImportPeopleReply, reply => Show(call.Output, reply, call.Value(dryRun)));
        });
    }

    private static int Show(Output output, Reply reply, bool dryRun)
    {
        if (reply.Errors.Count > 0)
        {
            var total = Math.Max(reply.ErrorCount, reply.Errors.Count);
            output.Refuse(CliRefusals.RowsRefused.With($"{total:#,0} errors in {reply.Rows:#,0} rows."));
            output.Errors(reply.Errors, total);
            return ExitCodes.Refused;
        }

        output.Line($"{reply.Rows:#,0} rows: {reply.Created:#,0} created, {reply.Updated:#,0} updated, {reply.Unchanged:#,0} unchanged.");
        if (dryRun) output.Note("A dry run: nothing was changed.");
        return ExitCodes.Done;
    }
}
