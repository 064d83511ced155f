using System.Runtime.CompilerServices;
using Guerdon.Grants.Lines;
using Guerdon.Grants.Plans;
using Guerdon.Kernel;
using Guerdon.Notices;
using Guerdon.People;
using Guerdon.Plans;
using Guerdon.Pricing.Book;
using Guerdon.Storage;
using Microsoft.Extensions.Logging;
using Npgsql;

namespace Guerdon.Grants.Expiry;

/// <summary>
/// Tells people that tokens are about to go: a week and a day before a lot expires, or before the next allowance makes
/// what is left of earlier ones pass the plan's rollover cap. Once for each lot or month, and each of the two.
/// </summary>
internal sealed class ExpiryNotices(
    NpgsqlDataSource db, PriceBook prices, TimeProvider clock, ILogger<ExpiryNotices> log)
    : Job(JobTiming.Hourly("compensation.ExpiryNotices"), db, clock, log)
{
    private static readonly (int Days, NoticeKind Expiry, NoticeKind Rollover)[] Ahead =
    [
        (7, NoticeKinds.ExpiryWeek, NoticeKinds.RolloverWeek), (1, NoticeKinds.ExpiryDay, NoticeKinds.RolloverDay),
    ];

    private const string Expiring = """
        select v.wallet_id, v.asset::text || '/' || v.lot as subject, v.available_milli, v.expires_at, v.source
          from ledger.v_lot v
          join people.v_person p on p.person_id = v.wallet_id
         where v.expires_at > $1 and v.expires_at <= $2 and v.available_milli > 0
        """;

    // The latest allowance stands for the next one, since the next is not granted yet.
    private const string Left = """
        select g.person_id, sum(v.available_milli)::bigint as left_milli,
               (array_agg(g.amount_milli order by g.period desc, g.line))[1] as last_milli
          from compensation.v_grant g
          join people.v_person p on p.person_id = g.person_id and (p.left_on is null or p.left_on >= $2)
          join ledger.v_lot v on v.wallet_id = g.person_id and v.lot = g.lot
         where g.plan = $1 and g.kind in ('allowance', 'tier') and g.live and v.available_milli > 0
         group by g.person_id
        """;

    /// <returns>How many notices were written.</returns>
    protected override async Task<int> WorkAsync(CancellationToken ct)
    {
        var (now, written) = (Clock.GetUtcNow(), 0);
        await using var writing = await Database.OpenConnectionAsync(ct);
        await using var reading = await Database.OpenConnectionAsync(ct);
        await using var transaction = await reading.BeginTransactionAsync(ct);
        await Db.WithoutTimeLimitAsync(reading, ct); // it is read as slowly as notices are written
        foreach (var (days, expiry, rollover) in Ahead)
        {
            written += await NoticeWriter.GiveAsync(writing, ExpiringAsync(reading, now, days, expiry, ct), now, ct);
            written += await NoticeWriter.GiveAsync(writing, LapsingAsync(reading, now, days, rollover, ct), now, ct);
        }

        return written;
    }

    /// <summary>What lapses of an allowance when the next one comes, or 0. No I/O.</summary>
    internal static long Over(long leftMilli, long nextMilli, int capPpm) =>
        Math.Max(0, leftMilli - (long)((Int128)nextMilli * capPpm / Factors.One));

    private async IAsyncEnumerable<Told> ExpiringAsync(
        NpgsqlConnection connection, DateTimeOffset now, int days, NoticeKind kind,
        [EnumeratorCancellation] CancellationToken ct)
    {
        await using var command = Db.Command(connection, Expiring, now, now.AddDays(days));
        command.CommandTimeout = 0;
        var lots = command.StreamAsync(
            row => (
                Person: row.Id<PersonId>("wallet_id"), Subject: row.Text("subject"),
                Milli: row.Bigint("available_milli"), At: row.Get<DateTime>("expires_at"),
                Source: row.Text("source")),
            ct);
        await foreach (var lot in lots)
            yield return new Told(lot.Person, kind, lot.Subject,
                $"{Worth(lot.Milli, now)} expire on {DateOnly.FromDateTime(lot.At).Iso()} at {lot.At:HH:mm} UTC, "
                + "if they are not used before: that is how long this grant lasts "
                + $"({GrantSource.InWords(lot.Source)}).");
    }

    private async IAsyncEnumerable<Told> LapsingAsync(
        NpgsqlConnection connection, DateTimeOffset now, int days, NoticeKind kind,
        [EnumeratorCancellation] CancellationToken ct)
    {
        var today = now.UtcDay();
        foreach (var plan in await PlanStore.AllInEffectAsync(Database, today, ct))
        {
            if (plan.Allowance is not { RolloverPpm: { } cap } allowance) continue;
            var span = GrantSpan.Of(new Period(today), allowance.MonthsEach);
            var next = GrantSpan.Of(new Period(span.Last.AddDays(1)), allowance.MonthsEach);
            if (next.First.First > today.AddDays(days)) continue;

            await using var command = Db.Command(connection, Left, plan.Name, next.First.First);
            command.CommandTimeout = 0;
            var lapsing = command.StreamAsync(
                row => (
                    Person: row.Id<PersonId>("person_id"), LeftMilli: row.Bigint("left_milli"),
                    LastMilli: row.Bigint("last_milli")),
                ct);
            await foreach (var (person, left, last) in lapsing)
                if (Over(left, last, cap) is > 0 and var over)
                    yield return new Told(person, kind, $"{plan.Name}/{next.Term}",
                        $"About {Worth(over, now)} lapse when the allowance for {next.Term} is granted, from "
                        + $"{next.First.First.Iso()} on: the plan {plan.Name} lets "
                        + $"{LineText.Percent(cap)} of one grant be left over. "
                        + $"This assumes a grant of {Worth(last, now)}, as the last one was.");
        }
    }

    // Dollars first, because people know what those buy: "1,000.00 USD, 1,000,000,000 tokens,".
    private string Worth(long milli, DateTimeOffset now) =>
        new Tokens(milli).WorthAt(prices.TokenValueAt(now)) is { } worth
            ? $"{worth.Cents} USD, {new Tokens(milli)} tokens," : $"{new Tokens(milli)} tokens";
}
