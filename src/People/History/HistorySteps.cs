using Guerdon.People.Spans;
using Guerdon.Storage;
using Npgsql;

namespace Guerdon.People.History;

/// <summary>What is true of somebody from a day on that was not before; of the first, all that is.</summary>
/// <param name="From">Its first day; of the first, also any day before it.</param>
/// <param name="To">The day before the next one; null: as far as is known, for good.</param>
/// <param name="Facts">In a fixed order.</param>
public sealed record HistoryStep(DateOnly From, DateOnly? To, IReadOnlyList<HistoryFact> Facts);

/// <summary>One of these, in words.</summary>
/// <param name="Part">Which: <c>part time</c>.</param>
/// <param name="Text">What it is from then on; <c>none</c> where there is none any more.</param>
/// <param name="ShowsPay">Whether it tells what they are paid.</param>
public readonly record struct HistoryFact(string Part, string Text, bool ShowsPay);

/// <summary>A person's history as pages show it.</summary>
public static class HistorySteps
{
    private const string Emails = "select person_id, email from people.v_person where person_id = any($1)";

    /// <summary>Of somebody who is on file, the earliest step first.</summary>
    public static async Task<IReadOnlyList<HistoryStep>> OfAsync(
        NpgsqlDataSource db, PersonId person, CancellationToken ct)
    {
        await using var connection = await db.OpenConnectionAsync(ct);
        var spans = (await SpanStore.ReadAsync(connection, [person.Value], ct)).GetValueOrDefault(person.Value) ?? [];
        Guid[] managers = [.. spans.Select(s => s.Standing.Manager?.Value).OfType<Guid>().Distinct()];
        var emails = await connection.ReadAsync(
            Emails, row => (row.Uuid("person_id"), row.Text("email")), [managers], ct);
        return Between(spans, emails.ToDictionary());
    }

    /// <summary>What each span says that the one before did not. No I/O.</summary>
    internal static IReadOnlyList<HistoryStep> Between(
        IReadOnlyList<PersonSpan> spans, IReadOnlyDictionary<Guid, string> managers)
    {
        var steps = new List<HistoryStep>(spans.Count);
        for (var i = 0; i < spans.Count; i++)
        {
            var (now, was) = (spans[i].Standing, i == 0 ? null : spans[i - 1].Standing);
            var facts = new List<HistoryFact>();
            foreach (var (name, of) in StandingWords.Parts)
                if (was is null ? of(now, managers) is not null : of(now, managers) != of(was, managers))
                    facts.Add(new(
                        name.Replace('_', ' '), of(now, managers) ?? "none", name == StandingWords.Pay));
            steps.Add(new HistoryStep(
                spans[i].StartsOn, i + 1 < spans.Count ? spans[i + 1].StartsOn.AddDays(-1) : null, facts));
        }

        return steps;
    }
}
