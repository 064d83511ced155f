using System.Security.Claims;
using System.Text;
using Guerdon.Approvals.Inputs;
using Guerdon.Kernel;
using Guerdon.People.Employees;
using Guerdon.People.History;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Npgsql;

namespace Guerdon.People.Proposals;

/// <summary>What is sent of people: a file of them, a change of one, another address. Once something is computed from
/// people, what changes any of that waits for another to approve it; else it is in effect at once.</summary>
internal static class ProposePeople
{
    /// <summary>What it takes.</summary>
    internal sealed record Services(WritePeople Write, PeopleDirectory People, NpgsqlDataSource Db, TimeProvider Clock);

    /// <summary>Imports a file (<see cref="ImportPeople"/>).</summary>
    internal static async Task<Results<Ok<ImportPeople.Reply>, Accepted<InputWaits>, ProblemHttpResult>> FileAsync(
        HttpRequest request, bool? dryRun, ClaimsPrincipal caller, [AsParameters] Services books, CancellationToken ct)
    {
        await using var body = await BodyAsync(request, ct);
        if (body is null) return PeopleRefusals.ImportEmpty.ToProblem("The request carries no CSV.");
        if (dryRun is true)
            return TypedResults.Ok(await ImportPeople.RunAsync(body, dryRun: true, books.Db, books.Clock, ct));

        var (text, readAs) = await CsvFile.TextAsync(body, ct);
        var given = new GivenFile(books.Clock.Today(), readAs, text);
        if (Encoding.UTF8.GetByteCount(given.Body) > ImportPeople.MaxBytes)
            return PeopleRefusals.FileTooLarge.ToProblem("The file passes 32 MB in UTF-8.");
        return (await books.Write.RunAsync(given, dryRun: false, Actor.Of(caller), ct)).ToHttp<ImportPeople.Reply>();
    }

    /// <summary>Changes what is true of one person (<see cref="ChangePerson"/>); of others only.</summary>
    internal static async Task<Results<Ok<ChangePerson.Reply>, Accepted<InputWaits>, ProblemHttpResult>> ChangeAsync(
        string personOrEmail, ChangePerson.Request request, bool? dryRun, ClaimsPrincipal caller,
        [AsParameters] Services books, CancellationToken ct)
    {
        if (await books.People.FindAsync(personOrEmail, ct) is not { } person)
            return PeopleRefusals.PersonNotFound.ToProblem($"There is no '{personOrEmail}'.");
        if (Access.PersonOf(caller) == person.Id.Value)
            return PeopleRefusals.OwnChange.ToProblem($"{person.Name} ({person.Id}) is you.");
        // By id from here on, since addresses change.
        var manager = string.IsNullOrWhiteSpace(request.Manager) ? null
            : await books.People.FindAsync(request.Manager, ct);
        var given = new GivenChange(
            books.Clock.Today(), person.Id,
            request with { Manager = manager is null ? request.Manager : $"{manager.Id}" });
        return (await books.Write.RunAsync(given, dryRun is true, Actor.Of(caller), ct)).ToHttp<ChangePerson.Reply>();
    }

    /// <summary>Gives a person another address (<see cref="ChangeEmail"/>).</summary>
    internal static async Task<Results<Ok<EmailChange>, Accepted<InputWaits>, ProblemHttpResult>> AddressAsync(
        string personOrEmail, ChangeEmail.Request request, ClaimsPrincipal caller, PeopleDirectory people,
        WritePeople write, CancellationToken ct)
    {
        if (await people.FindAsync(personOrEmail, ct) is not { } person)
            return PeopleRefusals.PersonNotFound.ToProblem($"There is no '{personOrEmail}'.");
        return (await write.AddressAsync(person, request.Email, Actor.Of(caller), ct)).ToHttp<EmailChange>();
    }

    private static async Task<Stream?> BodyAsync(HttpRequest request, CancellationToken ct)
    {
        if (!request.HasFormContentType) return request.ContentLength == 0 ? null : request.Body;

        var form = await request.ReadFormAsync(ct);
        return form.Files is [var file] ? file.OpenReadStream() : null;
    }
}
