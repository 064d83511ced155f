using System.CommandLine;
using Guerdon.Client.Verbs;
using Guerdon.Client;
using Guerdon.Terminal;
using Guerdon.Terminal.Parsing;

namespace Guerdon.Cli.Prices;

/// <summary><c>guerdon price approve PROPOSAL</c>: puts its prices into the book, once.</summary>
internal static class ApproveProposal
{
    internal sealed record Request(DateTimeOffset? From, bool AcceptOutliers, bool Alone);

    public static Verb Build()
    {
        var id = Values.Id("PROPOSAL", "ppl", "guerdon price show");
        var from = Values.Day("--from", "The first day (UTC) of the new prices; left out: now.");
        var accept = new Option<bool>("--accept-outliers") { Description = "Accept prices that look wrong." };
        var alone = Decisions.Alone();
        return new Verb(
            "approve", "Approve somebody else's proposal, which puts its prices into the price book.",
            "guerdon price approve ppl_01990f6c6a6e7b3f8f0e0c1d2e3f4a5b",
            "guerdon price approve ppl_01990f6c6a6e7b3f8f0e0c1d2e3f4a5b --from 2027-01-01 --accept-outliers")
        {
            id, from, accept, alone,
        }.Does(async (call, ct) =>
        {
            DateTimeOffset? first = call.Value(from) is { } day ? new(day, default, TimeSpan.Zero) : null;
            var answer = await call.PostAsync(
                "Approving the proposal", $"api/v1/prices/proposals/{Uri.EscapeDataString(call.Value(id))}/approve",
                new Request(first, call.Value(accept), call.Value(alone)), PricesJson.Default.ApproveProposalRequest,
                ct);
            return call.Show(answer, PricesJson.Default.ProposalVerbsDecided, reply =>
            {
                var head = reply.Proposal;
                var said = reply.Done ? "is" : "was already";
                call.Output.Line($"Proposal {head.Id} {said} {ProposalVerbs.State(head)}.");
                return ExitCodes.Done;
            });
        });
    }
}
