using Guerdon.Approvals;
using Guerdon.Grants.Plans;
using Guerdon.Kernel;
using Guerdon.People.Departures;
using Npgsql;

namespace Guerdon.Grants.Departures;

/// <summary>Departures that nobody decided: each with what it comes to, and those that are held as one.</summary>
internal sealed class PendingDepartures(DepartureStore departures, NpgsqlDataSource db) : IPendingDecisions
{
    /// <summary>Of so many the inbox says the amount; each is some queries.</summary>
    private const int MostWithAmounts = 50;

    public string Reads => Permissions.GrantsRead;

    public async Task<IReadOnlyList<PendingDecision>> ListAsync(InboxReader reader, int most, CancellationToken ct)
    {
        if (!reader.SeesAll) return []; // nobody asks for their own
        var found = await departures.ListAsync(waiting: true, after: null, most, ct);
        found.Reverse();
        var (pending, plans) = (new List<PendingDecision>(), new PlanCache(db));
        foreach (var one in found.Where(one => !one.IsHeld))
            pending.Add(new PendingDecision(
                "departure", $"{one.Id}",
                $"{one.Email} leaves on {one.LastDay.InWords()}" + (pending.Count < MostWithAmounts
                    ? Loses(await DepartureEffect.OfAsync((db, plans), one.Person.Value, one.LastDay, ct)) : "")
                    + $": {one.Reason}",
                DepartureShown.AskedOf(one), one.AskedAt)
            {
                Link = $"/admin/people/{one.Person}", Command = "guerdon departure list",
            });
        if (Held([.. found.Where(one => one.IsHeld)]) is { } held)
            pending.Add(held with { Digest = (await departures.HeldAsync(ct)).Digest });
        return pending;
    }

    private static string Loses(DepartureEffect effect) =>
        $" and loses {new Tokens(effect.ForfeitsMilli + effect.ClawsBackMilli)} tokens";

    private static PendingDecision? Held(IReadOnlyList<Departure> held)
    {
        if (held.Count == 0) return null;
        var by = held[0].Asker;
        var who = Wording.Count(held.Count, "person keeps", "people keep");
        return new PendingDecision(
            "departures_held", "held",
            $"{who} access though the directory deactivated them, since too many left within an hour",
            new(by, $"{by.Name} deactivated them", $"{by.Name}, who deactivated them")
            {
                // Of several, whoever is one of them decides the others.
                Permission = Permissions.PeopleWrite,
                Beneficiaries = held.Count == 1 ? [held[0].Person.Value] : [],
                Benefit = "It is about you", NotWho = "not for themselves",
            }, held[0].AskedAt)
        {
            Link = "/admin/people", Command = "guerdon departure list",
        };
    }
}
