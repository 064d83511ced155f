using System.CommandLine;
using Guerdon.Client.Verbs;
using Guerdon.Client;
using Guerdon.Kernel;
using Guerdon.Terminal;
using Guerdon.Terminal.Parsing;
using Guerdon.Terminal.Tables;

namespace Guerdon.Cli.Grants;

/// <summary><c>guerdon departure list|approve|decline|held</c>: who leaves by the directory's word, what they lose by
/// it, and what is held since too many left at once.</summary>
internal static class DepartureVerbs
{
    private const string Address = "api/v1/departures";

    internal sealed record Page(
        IReadOnlyList<Departure> Departures, string? Next = null, HeldOnes? Held = null);

    internal sealed record HeldOnes(int People, string Digest);

    internal sealed record Departure(
        string Id, string Person, string Email, string Name, DateOnly LastDay, string Reason, string AskedBy,
        DateTimeOffset AskedAt, string State, DateTimeOffset? FallsAt = null, Effect? Effect = null,
        string? DecidedBy = null, string? DecidedReason = null);

    internal sealed record Effect(long ForfeitsMilli, long ClawsBackMilli, IReadOnlyList<Line> Lines);

    internal sealed record Line(string Run, int Number, string What, long AmountMilli, string Why);

    internal sealed record Confirming(string Digest);

    internal sealed record DecliningHeld(string Digest, string Reason);

    internal sealed record Held(int People);

    public static Verb BuildList()
    {
        var all = new Option<bool>("--all") { Description = "Also those that are decided." };
        var after = new Option<string?>("--after")
        {
            Description = "Departures older than this one.", HelpName = "DEPARTURE",
        };
        return new Verb(
            "list", "List who leaves by the directory's word, and what they lose by it.", "guerdon departure list",
            "guerdon departure list --all")
        {
            all, after,
        }.Does(async (call, ct) =>
        {
            var address = Call.Address(
                Address, ("waiting", call.Value(all) ? null : "true"), ("after", call.Value(after)));
            return call.Show(
                await call.GetAsync("Listing departures", address, ct), GrantsJson.Default.DepartureVerbsPage, page =>
                {
                    if (page.Departures.Count == 0)
                        call.Output.Note(call.Value(all) ? "Nobody has left." : "Nothing is waiting.");
                    else call.Output.Table(Table(page.Departures));
                    if (page.Held is { } held)
                        call.Output.Note(
                            $"{Wording.Count(held.People, "person is", "people are")} held: "
                            + $"guerdon departure held {held.Digest}");
                    if (page.Next is { } next) call.Output.Note($"Older ones: --after {next}");
                    return ExitCodes.Done;
                });
        });
    }

    public static Verb BuildApprove()
    {
        var id = Id();
        return new Verb(
            "approve", "Approve that somebody leaves: their last day is set, and what they lose by it is booked.",
            "guerdon departure approve dep_01990f6c6a6e7b3f8f0e0c1d2e3f4a5b")
        {
            id,
        }.Does(async (call, ct) => ShowOne(call, await call.PostAsync(
            "Approving it", $"{Address}/{Uri.EscapeDataString(call.Value(id))}/approve", ct)));
    }

    public static Verb BuildDecline()
    {
        var (id, reason) = (Id(), Decisions.Why("For the record."));
        return new Verb(
            "decline", "Decline it: nothing is lost. Access comes back once the directory activates them.",
            "guerdon departure decline dep_01990f6c6a6e7b3f8f0e0c1d2e3f4a5b --reason 'On leave'")
        {
            id, reason,
        }.Does(async (call, ct) => ShowOne(call, await call.PostAsync(
            "Declining it", $"{Address}/{Uri.EscapeDataString(call.Value(id))}/decline",
            new Decisions.Decision(call.Value(reason)!), SharedJson.Default.DecisionsDecision, ct)));
    }

    public static Verb BuildReturn()
    {
        var (id, reason) = (Id(), Decisions.Why("For the record."));
        return new Verb(
            "return", "Give access back after a departure was decided or fell; what was forfeited since stays so.",
            "guerdon departure return dep_01990f6c6a6e7b3f8f0e0c1d2e3f4a5b --reason 'They stay'")
        {
            id, reason,
        }.Does(async (call, ct) => ShowOne(call, await call.PostAsync(
            "Giving access back", $"{Address}/{Uri.EscapeDataString(call.Value(id))}/return",
            new Decisions.Decision(call.Value(reason)!), SharedJson.Default.DecisionsDecision, ct)));
    }

    public static Verb BuildHeld()
    {
        var digest = new Argument<string>("DIGEST")
        {
            Description = "Of those who are held, from 'guerdon departure list'.",
        };
        var reason = new Option<string?>("--decline")
        {
            Description = "Their access stays, for this reason; left out: it ends now.", HelpName = "REASON",
        };
        return new Verb(
            "held", "End the access of all who are held, or leave it to them.",
            "guerdon departure held 5f2c0e…",
            "guerdon departure held 5f2c0e… --decline 'A mistake in the directory'")
        {
            digest, reason,
        }.Does(async (call, ct) =>
        {
            var named = call.Value(digest);
            var answer = call.Value(reason) is { } why
                ? await call.PostAsync("Declining them", $"{Address}/held/decline", new DecliningHeld(named, why),
                    GrantsJson.Default.DepartureVerbsDecliningHeld, ct)
                : await call.PostAsync("Confirming them", $"{Address}/held/confirm", new Confirming(named),
                    GrantsJson.Default.DepartureVerbsConfirming, ct);
            return call.Show(answer, GrantsJson.Default.DepartureVerbsHeld, held =>
            {
                call.Output.Line(call.Value(reason) is null
                    ? $"The access of {Wording.Count(held.People, "person", "people")} has ended."
                    : $"{Wording.Count(held.People, "person keeps", "people keep")} access.");
                return ExitCodes.Done;
            });
        });
    }

    private static Argument<string> Id() =>
        new("DEPARTURE") { Description = "Its id, from 'guerdon departure list'." };

    private static int ShowOne(Call call, Answer answer) =>
        call.Show(answer, GrantsJson.Default.DepartureVerbsDeparture, one =>
        {
            call.Output.Line($"{one.Id}: {one.Email}, last day {Call.Iso(one.LastDay)}, {State(one)}.");
            return ExitCodes.Done;
        });

    private static TextTable Table(IReadOnlyList<Departure> departures)
    {
        var table = new TextTable().Left("Departure").Left("Person").Left("Last day").Right("Forfeits")
            .Right("Claws back").Left("Falls").Left("State").Left("Why");
        foreach (var one in departures)
            table.Row(
                one.Id, one.Email, Call.Iso(one.LastDay), Tokens(one.Effect?.ForfeitsMilli),
                Tokens(one.Effect?.ClawsBackMilli), one.FallsAt is { } at ? Wording.Utc(at) : "", State(one),
                one.Reason);
        return table;
    }

    private static string Tokens(long? milli) => milli is { } some ? $"{new Tokens(some)}" : "";

    private static string State(Departure one) => one switch
    {
        { DecidedBy: { } by } => $"{one.State} by {by}" + (one.DecidedReason is { } why ? $": {why}" : ""),
        _ => $"{one.State}, asked for by {one.AskedBy}",
    };
}
