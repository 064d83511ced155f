using System.CommandLine;
using Guerdon.Cli.Parsing;
using Guerdon.Cli.Server;
using Guerdon.Cli.Terminal;

namespace Guerdon.Cli.Verbs;

/// <summary><c>guerdon price import FILE</c>: proposes what a list would change; nothing changes yet.</summary>
internal static class ImportPrices
{
    public static Verb Build()
    {
        var file = Values.File("LiteLLM's JSON, or CSV with a header line");
        var format = new Option<string?>("--format") { Description = "litellm or csv (else by the file's ending)." };
        format.AcceptOnlyFromAmong("litellm", "csv");
        return new Verb(
            "import", "Compare a price list with the book and propose what it would change.",
            "guerdon price import model_prices_and_context_window.json",
            "guerdon price import contract.csv",
            "curl -s https://example.com/prices.json | guerdon price import - --format litellm")
        {
            file, format,
        }.Does(async (call, ct) =>
        {
            var path = call.Value(file);
            if ((call.Value(format) ?? FormatOf(path)) is not { } known)
                return call.Misuse($"'{path}' ends in neither .json nor .csv: say --format litellm or --format csv.");

            var isCsv = known == "csv";
            var name = path == Values.StandardInput ? "standard input" : Path.GetFileName(path);
            var address = Call.Address("api/v1/prices/proposals", ("format", known), ("name", name));
            var answer = await call.PostFileAsync(
                $"Importing {path}", address, path, isCsv ? "text/csv" : "application/json", ct);
            return call.Show(answer, CliJson.Default.PriceProposalFull, full => Show(call.Output, full));
        });
    }

    private static string? FormatOf(string path) => Path.GetExtension(path).ToLowerInvariant() switch
    {
        ".json" => "litellm",
        ".csv" => "csv",
        _ => null,
    };

    private static int Show(Output output, PriceProposal.Full full)
    {
        Values.SayForm(output, full.ReadAs);
        PriceProposal.Show(output, full);
        if (full.Proposal.Id is not { } id)
        {
            output.Note("The book says all of this already: there is nothing to approve.");
            return ExitCodes.Done;
        }

        output.Line(full.Added ? $"Proposal {id} waits for approval." : $"Proposal {id} was made before and waits.");
        var accept = full.Proposal.OutlierCount > 0 ? " --accept-outliers, once they are checked" : "";
        output.Note($"Nothing has changed. To take it: guerdon price approve {id}{accept}");
        return ExitCodes.Done;
    }
}
