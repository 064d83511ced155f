using System.CommandLine;
using Guerdon.Host.Database;
using Guerdon.Host.Running;
using Guerdon.Identity;
using Guerdon.Identity.Accounts;
using Guerdon.Identity.Links;
using Guerdon.Identity.Tokens;
using Guerdon.Kernel;
using Guerdon.People;
using Guerdon.People.Employees;
using Guerdon.Storage;
using Guerdon.Terminal.Parsing;
using Guerdon.Terminal.Tables;
using Guerdon.Terminal.Writing;
using Microsoft.Extensions.Options;
using Npgsql;

namespace Guerdon.Host.Verbs;

/// <summary>
/// <c>guerdon account create|list</c>: who may sign in, by whoever has the server's machine. Over HTTP a role takes two
/// people (<c>guerdon account give</c>). What else is done there: <see cref="LocalAccountVerbs"/>.
/// </summary>
internal static class AccountVerbs
{
    public static Verb Verb() =>
        new("account", "Make and list accounts on the server's machine; open and close them, and give and take roles.")
        {
            Create(), List(), LocalAccountVerbs.Reset(), LocalAccountVerbs.Vouch(), LocalAccountVerbs.Give(),
        };

    // As the command has always called whoever runs the programme.
    private const string Admin = "admin";

    // Whose act it is: whoever has the machine.
    private const string OnServer = "guerdon account create";

    private static Verb Create()
    {
        var email = new Argument<string>("EMAIL") { Description = "What they sign in with." };
        var role = new Option<string[]>("--role")
        {
            Description = "What they may do; give it again for another role. admin: all of employee, people, finance,"
                + " board, platform and administrator.",
            Required = true,
        };
        role.AcceptOnlyFromAmong([Admin, .. Roles.Names]);
        var name = new Option<string>("--name")
        {
            Description = "As pages greet them.", Required = true,
            HelpName = "NAME"
        };
        var reveal = new Option<bool>("--reveal")
        {
            Description = "Write the link, or the token, to the output even where it is not a terminal.",
        };
        var service = new Option<bool>("--service")
        {
            Description = "A program's account: it gets a token and no password, and approves no money.",
        };
        var owner = new Option<string?>("--owner")
        {
            Description = "With --service: whose account answers for it, and has the token; approvals take both for"
                + " one.",
            HelpName = "EMAIL",
        };
        var stdin = new Option<bool>("--password-stdin")
        {
            Description = "For scripts: set the password that standard input has, and make a token; no link.",
        };
        var address = LocalAccountVerbs.Address();
        return new Verb(
            "create", "Make an account; the link that sets its password is shown this once, or goes to a file.",
            "guerdon account create fin@example.com --role admin --name 'Fin Lee'",
            "guerdon account create ada@example.com --role employee --name 'Ada Lovelace'",
            "guerdon account create ines@example.com --role employee --role people --name 'Inês Prado'",
            "guerdon account create scim@example.com --service --role platform --name SCIM --json --reveal"
                + " | jq -r .token",
            "guerdon account create ci@example.com --role people --name CI --password-stdin --reveal < password.txt")
        {
            email, role, name, reveal, service, owner, stdin, address,
        }.Does(async (parse, output, ct) =>
        {
            var home = DatabaseOptions.FromEnvironment().Home;
            var asked = new Asked(
                parse.GetRequiredValue(email).Trim(), RolesOf(parse.GetRequiredValue(role)),
                parse.GetRequiredValue(name).Trim(), parse.GetValue(reveal), home, parse.GetValue(service))
            {
                Password = parse.GetValue(stdin) ? await ReadPasswordAsync(output, ct) : null,
                Address = LocalAccountVerbs.AddressOf(parse.GetValue(address), home),
                Owner = parse.GetValue(owner)?.Trim(),
            };
            if (WrongPassword(asked) is { } wrong) return output.Refuse(HostRefusals.PasswordInvalid.With(wrong));
            await using var database = await LocalDatabase.OpenAsync(ct);
            using var acting = Acting.As(new LocalAct("account create", TimeProvider.System));
            return await CreateAsync(asked, database.Source, output, ct);
        });
    }

