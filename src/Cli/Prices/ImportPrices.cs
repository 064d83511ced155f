using System.CommandLine;
using Guerdon.Client.Verbs;
using Guerdon.Client;
using Guerdon.Terminal;
using Guerdon.Terminal.Parsing;
using Guerdon.Terminal.Writing;

namespace Guerdon.Cli.Prices;

/// <summary><c>guerdon price import FILE</c>: proposes what a list would change; nothing changes yet.</summary>
internal static class ImportPrices
{
    internal sealed record Reply(
        ProposalVerbs.Head Proposal, IReadOnlyList<ProposalVerbs.LeftOut> Skips,
        IReadOnlyList<ProposalVerbs.Line> Lines, bool Added, string? ReadAs = null);

    public static Verb Build()
    {
        var file = Values.File("LiteLLM's JSON, or CSV with a header line");
        var format = new Option<string?>("--format")
        {
            Description = "litellm or csv (default: by the file's extension).",
        };
        format.AcceptOnlyFromAmong("litellm", "csv");
        return new Verb(
            "import", "Compare a price list with the price book, and propose the changes.",
            "guerdon price import model_prices_and_context_window.json",
            "guerdon price import contract.csv",
            "curl -s https://example.com/prices.json | guerdon price import - --format litellm")
        {
            file, format,
        }.Does(async (call, ct) =>
        {
            var path = call.Value(file);
            if ((call.Value(format) ?? FormatOf(path)) is not { } known)
                return call.Misuse($"'{path}' ends in neither .json nor .csv: add --format litellm or --format csv.");

            var isCsv = known == "csv";
            var name = path == Values.StandardInput ? "standard input" : Path.GetFileName(path);
            var address = Call.Address("api/v1/prices/proposals", ("format", known), ("name", name));
            var answer = await call.PostFileAsync(
                $"Importing {path}", address, path, isCsv ? "text/csv" : "application/json", ct);
            return call.Show(answer, PricesJson.Default.ImportPricesReply, reply => Show(call.Output, reply));
        });
    }

    private static string? FormatOf(string path) => Path.GetExtension(path).ToLowerInvariant() switch
    {
        ".json" => "litellm",
        ".csv" => "csv",
        _ => null,
    };

    private static int Show(Output output, Reply reply)
    {
        FileForm.Say(output, reply.ReadAs);
        ProposalVerbs.Show(output, new(reply.Proposal, reply.Skips, reply.Lines));
        if (reply.Proposal.Id is not { } id)
        {
            output.Note("The price book has all of this already: there is nothing to approve.");
            return ExitCodes.Done;
        }

        output.Line(
            $"Proposal {id} {(reply.Added ? "" : "was made before and ")}{ProposalVerbs.State(reply.Proposal)}.");
        var accept = reply.Proposal.OutlierCount > 0 ? " --accept-outliers, once they are checked" : "";
        output.Note($"Nothing has changed. To approve it: guerdon price approve {id}{accept}");
        return ExitCodes.Done;
    }
}
