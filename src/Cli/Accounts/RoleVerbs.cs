using System.CommandLine;
using Guerdon.Client.Verbs;
using Guerdon.Client;
using Guerdon.Kernel;
using Guerdon.Terminal;
using Guerdon.Terminal.Parsing;
using Guerdon.Terminal.Tables;
using Guerdon.Terminal.Writing;

namespace Guerdon.Cli.Accounts;

/// <summary><c>guerdon account give|requests|approve|decline|take</c>: roles, which one administrator asks for and
/// another agrees to, and any of them takes.</summary>
internal static class RoleVerbs
{
    private const string Address = "api/v1/role-requests";

    internal sealed record Asked(string Role, string Reason);

    internal sealed record Page(IReadOnlyList<Request> Requests, string? Next = null);

    internal sealed record Request(
        string Id, string Email, string Role, string Reason, string AskedBy, DateTimeOffset AskedAt, string State,
        bool DecidedAlone, string? DecidedBy = null, DateTimeOffset? DecidedAt = null, string? DecidedReason = null,
        string? WhoMay = null);

    public static Verb BuildGive()
    {
        var (email, role, reason) = (AccountVerbs.Email("Whose account."), Role(), Decisions.Why("For the record."));
        return new Verb(
            "give", "Ask that somebody else be given a role; another administrator agrees.",
            "guerdon account give ines@example.com people --reason 'Runs the team since November'")
        {
            email, role, reason,
        }.Does(async (call, ct) => Show(call, await call.PostAsync(
            "Asking for the role", $"{AccountVerbs.Of(call.Value(email))}/roles",
            new Asked(call.Value(role), call.Value(reason)!), AccountsJson.Default.RoleVerbsAsked, ct)));
    }

    public static Verb BuildTake()
    {
        var (email, role) = (AccountVerbs.Email("Whose account."), Role());
        return new Verb(
            "take", "Take a role at once; an administrator is always left.",
            "guerdon account take ines@example.com people")
        {
            email, role,
        }.Does(async (call, ct) => AccountVerbs.Show(call, await call.PostAsync(
            "Taking the role", $"{AccountVerbs.Of(call.Value(email))}/roles/{call.Value(role)}/take", ct)));
    }

    public static Verb BuildRequests()
    {
        var all = new Option<bool>("--all") { Description = "Also those that are already decided." };
        var after = new Option<string?>("--after") { Description = "Requests older than this one.", HelpName = "ID" };
        return new Verb(
            "requests", "List roles that were asked for and wait.", "guerdon account requests",
            "guerdon account requests --all")
        {
            all, after,
        }.Does(async (call, ct) => call.Show(
            await call.GetAsync("Listing requests", Call.Address(
                Address, ("waiting", call.Value(all) ? null : "true"), ("after", call.Value(after))), ct),
            AccountsJson.Default.RoleVerbsPage, page =>
            {
                if (page.Requests.Count == 0) call.Output.Note("Nothing waits.");
                else call.Output.Table(Table(page.Requests));
                if (page.Next is { } next) call.Output.Note($"Older ones: --after {next}");
                return ExitCodes.Done;
            }));
    }

    public static Verb BuildApprove()
    {
        var (id, alone) = (Id(), Decisions.Alone());
        return new Verb(
            "approve", "Give a role that somebody else asked for, to somebody else.",
            "guerdon account approve rol_01990f6c6a6e7b3f8f0e0c1d2e3f4a5b")
        {
            id, alone,
        }.Does(async (call, ct) => Show(call, await call.PostAsync(
            "Giving the role", $"{Of(call.Value(id))}/approve", new Decisions.Agreement(call.Value(alone)),
            SharedJson.Default.DecisionsAgreement, ct)));
    }

    public static Verb BuildDecline()
    {
        var (id, reason) = (Id(), Decisions.Why("For the record."));
        return new Verb(
            "decline", "Decline a request for a role, or withdraw your own.",
            "guerdon account decline rol_01990f6c6a6e7b3f8f0e0c1d2e3f4a5b --reason 'Not yet'")
        {
            id, reason,
        }.Does(async (call, ct) => Show(call, await call.PostAsync(
            "Declining it", $"{Of(call.Value(id))}/decline", new Decisions.Decision(call.Value(reason)!),
            SharedJson.Default.DecisionsDecision, ct)));
    }

    private static Argument<string> Id() =>
        new("REQUEST") { Description = "The request's id, from 'guerdon account requests'." };

    private static Argument<string> Role()
    {
        var role = new Argument<string>("ROLE") { Description = "What they may do." };
        role.AcceptOnlyFromAmong([.. Roles.Names]);
        return role;
    }

    private static string Of(string id) => $"{Address}/{Uri.EscapeDataString(id)}";

    private static int Show(Call call, Answer answer) =>
        call.Show(answer, AccountsJson.Default.RoleVerbsRequest, request =>
        {
            call.Output.Line(
                $"{request.Id}: the role {request.Role} for {request.Email}, asked for by {request.AskedBy} "
                + $"on {Shown.Time(request.AskedAt)} ({request.Reason}), {State(request)}.");
            if (request.WhoMay is { } who)
                call.Output.Line($"It waits for {who}: guerdon account approve {request.Id}");
            return ExitCodes.Done;
        });

    private static TextTable Table(IReadOnlyList<Request> requests)
    {
        var table = new TextTable().Left("Request").Left("Account").Left("Role").Left("Why").Left("Asked for by")
            .Left("On").Left("State").Left("Decided by");
        foreach (var r in requests)
            table.Row(
                r.Id, r.Email, r.Role, r.Reason, r.AskedBy, Shown.Time(r.AskedAt), State(r), r.WhoMay ?? "");
        return table;
    }

    private static string State(Request request) => request switch
    {
        { DecidedAt: null } => request.State,
        { DecidedReason: { } why } =>
            $"{request.State} by {request.DecidedBy}, {Shown.Time(request.DecidedAt!.Value)}: {why}",
        _ => $"{request.State} by {request.DecidedBy}{(request.DecidedAlone ? ", alone" : "")}, "
            + Shown.Time(request.DecidedAt!.Value),
    };
}
