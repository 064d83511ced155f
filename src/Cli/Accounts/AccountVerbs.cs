using System.CommandLine;
using Guerdon.Client;
using Guerdon.Terminal;
using Guerdon.Terminal.Parsing;
using Guerdon.Terminal.Tables;
using Guerdon.Terminal.Writing;

namespace Guerdon.Cli.Accounts;

/// <summary><c>guerdon account open|reset|vouch|close|roles|show</c>: who may sign in to a server, and what they may do
/// there.</summary>
internal static class AccountVerbs
{
    internal const string Address = "api/v1/accounts";

    internal sealed record Request(string Email, string Name);

    internal sealed record Opened(Account Account, string Link, DateTimeOffset LinkEndsAt);

    internal sealed record Vouching(string Reason, string Link);

    internal sealed record Account(
        string Id, string Email, string Name, IReadOnlyList<string> Roles, string State, bool HasPassword,
        bool HasProvider, DateTimeOffset? ClosedAt = null, string? LinkMaker = null, string? UsedLink = null);

    internal sealed record Page(IReadOnlyList<Account> Accounts, string? Next = null);

    internal sealed record One(Account Account, IReadOnlyList<Given> Roles);

    internal sealed record Given(
        string Role, string Source, DateTimeOffset GivenAt, string GivenBy, bool GivenAlone, string? AgreedBy = null,
        DateTimeOffset? TakenAt = null, string? TakenBy = null);

    public static Verb BuildOpen()
    {
        var email = Email("What they sign in with.");
        var name = new Option<string>("--name")
        {
            Description = "As pages greet them.", HelpName = "NAME", Required = true,
        };
        return new Verb(
            "open", "Open an account, which has no role yet; the link that sets its password is shown this once.",
            "guerdon account open ines@example.com --name 'Inês Prado'")
        {
            email, name,
        }.Does(async (call, ct) => call.Show(
            await call.PostAsync(
                "Opening the account", Address, new Request(call.Value(email), call.Value(name)!),
                AccountsJson.Default.AccountVerbsRequest, ct),
            AccountsJson.Default.AccountVerbsOpened, opened =>
            {
                call.Output.Line($"{Text(opened.Account)}. It has no role: guerdon account give "
                    + $"{opened.Account.Email} ROLE --reason TEXT");
                return ShowLink(call, opened);
            }));
    }

    public static Verb BuildReset()
    {
        var email = Email("Whose password is forgotten.");
        return new Verb(
            "reset", "Make a link by which somebody else sets their password again; until then nothing changes.",
            "guerdon account reset ines@example.com")
        {
            email,
        }.Does(async (call, ct) => call.Show(
            await call.PostAsync("Making the link", $"{Of(call.Value(email))}/reset", ct),
            AccountsJson.Default.AccountVerbsOpened, opened =>
            {
                call.Output.Line(Text(opened.Account) + ".");
                return ShowLink(call, opened);
            }));
    }

    public static Verb BuildVouch()
    {
        var email = Email("Whose account, made or reset by somebody else's link.");
        var reason = new Option<string>("--reason")
        {
            Description = "How you know that it is theirs, for the record.", HelpName = "TEXT", Required = true,
        };
        var link = new Option<string>("--link")
        {
            Description = "By which it got its password: guerdon account show says which.", HelpName = "LINK",
            Required = true,
        };
        return new Verb(
            "vouch", "Say whose an account is, so that approvals tell it and its link's maker apart.",
            "guerdon account vouch ines@example.com --link otl_… --reason 'She told me in person'")
        {
            email, link, reason,
        }.Does(async (call, ct) => Show(call, await call.PostAsync(
            "Vouching for the account", $"{Of(call.Value(email))}/vouch", new Vouching(
                call.Value(reason)!, call.Value(link)!), AccountsJson.Default.AccountVerbsVouching, ct)));
    }

    public static Verb BuildClose()
    {
        var email = Email("Whose account.");
        return new Verb(
            "close", "Close an account at once: nobody signs in with it, its roles and tokens are gone.",
            "guerdon account close ines@example.com")
        {
            email,
        }.Does(async (call, ct) => Show(
            call, await call.PostAsync("Closing the account", $"{Of(call.Value(email))}/close", ct)));
    }

    public static Verb BuildRoles()
    {
        var after = new Option<string?>("--after") { Description = "Those after this address.", HelpName = "EMAIL" };
        return new Verb("roles", "List accounts of the server, with their roles.", "guerdon account roles")
        {
            after,
        }.Does(async (call, ct) => call.Show(
            await call.GetAsync("Listing accounts", Call.Address(Address, ("after", call.Value(after))), ct),
            AccountsJson.Default.AccountVerbsPage, page =>
            {
                var table = new TextTable().Left("E-mail").Left("Name").Left("Roles").Left("State").Left("Account");
                foreach (var a in page.Accounts)
                    table.Row(a.Email, a.Name, string.Join(' ', a.Roles), State(a), a.Id);
                call.Output.Table(table);
                if (page.Next is { } next) call.Output.Note($"More: --after {next}");
                return ExitCodes.Done;
            }));
    }

    public static Verb BuildShow()
    {
        var email = Email("Whose account.");
        return new Verb(
            "show", "Show an account, and who gave it which role and took it.",
            "guerdon account show ines@example.com")
        {
            email,
        }.Does(async (call, ct) => call.Show(
            await call.GetAsync("Reading the account", Of(call.Value(email)), ct),
            AccountsJson.Default.AccountVerbsOne, one =>
            {
                call.Output.Line(Text(one.Account) + ".");
                var table = new TextTable().Left("Role").Left("From").Left("Given by").Left("Agreed by").Left("On")
                    .Left("Taken");
                foreach (var r in one.Roles)
                    table.Row(
                        r.Role, r.Source, r.GivenBy, r.GivenAlone ? $"{r.AgreedBy}, alone" : r.AgreedBy ?? "",
                        Shown.Time(r.GivenAt), r.TakenAt is { } taken ? $"by {r.TakenBy}, {Shown.Time(taken)}" : "");
                call.Output.Table(table);
                return ExitCodes.Done;
            }));
    }

    internal static Argument<string> Email(string description) => new("EMAIL") { Description = description };

    internal static string Of(string email) => $"{Address}/{Uri.EscapeDataString(email)}";

    internal static int Show(Call call, Answer answer) =>
        call.Show(answer, AccountsJson.Default.AccountVerbsAccount, account =>
        {
            call.Output.Line(Text(account) + ".");
            return ExitCodes.Done;
        });

    private static string Text(Account account) =>
        $"{account.Email} ({account.Name}, {account.Id}) is {State(account)}; roles: "
        + (account.Roles.Count == 0 ? "none" : string.Join(", ", account.Roles));

    private static int ShowLink(Call call, Opened opened)
    {
        call.Output.Line($"The link that sets the password, once, shown this once: {opened.Link}");
        call.Output.Line($"It ends on {Shown.Time(opened.LinkEndsAt)}. Approvals take you and {opened.Account.Email} "
            + "for one until somebody else vouches for the account.");
        return ExitCodes.Done;
    }

    private static string State(Account account) =>
        account.ClosedAt is { } closed ? $"{account.State} since {Shown.Time(closed)}"
        : account.State + (account.HasPassword || account.HasProvider ? "" : ", nobody signs in yet")
            + (account.LinkMaker is { } maker ? $", by a link of {maker}" : "")
            + (account.UsedLink is { } used ? $" ({used})" : "");
}
