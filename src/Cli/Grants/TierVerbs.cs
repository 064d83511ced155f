using System.CommandLine;
using Guerdon.Client;
using Guerdon.Terminal;
using Guerdon.Terminal.Parsing;
using Guerdon.Terminal.Tables;

namespace Guerdon.Cli.Grants;

/// <summary><c>guerdon tier request|list|approve|decline</c>: tiers above the baseline, unlocked by reviewed
/// evidence.</summary>
internal static class TierVerbs
{
    private const string Address = "api/v1/tiers/requests";

    internal sealed record Ask(string Plan, string Tier, string UseCase, string Impact);

    internal sealed record Decide(string Reason, DateOnly? From);

    internal sealed record Page(IReadOnlyList<Request> Requests, string? Next = null);

    internal sealed record Request(
        string Id, string Email, string Plan, string Tier, string UseCase, string Impact, DateTimeOffset AskedAt,
        string? Decision = null, string? DecidedBy = null, string? Reason = null, DateOnly? FromOn = null);

    public static Verb BuildRequest()
    {
        var plan = Needed("--plan", "The plan that has the tier.", "NAME");
        var tier = Needed("--tier", "The tier.", "NAME");
        var useCase = Needed("--use-case", "What the tokens are for.", "TEXT");
        var impact = Needed("--impact", "What came of it so far.", "TEXT");
        return new Verb(
            "request", "Ask for a tier for yourself, saying what you do and what it has brought.",
            "guerdon tier request --plan engineering --tier expert --use-case 'Review bot' --impact '30 % fewer bugs'")
        {
            plan, tier, useCase, impact,
        }.Does(async (call, ct) => Show(call, await call.PostAsync(
            "Asking for the tier", Address,
            new Ask(call.Value(plan)!, call.Value(tier)!, call.Value(useCase)!, call.Value(impact)!),
            GrantsJson.Default.TierVerbsAsk, ct)));
    }

    public static Verb BuildList()
    {
        var all = new Option<bool>("--all") { Description = "Everybody's, for administrators." };
        var waiting = new Option<bool>("--waiting") { Description = "Only those that are not decided yet." };
        return new Verb("list", "List requests for tiers.", "guerdon tier list", "guerdon tier list --all --waiting")
        {
            all, waiting,
        }.Does(async (call, ct) =>
        {
            var address = Call.Address(
                Address, ("all", call.Value(all) ? "true" : null), ("waiting", call.Value(waiting) ? "true" : null));
            var answer = await call.GetAsync("Listing requests", address, ct);
            return call.Show(answer, GrantsJson.Default.TierVerbsPage, page =>
            {
                if (page.Requests.Count == 0) call.Output.Note("There are no requests.");
                else call.Output.Table(Table(page.Requests));
                return ExitCodes.Done;
            });
        });
    }

    public static Verb BuildApprove()
    {
        var from = Values.Day("--from", "From when it counts, the first day of a month; left out: of the next one.");
        return BuildDecide("approve", "Approve somebody else's request, which unlocks the tier.", from);
    }

    public static Verb BuildDecline() =>
        BuildDecide("decline", "Decline a request; the tier can be asked for again.", null);

    private static Verb BuildDecide(string name, string description, Option<DateOnly?>? from)
    {
        var id = Values.Id("REQUEST", "trq", "guerdon tier list --all");
        var reason = Needed("--reason", "For the person to read.", "TEXT");
        var verb = new Verb(
            name, description, $"guerdon tier {name} trq_01990f6c6a6e7b3f8f0e0c1d2e3f4a5b --reason 'Good evidence'")
        {
            id, reason,
        };
        if (from is not null) verb.Add(from);
        return verb.Does(async (call, ct) => Show(call, await call.PostAsync(
            "Deciding the request", $"{Address}/{Uri.EscapeDataString(call.Value(id))}/{name}",
            new Decide(call.Value(reason)!, from is null ? null : call.Value(from)), GrantsJson.Default.TierVerbsDecide,
            ct)));
    }

    private static Option<string> Needed(string name, string description, string help) =>
        new(name) { Description = description, HelpName = help, Required = true };

    private static int Show(Call call, Answer answer) =>
        call.Show(answer, GrantsJson.Default.TierVerbsRequest, request =>
        {
            call.Output.Line(
                $"Request {request.Id} of {request.Email} for {request.Plan}/{request.Tier}: {State(request)}.");
            return ExitCodes.Done;
        });

    private static TextTable Table(IReadOnlyList<Request> requests)
    {
        var table = new TextTable().Left("Request").Left("Person").Left("Tier")
            .Left("Use case").Left("Impact").Left("State");
        foreach (var r in requests) table.Row(r.Id, r.Email, $"{r.Plan}/{r.Tier}", r.UseCase, r.Impact, State(r));
        return table;
    }

    private static string State(Request request) => request switch
    {
        { Decision: null } => "waits for review",
        { FromOn: { } from } => $"approved by {request.DecidedBy}, from {Call.Iso(from)}",
        _ => $"declined by {request.DecidedBy}: {request.Reason}",
    };
}
