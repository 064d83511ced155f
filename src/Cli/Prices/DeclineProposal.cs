using Guerdon.Client;
using Guerdon.Terminal;
using Guerdon.Terminal.Parsing;

namespace Guerdon.Cli.Prices;

/// <summary><c>guerdon price decline PROPOSAL</c>: closes it; the book stays as it is.</summary>
internal static class DeclineProposal
{
    /// <summary>It takes no words.</summary>
    internal sealed record Request;

    public static Verb Build()
    {
        var id = Values.Id("PROPOSAL", "ppl", "guerdon price show");
        return new Verb(
            "decline", "Decline a proposal; the price book stays as it is.",
            "guerdon price decline ppl_01990f6c6a6e7b3f8f0e0c1d2e3f4a5b")
        {
            id,
        }.Does(async (call, ct) =>
        {
            var answer = await call.PostAsync(
                "Declining the proposal", $"api/v1/prices/proposals/{Uri.EscapeDataString(call.Value(id))}/decline",
                ct);
            return call.Show(answer, PricesJson.Default.ProposalVerbsDecided, reply =>
            {
                var said = reply.Done ? "is" : "was already";
                call.Output.Line($"Proposal {reply.Proposal.Id} {said} {ProposalVerbs.State(reply.Proposal)}.");
                return ExitCodes.Done;
            });
        });
    }
}
