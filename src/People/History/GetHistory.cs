using System.Security.Claims;
using Guerdon.People.Employees;
using Guerdon.People.Spans;
using Guerdon.Storage;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Npgsql;

namespace Guerdon.People.History;

/// <summary>What was, is and is to be true of a person, for whoever runs the programme and for that person.</summary>
internal static class GetHistory
{
    /// <param name="Person">Whose.</param>
    /// <param name="Name">As the company writes it.</param>
    /// <param name="HiredOn">First day of employment.</param>
    /// <param name="LeftOn">Last day of employment; null: none is known.</param>
    /// <param name="Spans">The earliest first, without a gap.</param>
    /// <param name="Changes">Who changed what since they came on file, the newest first; the last thousand.</param>
    public sealed record Reply(
        PersonId Person, string Name, DateOnly HiredOn, DateOnly? LeftOn, IReadOnlyList<Line> Spans,
        IReadOnlyList<MadeChange> Changes);

    /// <summary>What is true for a while.</summary>
    /// <param name="From">Its first day.</param>
    /// <param name="To">Its last day; null: as far as is known, for good.</param>
    /// <param name="Standing">What is true then.</param>
    /// <param name="ManagerEmail">The address of whom they report to.</param>
    public sealed record Line(DateOnly From, DateOnly? To, Standing Standing, string? ManagerEmail);

    private const string Emails = "select person_id, email from people.v_person where person_id = any($1)";

    internal static async Task<Results<Ok<Reply>, ProblemHttpResult>> Handle(
        string personOrEmail, ClaimsPrincipal caller, PeopleDirectory people, NpgsqlDataSource db, CancellationToken ct)
    {
        if (await Readable.FindAsync(personOrEmail, caller, people, ct) is not { } person)
            return Readable.Nobody(personOrEmail);
        await using var connection = await db.OpenConnectionAsync(ct);
        var spans = await SpanStore.ReadAsync(connection, [person.Id.Value], ct);
        return TypedResults.Ok(new Reply(
            person.Id, person.Name, person.HiredOn, person.LeftOn,
            await LinesAsync(connection, spans[person.Id.Value], ct),
            await SpanStore.MadeAsync(connection, person.Id.Value, ct)));
    }

    /// <summary>Spans with the days on which they end.</summary>
    internal static async Task<IReadOnlyList<Line>> LinesAsync(
        NpgsqlConnection connection, IReadOnlyList<PersonSpan> spans, CancellationToken ct)
    {
        Guid[] managers = [.. spans.Select(s => s.Standing.Manager?.Value).OfType<Guid>().Distinct()];
        var emails = (await connection.ReadAsync(
            Emails, row => (row.Uuid("person_id"), row.Text("email")), [managers], ct)).ToDictionary();
        return
        [
            .. spans.Select((span, i) => new Line(
                span.StartsOn, i + 1 < spans.Count ? spans[i + 1].StartsOn.AddDays(-1) : null, span.Standing,
                span.Standing.Manager is { } manager ? emails.GetValueOrDefault(manager.Value) : null)),
        ];
    }
}
