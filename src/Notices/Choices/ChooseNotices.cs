using System.Security.Claims;
using Guerdon.Kernel;
using Guerdon.People.Employees;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Npgsql;

namespace Guerdon.Notices.Choices;

/// <summary>Chooses which of one's own notices come by e-mail. Safe to repeat.</summary>
internal static class ChooseNotices
{
    /// <param name="Kind">One of the kinds that <see cref="GetChoices"/> lists.</param>
    /// <param name="ByEmail">Whether it comes by e-mail.</param>
    public sealed record Choice(string Kind, bool ByEmail);

    /// <param name="Choices">For which kinds; the others stay as they are, and of two for one kind the last counts.
    /// </param>
    public sealed record Request(IReadOnlyList<Choice> Choices);

    internal static async Task<Results<Ok<GetChoices.Reply>, ProblemHttpResult>> Handle(
        string personOrEmail, Request request, ClaimsPrincipal caller, PeopleDirectory people, NpgsqlDataSource db,
        TimeProvider clock, CancellationToken ct)
    {
        if (await Readable.FindAsync(personOrEmail, caller, Permissions.NoticesRead, people, ct) is not { } person)
            return Readable.Nobody(personOrEmail);
        if (Access.PersonOf(caller) != person.Id.Value)
            return NoticeRefusals.NotYourNotices.ToProblem("These are somebody else's notices.");
        var choices = new Dictionary<string, bool>(StringComparer.Ordinal);
        foreach (var choice in request.Choices) choices[choice.Kind ?? ""] = choice.ByEmail;
        return await NoticeChoices.SaveAsync(db, person.Id, choices, clock.GetUtcNow(), ct) is { } no
            ? no.ToProblem()
            : TypedResults.Ok(new GetChoices.Reply(
                await NoticeChoices.IsEmailOnAsync(db, ct), await NoticeChoices.OfAsync(db, person.Id, ct)));
    }
}
