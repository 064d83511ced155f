using System.CommandLine;
using Guerdon.Cli.Providers;
using Guerdon.Client.Verbs;
using Guerdon.Client;
using Guerdon.Terminal;
using Guerdon.Terminal.Parsing;
using Guerdon.Terminal.Tables;
using Guerdon.Terminal.Writing;

namespace Guerdon.Cli.Sso;

/// <summary><c>guerdon sso add|list|test|approve|decline|remove</c>: the providers that people sign in with.</summary>
internal static class SsoVerbs
{
    private const string Address = "api/v1/sso";

    internal sealed record Request(
        string? Issuer = null, string? ClientId = null, string? ClientSecret = null, string? Label = null,
        IReadOnlyList<string>? Scopes = null, string? Strangers = null, string? GroupClaim = null,
        IReadOnlyList<Rule>? GroupRoles = null);

    internal sealed record Rule(string Group, IReadOnlyList<string> Roles);

    internal sealed record Provider(
        string Id, string Name, string Label, string Issuer, string ClientId, bool HasSecret,
        IReadOnlyList<string> Scopes, string Strangers, IReadOnlyList<Rule> GroupRoles, string AskedBy,
        DateTimeOffset AskedAt, string State, bool DecidedAlone, string? GroupClaim = null,
        string? DecidedBy = null, DateTimeOffset? DecidedAt = null, string? DecidedReason = null,
        DateTimeOffset? EndedAt = null, string? EndedBy = null, string? WhoMay = null);

    internal sealed record Tested(
        string Issuer, string State, int Keys, bool PushesRequests, bool SaysLogouts, bool TakesSignOut,
        string RedirectAddress, string LogoutAddress);

    public static Verb BuildAdd()
    {
        var name = Name("What it is called in addresses: a-z, 0-9 and '-'.");
        var issuer = Text("--issuer", "Where it is, as its tokens have it.", "URL");
        var client = Text("--client-id", "What it calls Guerdon.", "ID");
        var secret = KeyFiles.Option("The client secret", "--secret-file");
        var label = Text("--label", "What the button says after 'Sign in with'.", "TEXT");
        var scope = Several("--scope", "What it is asked for (default: openid profile email).", "SCOPE");
        var strangers = Text("--strangers", "Whom nobody here knows: refuse (default) or admit.", "WHAT");
        strangers.AcceptOnlyFromAmong("refuse", "admit");
        var claim = Text("--group-claim", "The claim that has groups; '' for none.", "NAME");
        var group = Several("--group", "A group and the roles that it gives, as GROUP=ROLE,ROLE; all of them.", "RULE");
        return new Verb(
            "add", "Ask for a sign-in provider, or for other settings of one; another administrator agrees.",
            "guerdon sso add entra --issuer https://login.microsoftonline.com/TENANT/v2.0 --client-id ID "
            + "--secret-file secret.txt --label 'Entra ID'",
            "guerdon sso add entra --group-claim roles --group 'Finance=finance' --group 'Board=board'")
        {
            name, issuer, client, secret, label, scope, strangers, claim, group,
        }.Does(async (call, ct) =>
        {
            string? clientSecret = null;
            if (call.Value(secret) is { } file
                && (clientSecret = await KeyFiles.ReadAsync(call.Output, file, ct)) is null)
                return call.Misuse("--secret-file must hold one secret, on one line.");
            if (Rules(call.Value(group)) is not { } rules)
                return call.Misuse("--group is a group and its roles, as 'Finance team=finance,employee'.");
            var request = new Request(
                call.Value(issuer), call.Value(client), clientSecret, call.Value(label), NullIfNone(call.Value(scope)),
                call.Value(strangers), call.Value(claim), rules.Count > 0 ? rules : null);
            return Show(call, await call.PutAsync(
                "Asking for the provider", Of(call.Value(name)), request, SsoJson.Default.SsoVerbsRequest, ct));
        });
    }

    public static Verb BuildList()
    {
        var all = new Option<bool>("--all") { Description = "Also those that were declined or have ended." };
        return new Verb(
            "list", "List sign-in providers, those in force and those that wait.", "guerdon sso list",
            "guerdon sso list --all")
        {
            all,
        }.Does(async (call, ct) => call.Show(
            await call.GetAsync(
                "Listing providers", Call.Address(Address, ("all", call.Value(all) ? "true" : null)), ct),
            SsoJson.Default.SsoVerbsList, items =>
            {
                if (items.Count == 0) call.Output.Note("There are none: ask for one with 'guerdon sso add'.");
                else call.Output.Table(Table(items));
                return ExitCodes.Done;
            }));
    }

    public static Verb BuildTest()
    {
        var name = Name("Which, from 'guerdon sso list'.");
        return new Verb(
            "test", "Ask a provider what it says of itself; of two settings those that wait.", "guerdon sso test entra")
        {
            name,
        }.Does(async (call, ct) => call.Show(
            await call.PostAsync("Asking the provider", $"{Of(call.Value(name))}/test", ct),
            SsoJson.Default.SsoVerbsTested, tested =>
            {
                call.Output.Line($"{tested.Issuer} answers ({tested.State}), and signs with "
                    + $"{tested.Keys} {(tested.Keys == 1 ? "key" : "keys")}.");
                call.Output.Line($"Takes pushed requests: {Said(tested.PushesRequests)}; says logouts: "
                    + $"{Said(tested.SaysLogouts)}; takes sign-outs: {Said(tested.TakesSignOut)}.");
                call.Output.Line($"Its redirect address must be  {tested.RedirectAddress}");
                call.Output.Line($"Its back-channel logout       {tested.LogoutAddress}");
                return ExitCodes.Done;
            }));
    }

