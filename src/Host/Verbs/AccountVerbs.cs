using System.CommandLine;
using Microsoft.Extensions.Options;
using Npgsql;
using Stipend.Cli;
using Stipend.Host.Running;
using Stipend.Host.SignIn;
using Stipend.Kernel;
using Stipend.People;

namespace Stipend.Host.Verbs;

/// <summary>
/// <c>stipend account create|list</c>: who may sign in. It needs the machine: whoever runs the programme over HTTP
/// cannot
/// make a second administrator to approve what the first one asked for.
/// </summary>
internal static class AccountVerbs
{
    public static Verb Verb() =>
        new("account", "Make and list accounts, on the server's machine.") { Create(), List() };

    private static Verb Create()
    {
        var email = new Argument<string>("EMAIL") { Description = "What they sign in with." };
        var role = new Option<string>("--role") {
            Description = "admin: runs the programme. employee: their own wallet.", Required = true };
        role.AcceptOnlyFromAmong(Roles.Admin, Roles.Employee);
        var name = new Option<string>("--name") { Description = "As pages greet them.", Required = true,
            HelpName = "NAME" };
        return new Verb(
            "create", "Make an account; its password and token are shown this once.",
            "stipend account create fin@example.com --role admin --name 'Fin Lee'",
            "stipend account create ada@example.com --role employee --name 'Ada Lovelace'")
        {
            email, role, name,
        }.Does(async (parse, output, ct) =>
        {
            await using var database = await LocalDatabase.OpenAsync(ct);
            var asked = new Asked(
                parse.GetRequiredValue(email).Trim(), parse.GetRequiredValue(role),
                    parse.GetRequiredValue(name).Trim());
            return await CreateAsync(asked, database.Source, output, ct);
        });
    }

    private static Verb List() =>
        new Verb("list", "List accounts.", "stipend account list").Does(async (_, output, ct) =>
        {
            await using var database = await LocalDatabase.OpenAsync(ct);
            return await ListAsync(database.Source, output, ct);
        });

    internal sealed record Asked(string Email, string Role, string Name);

    internal static async Task<int> CreateAsync(
        Asked asked, NpgsqlDataSource db, Output output, CancellationToken ct)
    {
        if (!asked.Email.Contains('@',
            StringComparison.Ordinal) || asked.Email.Any(char.IsWhiteSpace) || asked.Name.Length == 0
            || asked.Email.Length > PasswordSignIn.MostEmailChars)
            return output.Refuse(HostRefusals.AccountInvalid.With($"'{asked.Email}' with the name '{asked.Name}'."));

        // The person of that address, so that nobody decides on what is their own.
        var person = await new PeopleDirectory(db).FindAsync(asked.Email, ct);
        if (person is null && asked.Role == Roles.Employee)
            return output.Refuse(HostRefusals.AccountOfNobody.With(
                $"Nobody with the address {asked.Email} is on file."));

        if (AccessEnd.IsOver(person?.LeftOn, TimeProvider.System.GetUtcNow()))
            return output.Refuse(HostRefusals.AccountOfLeaver.With(
                $"The last day of {asked.Email} was {person!.LeftOn:yyyy-MM-dd}."));

        var accounts = In(db);
        var password = Passwords.Make();
        var id = await accounts.CreateAsync(asked.Email, asked.Name, asked.Role, person?.Id.Value, password, ct);
        if (id is not { } made)
            return output.Refuse(HostRefusals.AccountExists.With($"{asked.Email} has an account."));

        var token = (await accounts.CreateTokenAsync(made, "account create", ct)).Token;
        return output.Done(new { asked.Email, asked.Role, person = person?.Id.ToString(), password, token }, _ =>
        {
            output.Line($"{asked.Email} may sign in ({asked.Role}). Shown this once:");
            output.Line($"  password  {password}");
            output.Line($"  token     {token}");
        });
    }

    internal static async Task<int> ListAsync(NpgsqlDataSource db, Output output, CancellationToken ct)
    {
        var all = await In(db).ListAsync(ct);
        return output.Done(all.Select(a => new { a.Email, a.Name, a.Role, person = a.PersonId is { } id
            ? $"{new PersonId(id)}" : null }), _ =>
        {
            var table = new TextTable().Left("E-mail").Left("Name").Left("Role").Left("Person");
            foreach (var a in all) table.Row(a.Email, a.Name, a.Role, a.PersonId is { } id ? $"{new PersonId(id)}"
                : "");
            output.Table(table);
        });
    }

    private static Accounts In(NpgsqlDataSource db) => new(db, TimeProvider.System,
        Options.Create(new SignInOptions()));
}
