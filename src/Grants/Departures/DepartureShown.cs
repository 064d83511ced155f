using Guerdon.Approvals;
using Guerdon.Kernel;
using Guerdon.People;
using Guerdon.People.Departures;

namespace Guerdon.Grants.Departures;

/// <summary>A departure as whoever decides it sees it.</summary>
/// <param name="Id">Which.</param>
/// <param name="Person">Who leaves.</param>
/// <param name="Email">Theirs.</param>
/// <param name="Name">Theirs.</param>
/// <param name="LastDay">The last day of employment, as it would be.</param>
/// <param name="Reason">Why it was proposed.</param>
/// <param name="AskedBy">Who proposed it.</param>
/// <param name="AskedAt">When.</param>
/// <param name="State">held, waiting, approved, declined, withdrawn, hr, grace or returned.</param>
internal sealed record DepartureShown(
    DepartureId Id, PersonId Person, string Email, string Name, DateOnly LastDay, string Reason, string AskedBy,
    DateTimeOffset AskedAt, string State)
{
    /// <summary>When it falls by itself; null: it is held or decided.</summary>
    public DateTimeOffset? FallsAt { get; init; }

    /// <summary>What they lose by it; null: it is decided, and the books say so.</summary>
    public DepartureEffect? Effect { get; init; }

    /// <summary>Who decided it; null: it waits.</summary>
    public string? DecidedBy { get; init; }

    public DateTimeOffset? DecidedAt { get; init; }
    public string? DecidedReason { get; init; }

    internal static DepartureShown Of(Departure departure, DepartureEffect? effect) => new(
        departure.Id, departure.Person, departure.Email, departure.Name, departure.LastDay, departure.Reason,
        departure.Asker.Name, departure.AskedAt, departure.Outcome ?? (departure.IsHeld ? "held" : "waiting"))
    {
        FallsAt = departure.Outcome is null ? departure.FallsAt : null, Effect = effect,
        DecidedBy = departure.Decider?.Name, DecidedAt = departure.DecidedAt, DecidedReason = departure.DecidedReason,
    };

    /// <summary>As somebody asked for it to be approved.</summary>
    internal static Asked AskedOf(Departure departure) => new(
        departure.Asker, $"{departure.Asker.Name} proposed {departure.Id}",
        $"{departure.Asker.Name}, who proposed it")
    {
        Permission = Permissions.PeopleWrite, Beneficiaries = [departure.Person.Value],
        Benefit = $"{departure.Id} is about you", NotWho = $"not {departure.Email}, whom it is about",
    };

    /// <summary>As access is to be given back after it: whoever decided it has another look at it.</summary>
    internal static Asked ReturnOf(Departure departure)
    {
        var by = departure.Outcome == "approved" ? departure.Decider! : Actor.Guerdon;
        return AskedOf(departure) with { By = by, Deed = $"{by.Name} approved {departure.Id}", Who = by.Name };
    }
}