    private static Verb List() =>
        new Verb("list", "List accounts.", "guerdon account list").Does(async (_, output, ct) =>
        {
            await using var database = await LocalDatabase.OpenAsync(ct);
            return await ListAsync(database.Source, output, ct);
        });

    /// <param name="Email">What they sign in with.</param>
    /// <param name="Roles">Of <see cref="Kernel.Roles"/>.</param>
    /// <param name="Name">As pages greet them.</param>
    /// <param name="Reveal">Link and token go to the output, whatever it is.</param>
    /// <param name="Home">Whose <c>.guerdon</c> they go to otherwise, where nobody reads along.</param>
    /// <param name="IsService">Whether it is a program's.</param>
    internal sealed record Asked(
        string Email, IReadOnlyList<string> Roles, string Name, bool Reveal, string Home, bool IsService = false)
    {
        /// <summary>Null: its holder sets it, by a link.</summary>
        public string? Password { get; init; }

        /// <summary>Whose account answers for a program; null: nobody's is named.</summary>
        public string? Owner { get; init; }

        /// <summary>What the link begins with.</summary>
        public string Address { get; init; } = "";
    }

    private static async Task<string> ReadPasswordAsync(Output output, CancellationToken ct) =>
        (await output.Surroundings.ReadInputAsync(Passwords.MaxLength + 3, ct)).TrimEnd('\r', '\n');

    private static string? WrongPassword(Asked asked) => asked.Password is not { } typed ? null
        : asked.IsService ? "A program's account has no password."
        : Passwords.Fault(typed) is not null ? "What standard input has is none." : null;

    private static string[] RolesOf(IReadOnlyCollection<string> typed) => [.. Roles.Names.Where(role =>
        typed.Contains(role) || (typed.Contains(Admin) && Roles.Founder.Contains(role)))];

    internal static async Task<int> CreateAsync(Asked asked, NpgsqlDataSource db, Output output, CancellationToken ct)
    {
        if (!AccountNames.IsAddress(asked.Email) || !AccountNames.IsName(asked.Name))
            return output.Refuse(HostRefusals.AccountInvalid.With(
                AccountNames.IsAddress(asked.Email) ? $"'{Wording.Shortened(asked.Name)}' cannot be a name."
                    : $"'{Wording.Shortened(asked.Email)}' is not an e-mail address."));

        if (asked is { Owner: { } named, IsService: false })
            return output.Refuse(
                HostRefusals.ServiceOwner.With($"{asked.Email} is no program's, and needs no {named}."));
        if (asked.IsService) return await CreateServiceAsync(asked, db, output, ct);

        // The person of that address, so that nobody decides on what is their own.
        var person = await new PeopleDirectory(db).FindAsync(asked.Email, ct);
        if (person is null && asked.Roles is [Roles.Employee])
            return output.Refuse(HostRefusals.AccountOfNobody.With(
                $"Nobody with the address {asked.Email} is on file."));

        if (AccessEnd.IsOver(person?.LeftOn, TimeProvider.System.GetUtcNow()))
            return output.Refuse(HostRefusals.AccountOfLeaver.With(
                $"The last day of {asked.Email} was {person!.LeftOn:yyyy-MM-dd}."));

        var accounts = In(db);
        var id = await accounts.CreateAsync(
            asked.Email, asked.Name, asked.Roles, person?.Id.Value, asked.Password, ct);
        if (id is not { } made)
            return output.Refuse(HostRefusals.AccountExists.With($"{asked.Email} has an account."));

        return await HandOverAsync(asked, made, person?.Email, db, output, ct);
    }

