using Guerdon.Admin.Books;
using Guerdon.Kernel;
using Guerdon.Ledger.Audit;
using Guerdon.Metering.Requests;
using Guerdon.Metering.Settlement;
using Guerdon.Notices.Deliveries;
using Guerdon.Payroll.Terms;
using Guerdon.People.Departures;
using Guerdon.Providers;
using Guerdon.Web.Shared;
using Npgsql;

namespace Guerdon.Admin.Overview;

/// <summary>Something that is wrong.</summary>
/// <param name="What">In words.</param>
/// <param name="Hint">Since when, and what it does.</param>
/// <param name="Command">Where it is looked at or corrected; null: at <paramref name="Address"/>.</param>
/// <param name="Address">The page about it.</param>
/// <param name="Permission">What it takes to open that.</param>
public sealed record Alarm(string What, string Hint, string? Command = null, string? Address = null,
    string? Permission = null);

/// <summary>All that the product knows to be wrong: with the gateway, with what is booked, with the seals. Wallets that
/// were stopped have a list of their own. Providers, and what verify found, are as this node sees them.</summary>
internal sealed class Alarms(
    NpgsqlDataSource db, GatewayAlarms gateway, VerifyRun verify, RateBooks rates,
    DepartureStore departures, TimeProvider clock)
{
    private const int Days = 30;
    private const int SealedWithinDays = 2; // yesterday's is made some time after midnight

    /// <param name="isGroupsOnly">Whether it is works-council mode, so that no amount is said that may be one person's.
    /// </param>
    /// <param name="ct">Stops it.</param>
    public async Task<IReadOnlyList<Alarm>> ReadAsync(bool isGroupsOnly, CancellationToken ct)
    {
        var now = clock.GetUtcNow();
        var alarms = new List<Alarm>();
        if (gateway.Closed is { } reason)
            alarms.Add(new($"The gateway is closed: {reason}", "No call of anybody passes.", "guerdon gateway open"));
        alarms.AddRange((await gateway.ProvidersAsync(ct)).Select(OfProvider));
        var (doubtful, unapplied) = await MeteringAlarms.ReadAsync(db, now.AddDays(-Days), ct);
        alarms.AddRange(doubtful.Select(OfDoubt));
        alarms.AddRange(unapplied.Select(OfCorrections));
        var book = await rates.AtAsync(now, ct);
        alarms.AddRange((await MeteringAlarms.EstimatedAsync(db, now.AddDays(-1), ct))
            .Select(estimated => OfEstimates(estimated, isGroupsOnly ? null : book.TokenNanos)));
        if (await SettlementAlarm.ReadAsync(db, now, ct) is { } unbooked)
            alarms.Add(OfUnbooked(unbooked, isGroupsOnly ? null : book.TokenNanos));
        alarms.AddRange((await TermsDoubts.ReadAsync(db, book, now, ct)).Select(OfTerms));
        alarms.AddRange((await DeliveryReads.FailedAsync(db, now.AddDays(-Days), ct)).Select(OfNotices));
        alarms.AddRange((await DeliveryReads.UnservedAsync(db, now, ct)).Select(OfUnserved));
        if (await departures.HeldAsync(ct) is ( > 0 and var held, _))
            alarms.Add(new(
                $"{Wording.Count(held, "person keeps", "people keep")} access though the directory deactivated them",
                "Too many left within an hour. Say whether it is right.", "guerdon departure list"));
        if (OfVerify() is { } found) alarms.Add(found);
        if (await SavedSeals.NewestDayAsync(db, ct) is { } day
            && day < DateOnly.FromDateTime(now.UtcDateTime).AddDays(-SealedWithinDays))
            alarms.Add(new(
                $"No day after {Show.Day(day)} is sealed",
                "A day is sealed soon after it ends; the server's log says why these were not.", "guerdon seals"));
        return alarms;
    }

    private static Alarm OfProvider(ListProviders.Item provider)
    {
        var since = provider.Health.Since is { } at ? $"Since {Show.Time(at)}. " : "";
        var (what, hint) = provider.Health.State switch
        {
            HealthState.LeftAlone => ("is left alone", provider.Health.Until is { } until
                ? $"It failed too often; it is tried again at {Show.Time(until)}."
                : "It failed too often; it is tried again soon."),
            HealthState.KeyRefused => ("refuses the company's key", since + "Its models cannot be called."),
            HealthState.OnSecondKey => ("takes only its second key", since + "The first is refused; set a new one."),
            _ => ("cannot be called as it is set", $"Because {provider.Health.Reason}."),
        };
        return new($"{provider.Name} {what}", hint, "guerdon provider list");
    }

    private static Alarm OfDoubt(MeteringAlarms.Doubtful doubtful) => new(
        $"{Wording.Count(doubtful.Calls, "call")} settled at a price that may not cover "
        + (doubtful.Calls == 1 ? "it" : "them"),
        $"{string.Join("; ", doubtful.Doubts)}. The first within {Days} days was on {Show.Day(doubtful.Since)}.",
        "guerdon price provisional");

    private static Alarm OfCorrections(MeteringAlarms.Unapplied unapplied) => new(
        $"Corrections of {Wording.Count(unapplied.Calls, "call")} by the report of {unapplied.Provider} "
        + "are not applied",
        $"Worked out for {unapplied.By}, {Show.Day(unapplied.At)}.", "guerdon reconcile show");

    private static Alarm OfEstimates(MeteringAlarms.Estimated estimated, long? tokenValue) => new(
        $"{Wording.Count(estimated.Calls, "call")} to "
        + (estimated.Provider.Length == 0 ? "an unknown provider, since the node was lost" : estimated.Provider)
        + " settled by estimate within a day"
        + (tokenValue is { } value ? $", for {Show.Worth(new(estimated.CostMilli), value)}" : ""),
        "Their answers broke off or gave no usage. The provider's usage report corrects them.",
        "guerdon reconcile preview");

    private static Alarm OfUnbooked(SettlementAlarm unbooked, long? tokenValue) => new(
        (tokenValue is { } value ? $"{Show.Worth(new(unbooked.ChargedMilli), value)} of use" : "Use")
        + " could not be booked",
        $"Charged to {Wording.Count(unbooked.Wallets, "wallet")} from {Show.Time(unbooked.Since)} on, and still in "
        + "escrow. Verify and the server's log say why.", Address: "/admin/verify",
        Permission: Permissions.SealsRead);

    private static Alarm OfTerms(TermsDoubts.Doubt doubt) => new(
        $"Version {doubt.Version} of the conversion terms, from {Show.Day(doubt.EffectiveFrom)}, "
        + "would be refused today",
        string.Join(' ', doubt.Reasons), "guerdon convert terms list");

    private static Alarm OfNotices((string Channel, long Count, DateTimeOffset Since) failed) => new(
        $"{Wording.Count(failed.Count, "notice")} could not be sent by "
        + (failed.Channel == "email" ? "e-mail" : failed.Channel),
        $"The first within {Days} days failed at {Show.Time(failed.Since)}. Their page still shows them.",
        Address: "/admin/notices", Permission: Permissions.DeliveriesRead);

    private static Alarm OfUnserved((string Channel, DateTimeOffset Since, long Waiting) unserved)
    {
        var (name, setting) = unserved.Channel == "email" ? ("e-mail", "Email") : ("webhook", "Webhook");
        return new(
            $"Notices are to be sent by {name}, and no node that runs has its settings",
            $"Since {Show.Time(unserved.Since)}; {Wording.Count(unserved.Waiting, "notice")} "
            + (unserved.Waiting == 1 ? "waits" : "wait") + $". Start a node with them, or switch it off by "
            + $"Notices__{setting}__Off=true.",
            Address: "/admin/notices", Permission: Permissions.DeliveriesRead);
    }

    private Alarm? OfVerify() => verify.Last is not { Found.Findings.Count: > 0 and var count } last ? null : new(
        $"Verify found {Wording.Count(count, "row that does", "rows that do")} not match"
        + (last.Found.More ? ", and more" : ""), $"On {Show.Time(last.At)}.", Address: "/admin/verify",
        Permission: Permissions.SealsRead);
}
