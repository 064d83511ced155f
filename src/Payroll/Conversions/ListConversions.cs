using System.Security.Claims;
using Guerdon.Kernel;
using Guerdon.People.Employees;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Npgsql;

namespace Guerdon.Payroll.Conversions;

/// <summary>Conversions: a person's, for the person and for admins; everybody's, for admins; and one
/// with its steps.</summary>
internal static class ListConversions
{
    /// <param name="Conversions">Newest first, at most 1,000; of everybody's those that wait before, oldest
    /// first.</param>
    public sealed record Reply(IReadOnlyList<Conversion> Conversions);

    /// <summary>One conversion and what became of it, in order.</summary>
    public sealed record Full(Conversion Conversion, IReadOnlyList<ConversionStep> Steps);

    internal static async Task<Results<Ok<Reply>, ProblemHttpResult>> Of(
        string personOrEmail, ClaimsPrincipal caller, PeopleDirectory people, NpgsqlDataSource db,
        CancellationToken ct)
    {
        if (await Readable.FindAsync(personOrEmail, caller, Permissions.ConversionsRead, people, ct) is not { } person)
            return Readable.Nobody(personOrEmail);
        return TypedResults.Ok(new Reply(await ConversionStore.ListAsync(db, person.Id, null, ct)));
    }

    /// <param name="state">Only those that stand so; null: all.</param>
    /// <param name="db">Read only.</param>
    /// <param name="ct">Stops it.</param>
    internal static async Task<Ok<Reply>> All(string? state, NpgsqlDataSource db, CancellationToken ct) =>
        TypedResults.Ok(new Reply(await ConversionStore.ListAsync(db, null, state, ct)));

    internal static async Task<Results<Ok<Full>, ProblemHttpResult>> One(
        string id, HttpContext http, NpgsqlDataSource db, CancellationToken ct)
    {
        if (!ConversionId.TryParse(id, out var known)
            || await ConversionStore.FindAsync(db, known, ct) is not { } conversion
            || !Access.May(http.User, Permissions.ConversionsRead, conversion.Person.Value))
            return ConversionDecisions.Unknown(id).ToProblem();
        LookedAt.Say(http, conversion.Person.Value);
        return TypedResults.Ok(new Full(conversion, await ConversionStore.StepsAsync(db, known, ct)));
    }
}