    private static async Task<int> CreateServiceAsync(
        Asked asked, NpgsqlDataSource db, Output output, CancellationToken ct)
    {
        if (asked.Roles.FirstOrDefault(role => !Permissions.FitPrograms(role)) is { } unfit)
            return output.Refuse(HostRefusals.ServiceRole.With(
                $"The role {unfit} {(Permissions.ApproveMoney(unfit) ? "approves money" : "is for people")}."));
        if (await new PeopleDirectory(db).FindAsync(asked.Email, ct) is { } person)
            return output.Refuse(HostRefusals.ServiceOfPerson.With($"{person.Email} is a person's address."));
        var accounts = In(db);
        var owner = asked.Owner is null ? null : await accounts.FindByEmailAsync(asked.Owner, ct);
        if (asked.Owner is { } named && (owner is null or { IsService: true }
            || owner.IsOver(TimeProvider.System.GetUtcNow())))
            return output.Refuse(HostRefusals.ServiceOwner.With(
                $"'{Wording.Shortened(named)}' is no open account of a person."));
        return await accounts.CreateServiceAsync(
            asked.Email, asked.Name, asked.Roles, OnServer, owner?.Id, ct) is { } made
            ? await HandOverAsync(asked, made, person: null, db, output, ct)
            : output.Refuse(HostRefusals.AccountExists.With($"{asked.Email} has an account."));
    }

    // A program has its token at once, and a script that knows the password too. Anybody else gets a link.
    private static async Task<int> HandOverAsync(
        Asked asked, AccountId made, string? person, NpgsqlDataSource db, Output output, CancellationToken ct)
    {
        var (word, roles) = (Roles.FormerWord(asked.Roles), string.Join(", ", asked.Roles));
        var hasToken = asked.IsService || asked.Password is not null;
        var token = hasToken
            ? (await new ApiTokens(db, TimeProvider.System).CreateAsync(made, "account create", ct)).Token : null;
        var link = hasToken ? null
            : await LocalAccountVerbs.LinksOf(db).MakeAsync(made, LinkPurpose.Open, LocalAccountVerbs.Operator, ct);
        var shown = link is null ? null : asked.Address + link.Path;
        var says = asked.IsService ? $"{asked.Email} is a program's account ({roles})"
            : hasToken ? $"{asked.Email} may sign in ({roles})"
            : $"{asked.Email} may sign in ({roles}) once the password is set by the link";
        if (asked.Reveal || (output.IsOnTerminal && !output.IsJson))
        {
            return output.Done(
                new { asked.Email, Role = word, asked.Roles, person, link = shown, linkEndsAt = link?.EndsAt, token },
                _ =>
                {
                    output.Line($"{says}. Shown this once:");
                    if (shown is not null) output.Line($"  link   {shown}");
                    if (token is not null) output.Line($"  token  {token}");
                });
        }

        var file = await SecretFile.WriteAsync(
            asked.Home, $"account-{made.Value:N}",
            $"{asked.Email}\n{(shown is null ? $"token  {token}" : $"link   {shown}")}", ct);
        return output.Done(new { asked.Email, Role = word, asked.Roles, person, file }, _ => output.Line(
            $"{says}. {(shown is null ? "Its token" : "The link")} is in {file}, which only its owner can read: this"
            + " output is not a terminal. Hand it on, then delete the file; --reveal writes it here."));
    }

    internal static async Task<int> ListAsync(NpgsqlDataSource db, Output output, CancellationToken ct)
    {
        var all = await In(db).ListAsync(ct);
        var people = new PeopleDirectory(db);
        var persons = new Dictionary<Guid, Person>();
        foreach (var id in all.Select(a => a.PersonId).OfType<Guid>().Distinct())
            if (await people.FindAsync($"{new PersonId(id)}", ct) is { } person) persons[id] = person;
        return output.Done(all.Select(a => new
        {
            a.Email, a.Name, a.Role, a.Roles, person = a.PersonId is { } id
            ? $"{new PersonId(id)}" : null
        }), _ =>
        {
            var table = new TextTable().Left("E-mail").Left("Name").Left("Roles").Left("Person");
            foreach (var a in all)
                table.Row(a.Email, a.Name, string.Join(' ', a.Roles),
                    a.PersonId is { } id && persons.GetValueOrDefault(id) is { } p
                    ? $"{p.Name} ({p.Email})" : "");
            output.Table(table);
        });
    }

    private static AccountDirectory In(NpgsqlDataSource db) => new(db, TimeProvider.System,
        Options.Create(new SignInOptions()));
}
