using Guerdon.Client;
using Guerdon.Terminal;
using Guerdon.Terminal.Parsing;
using Guerdon.Terminal.Tables;
using Guerdon.Terminal.Writing;

namespace Guerdon.Cli.Prices;

/// <summary><c>guerdon price show [PROPOSAL]</c>: one proposal, or which there are.</summary>
internal static class ShowProposal
{
    public static Verb Build()
    {
        var id = Values.IdOrNone("PROPOSAL", "ppl", "guerdon price show", "A proposal's id; left out: a list of all.");
        return new Verb(
            "show", "Show what a proposal would change in the price book.",
            "guerdon price show", "guerdon price show ppl_01990f6c6a6e7b3f8f0e0c1d2e3f4a5b")
        {
            id,
        }.Does(async (call, ct) =>
        {
            const string all = "api/v1/prices/proposals";
            if (call.ValueOrNull(id) is not { } one)
                return call.Show(
                    await call.GetAsync("Listing proposals", all, ct), PricesJson.Default.ProposalVerbsPage,
                    page => List(call.Output, page));

            var answer = await call.GetAsync("Reading the proposal", $"{all}/{Uri.EscapeDataString(one)}", ct);
            return call.Show(answer, PricesJson.Default.ProposalVerbsFull, full =>
            {
                ProposalVerbs.Show(call.Output, full);
                var head = full.Proposal;
                call.Output.Line(
                    $"Proposal {head.Id}, of {head.Name}, imported by {head.ImportedBy} on"
                    + $" {Shown.Time(head.ImportedAt)}, {ProposalVerbs.State(head)}.");
                return ExitCodes.Done;
            });
        });
    }

    private static int List(Output output, ProposalVerbs.Page page)
    {
        if (page.Proposals.Count == 0)
        {
            output.Note("There are no proposals.");
            return ExitCodes.Done;
        }

        var table = new TextTable().Left("Proposal").Left("File").Left("Imported").Right("New").Right("Changed")
            .Right("Outliers").Left("State");
        foreach (var head in page.Proposals)
            table.Row(
                head.Id ?? "", head.Name, Shown.Time(head.ImportedAt), $"{head.NewCount:#,0}",
                $"{head.ChangedCount:#,0}", $"{head.OutlierCount:#,0}", ProposalVerbs.State(head));

        output.Table(table);
        return ExitCodes.Done;
    }
}
