using Guerdon.Kernel;
using Guerdon.Storage;

namespace Guerdon.People.Departures;

/// <summary>That somebody leaves, where HR has not said so. What they lose by it is lost once it falls.</summary>
/// <param name="Id">Which.</param>
/// <param name="Person">Who leaves.</param>
/// <param name="Email">Theirs.</param>
/// <param name="Name">Theirs.</param>
/// <param name="LastDay">The last day of employment, as it would be.</param>
/// <param name="Reason">As whoever asked gave it.</param>
/// <param name="Asker">Who asked.</param>
/// <param name="AskedAt">When.</param>
public sealed record Departure(
    DepartureId Id, PersonId Person, string Email, string Name, DateOnly LastDay, string Reason, Actor Asker,
    DateTimeOffset AskedAt)
{
    /// <summary>Access has not ended, since too many left within an hour.</summary>
    public bool IsHeld { get; init; }

    /// <summary>When it falls by itself; null: it is held.</summary>
    public DateTimeOffset? FallsAt { get; init; }

    /// <summary>approved, declined, withdrawn, hr, grace or returned; null: it waits.</summary>
    public string? Outcome { get; init; }

    /// <summary>Who decided it; null: it waits.</summary>
    public Actor? Decider { get; init; }

    public DateTimeOffset? DecidedAt { get; init; }
    public string? DecidedReason { get; init; }

    internal const string Columns = """
        d.departure_id, d.person_id, people.called(d.person_id, p.email) as email, coalesce(p.name, '') as name,
        d.last_day, d.reason, d.asked_by, d.asked_by_account, d.asked_by_person, d.asked_at, d.is_held, d.falls_at,
        d.outcome, d.decided_by, d.decided_by_account, d.decided_by_person, d.decided_at, d.decided_reason
        """;

    internal static Departure Of(Row row) => new(
        row.Id<DepartureId>("departure_id"), row.Id<PersonId>("person_id"), row.Text("email"), row.Text("name"),
        row.Date("last_day"), row.Text("reason"), row.Actor("asked_by"), row.Instant("asked_at"))
    {
        IsHeld = row.Bool("is_held"), FallsAt = row.InstantOrNull("falls_at"), Outcome = row.TextOrNull("outcome"),
        Decider = row.ActorOrNull("decided_by"), DecidedAt = row.InstantOrNull("decided_at"),
        DecidedReason = row.TextOrNull("decided_reason"),
    };
}
