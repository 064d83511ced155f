using System.CommandLine;
using Guerdon.Approvals;
using Guerdon.Client;
using Guerdon.Host.Database;
using Guerdon.Host.Running;
using Guerdon.Identity;
using Guerdon.Identity.Accounts;
using Guerdon.Identity.Giving;
using Guerdon.Identity.Links;
using Guerdon.Kernel;
using Guerdon.Notices;
using Guerdon.People.Employees;
using Guerdon.Storage;
using Guerdon.Terminal;
using Guerdon.Terminal.Parsing;
using Guerdon.Terminal.Writing;
using Microsoft.Extensions.Options;
using Npgsql;

namespace Guerdon.Host.Verbs;

/// <summary><c>guerdon account local-reset|local-vouch|local-give</c>: what takes another administrator over HTTP, by
/// whoever has the server's machine. It is on record as theirs.</summary>
internal static class LocalAccountVerbs
{
    private const string DefaultAddress = "http://127.0.0.1:8080";

    /// <summary>Whoever has the server's machine.</summary>
    public static readonly Actor Operator = new("the server's machine", null);

    public static Option<string?> Address()
    {
        var address = new Option<string?>("--address")
        {
            Description = "What people type to reach the server; the link begins with it.", HelpName = "URL",
        };
        address.Validators.Add(result =>
        {
            foreach (var token in result.Tokens)
                if (PublicOptions.WrongAddress(token.Value) is { } wrong) result.AddError(wrong);
        });
        return address;
    }

    /// <summary>What links begin with: as it was typed, as the server's settings say, or where one runs.</summary>
    public static string AddressOf(string? typed, string home)
    {
        var set = Environment.GetEnvironmentVariable(
            $"GUERDON_CONFIG_{PublicOptions.Section}__{nameof(PublicOptions.Address)}");
        var file = Path.Combine(GuerdonFolder.Of(home), GuerdonFolder.ServerFile);
        return (typed ?? (string.IsNullOrEmpty(set) ? null : set)
            ?? (File.Exists(file) ? GuerdonFolder.Read(file) : null) ?? DefaultAddress).TrimEnd('/');
    }

    public static OneTimeLinks LinksOf(NpgsqlDataSource db) => new(
        db, DirectoryOf(db), new LinkNotices(), TimeProvider.System, SignIn());

    public static Verb Reset()
    {
        var (email, address) = (Email("Whose password is to be set again."), Address());
        return new Verb(
            "local-reset", "Make a link by which somebody sets their password, on the server's machine.",
            "guerdon account local-reset admin@localhost")
        {
            email, address,
        }.Does(async (parse, output, ct) =>
        {
            await using var database = await LocalDatabase.OpenAsync(ct);
            using var acting = Acting.As(new LocalAct("account local-reset", TimeProvider.System));
            var made = await AccountsOf(database.Source).ResetAsync(parse.GetRequiredValue(email).Trim(), Operator, ct);
            if (!made.Is(out var reset, out var no)) return output.Refuse(no);
            var home = DatabaseOptions.FromEnvironment().Home;
            var link = AddressOf(parse.GetValue(address), home) + reset.Link.Path;
            if (output.IsOnTerminal && !output.IsJson)
            {
                output.Line($"The link that sets the password of {reset.Account.Email}, once, shown this once: {link}");
                return ExitCodes.Done;
            }

            var file = await SecretFile.WriteAsync(home, $"account-{reset.Account.Id.Value:N}", link, ct);
            return output.Done(new { reset.Account.Email, reset.Link.EndsAt, file }, _ => output.Line(
                $"The link that sets the password of {reset.Account.Email} is in {file}, which only its owner can"
                + " read."));
        });
    }

    public static Verb Vouch()
    {
        var email = Email("Whose account, made or reset by a link.");
        var reason = new Option<string>("--reason")
        {
            Description = "How you know that it is theirs, for the record.", HelpName = "TEXT", Required = true,
        };
        return new Verb(
            "local-vouch", "Say whose an account is, on the server's machine, where no other administrator could.",
            "guerdon account local-vouch ines@example.com --reason 'She told me in person'")
        {
            email, reason,
        }.Does(async (parse, output, ct) =>
        {
            await using var database = await LocalDatabase.OpenAsync(ct);
            using var acting = Acting.As(new LocalAct("account local-vouch", TimeProvider.System));
            var said = await AccountsOf(database.Source).VouchAsync(
                parse.GetRequiredValue(email).Trim(), link: null, parse.GetRequiredValue(reason), Operator, ct);
            return Say(said, "is vouched for", output);
        });
    }

    public static Verb Give()
    {
        var email = Email("Whose account.");
        var role = new Argument<string>("ROLE") { Description = "What they may do." };
        role.AcceptOnlyFromAmong([.. Roles.Names]);
        return new Verb(
            "local-give", "Give a role on the server's machine, where no other administrator could agree.",
            "guerdon account local-give ines@example.com finance")
        {
            email, role,
        }.Does(async (parse, output, ct) =>
        {
            await using var database = await LocalDatabase.OpenAsync(ct);
            using var acting = Acting.As(new LocalAct("account local-give", TimeProvider.System));
            var given = await AccountsOf(database.Source).GiveHereAsync(
                parse.GetRequiredValue(email).Trim(), parse.GetRequiredValue(role), Operator, ct);
            return Say(given, $"has the role {parse.GetRequiredValue(role)}", output);
        });
    }

    private static int Say(Result<Account> said, string what, Output output) => said.Is(out var account, out var no)
        ? output.Done(new { account.Email, account.Roles }, _ => output.Line($"{account.Email} {what}."))
        : output.Refuse(no);

    private static Argument<string> Email(string description) => new("EMAIL") { Description = description };

    private static AccountDirectory DirectoryOf(NpgsqlDataSource db) => new(db, TimeProvider.System, SignIn());

    private static AccountLinks AccountsOf(NpgsqlDataSource db) => new(
        db, new PeopleDirectory(db), LinksOf(db),
        new FourEyes(DirectoryOf(db), Options.Create(new ApprovalOptions()), TimeProvider.System), TimeProvider.System,
        []);

    // As the server has it, where that is set for both, and checked as there.
    private static IOptions<SignInOptions> SignIn()
    {
        var services = new ServiceCollection();
        services.AddSingleton<IConfiguration>(
            new ConfigurationBuilder().AddEnvironmentVariables("GUERDON_CONFIG_").Build());
        services.AddSignInOptions();
        using var provider = services.BuildServiceProvider();
        return Options.Create(provider.GetRequiredService<IOptions<SignInOptions>>().Value);
    }
}