    public static Verb BuildApprove()
    {
        var (id, alone) = (Id(), Decisions.Alone());
        return new Verb(
            "approve", "Put a sign-in provider in force that somebody else asked for.",
            "guerdon sso approve sso_01990f6c6a6e7b3f8f0e0c1d2e3f4a5b")
        {
            id, alone,
        }.Does(async (call, ct) => Show(call, await call.PostAsync(
            "Approving it", $"{Address}/requests/{Uri.EscapeDataString(call.Value(id))}/approve",
            new Decisions.Agreement(call.Value(alone)), SharedJson.Default.DecisionsAgreement, ct)));
    }

    public static Verb BuildDecline()
    {
        var (id, reason) = (Id(), Decisions.Why("For the record."));
        return new Verb(
            "decline", "Decline a sign-in provider that was asked for, or withdraw your own.",
            "guerdon sso decline sso_01990f6c6a6e7b3f8f0e0c1d2e3f4a5b --reason 'Not ours'")
        {
            id, reason,
        }.Does(async (call, ct) => Show(call, await call.PostAsync(
            "Declining it", $"{Address}/requests/{Uri.EscapeDataString(call.Value(id))}/decline",
            new Decisions.Decision(call.Value(reason)!), SharedJson.Default.DecisionsDecision, ct)));
    }

    public static Verb BuildRemove()
    {
        var name = Name("Which, from 'guerdon sso list'.");
        return new Verb(
            "remove", "Remove a sign-in provider at once: its sessions end, and roles by its groups are gone.",
            "guerdon sso remove entra")
        {
            name,
        }.Does(async (call, ct) => Show(
            call, await call.DeleteAsync("Removing the provider", Of(call.Value(name)), ct)));
    }

    private static Argument<string> Name(string description) => new("NAME") { Description = description };

    private static Argument<string> Id() => new("REQUEST") { Description = "Its id, from 'guerdon sso list'." };

    private static Option<string?> Text(string name, string description, string help) =>
        new(name) { Description = description, HelpName = help };

    private static Option<string[]> Several(string name, string description, string help) =>
        new(name) { Description = description, HelpName = help };

    private static string Of(string name) => $"{Address}/{Uri.EscapeDataString(name)}";

    private static string[]? NullIfNone(string[]? words) => words is { Length: > 0 } ? words : null;

    // Null where one is no rule.
    private static List<Rule>? Rules(string[]? rules)
    {
        var all = new List<Rule>();
        foreach (var rule in rules ?? [])
        {
            var at = rule.LastIndexOf('=');
            if (at < 1) return null;
            all.Add(new(rule[..at], rule[(at + 1)..].Split(',', StringSplitOptions.TrimEntries)));
        }

        return all;
    }

    private static string Said(bool yes) => yes ? "yes" : "no";

    private static int Show(Call call, Answer answer) =>
        call.Show(answer, SsoJson.Default.SsoVerbsProvider, one =>
        {
            call.Output.Line($"{one.Id}: {one.Name} ({one.Label}) is {State(one)}.");
            call.Output.Line($"Issuer    {one.Issuer}, client {one.ClientId}, {Secret(one)}, scopes "
                + $"{string.Join(' ', one.Scopes)}");
            call.Output.Line($"Strangers {one.Strangers}; groups: {Groups(one)}");
            call.Output.Line($"Asked for by {one.AskedBy}, {Shown.Time(one.AskedAt)}");
            if (one.WhoMay is { } who)
                call.Output.Line($"It waits for {who}: guerdon sso approve {one.Id}");
            return ExitCodes.Done;
        });

    private static TextTable Table(IReadOnlyList<Provider> items)
    {
        var table = new TextTable().Left("Name").Left("State").Left("Issuer").Left("Client").Left("Secret")
            .Left("Label").Left("Strangers").Left("Scopes").Left("Groups").Left("Asked for by").Left("On")
            .Left("Waits for").Left("Request");
        foreach (var one in items)
            table.Row(
                one.Name, State(one), one.Issuer, one.ClientId, Secret(one), one.Label, one.Strangers,
                string.Join(' ', one.Scopes), Groups(one), one.AskedBy, Shown.Time(one.AskedAt), one.WhoMay ?? "",
                one.Id);
        return table;
    }

    private static string Secret(Provider one) => one.HasSecret ? "with a secret" : "without a secret";

    private static string Groups(Provider one) => one.GroupClaim is null ? "not read"
        : $"{one.GroupClaim}: " + string.Join(
            "; ", one.GroupRoles.Select(rule => $"{rule.Group}={string.Join(',', rule.Roles)}"));

    private static string State(Provider one) => one switch
    {
        { EndedAt: { } ended } => $"{one.State} by {one.EndedBy}, {Shown.Time(ended)}; approved by {one.DecidedBy}, "
            + Shown.Time(one.DecidedAt),
        { DecidedReason: { } why, DecidedAt: { } at } => $"{one.State} by {one.DecidedBy}, {Shown.Time(at)}: {why}",
        { DecidedAt: { } at } =>
            $"{one.State}, approved by {one.DecidedBy}{(one.DecidedAlone ? ", alone" : "")}, {Shown.Time(at)}",
        _ => one.State,
    };
}
