using Guerdon.Grants.Plans;
using Guerdon.Grants.Vesting;
using Guerdon.Kernel;
using Guerdon.Ledger;
using Guerdon.Ledger.Accounts;
using Guerdon.Ledger.Lots;
using Guerdon.Ledger.Statements;
using Guerdon.Ledger.Transfers;
using Guerdon.Payroll.Settings;
using Guerdon.People;
using Guerdon.People.Employees;
using Guerdon.Storage;
using Npgsql;

namespace Guerdon.Statements;

/// <summary>A pay period of one person: what they had of each asset, what moved, what they have, and
/// what comes next.</summary>
/// <param name="Person">E-mail.</param>
/// <param name="Name">As the company writes it.</param>
/// <param name="Wallet">Whose accounts these are.</param>
/// <param name="First">First day of the pay period.</param>
/// <param name="Last">Its last.</param>
/// <param name="PayDay">When it is paid.</param>
/// <param name="TimeZone">Where its days begin.</param>
/// <param name="Assets">Compute, then reward.</param>
/// <param name="Vests">What vests next of each grant, soonest first.</param>
/// <param name="Expires">What lapses when, unless it is used before, soonest first.</param>
internal sealed record PayStatement(
    string Person, string Name, WalletId Wallet, DateOnly First, DateOnly Last, DateOnly PayDay, string TimeZone,
    IReadOnlyList<PayStatement.Part> Assets, IReadOnlyList<PayStatement.Coming> Vests,
    IReadOnlyList<PayStatement.Coming> Expires)
{
    /// <summary>Terms and settings in force in it that one administrator decided alone.</summary>
    public IReadOnlyList<DecidedAlone> DecidedAlone { get; init; } = [];

    /// <summary>One asset. Opening and lines add up to closing, or there is no statement.</summary>
    /// <param name="Asset">compute or reward.</param>
    /// <param name="OpeningMilli">Available, in flight and set aside, in milli-tokens.</param>
    /// <param name="OpeningUsdNanos">At the grants' value.</param>
    /// <param name="Lines">Negative where it left the wallet.</param>
    /// <param name="ClosingMilli">Read apart from the lines.</param>
    /// <param name="ClosingUsdNanos">At the grants' value.</param>
    public sealed record Part(
        string Asset, long OpeningMilli, long OpeningUsdNanos, IReadOnlyList<Line> Lines, long ClosingMilli,
        long ClosingUsdNanos);

    /// <summary>The transfers of one kind, day and lot, added up.</summary>
    public sealed record Line(DateOnly Day, string Kind, string What, int Lot, string Source, long AmountMilli);

    /// <summary>What happens on a day to tokens of one grant.</summary>
    public sealed record Coming(DateOnly Day, string Asset, string Source, long AmountMilli);
}

/// <summary>Reads statements of pay periods.</summary>
internal static class PayStatements
{
    private static readonly AccountKind[] Own = [AccountKind.Available, AccountKind.Escrow, AccountKind.Locked];
    private static readonly string ValueSql = Sql.Read("Statements/HeldValue.sql");
    private static readonly string VestingSql = Sql.Read("Statements/VestingOf.sql");

    /// <exception cref="InvalidOperationException">It does not re-add: a row was changed.</exception>
    public static async Task<PayStatement> ReadAsync(
        NpgsqlDataSource db, Person person, PayCalendar calendar, PayPeriod period, DateTimeOffset now,
        CancellationToken ct)
    {
        var wallet = new WalletId(person.Id.Value);
        var (zone, (from, to)) = (calendar.SettingsOn(period.First)!.Zone, calendar.SpanOf(period));
        var (before, after) = (await ValuesAsync(db, wallet, from, ct), await ValuesAsync(db, wallet, to, ct));
        var parts = new List<PayStatement.Part>();
        var expires = new List<PayStatement.Coming>();
        foreach (var asset in Enum.GetValues<Asset>())
        {
            var statement = await WalletStatements.ForAsync(
                db, new(wallet, asset, Own, from, to) { Zone = zone.Id }, ct);
            parts.Add(new PayStatement.Part(
                Name(asset), statement.Opening.Milli, before.GetValueOrDefault(asset),
                [.. statement.Lines.Select(l => new PayStatement.Line(
                    l.Day, l.Kind.ToString().ToLowerInvariant(), TransferWords.Of(l.Kind), l.Lot, l.Source,
                        l.Amount.Milli))],
                statement.Closing.Milli, after.GetValueOrDefault(asset)));
            expires.AddRange(
                from lot in await WalletLots.OfAsync(db, wallet, asset, ct)
                let left = lot.Available + lot.Escrow
                where lot.ExpiresAt > now && left > Tokens.Zero
                select new PayStatement.Coming(
                    ZoneDays.DayOf(lot.ExpiresAt!.Value, zone), Name(asset), lot.Source, left.Milli));
        }

        return new PayStatement(
            person.Email, person.Name, wallet, period.First, period.Last, period.PayDay, zone.Id, parts,
            await VestsAsync(db, person.Id, ct), [.. expires.OrderBy(e => e.Day)])
        {
            DecidedAlone = await DecidedAlone.ReadAsync(db, person.Id.Value, from, to, ct),
        };
    }

    private static string Name(Asset asset) => asset == Asset.Compute ? "compute" : "reward";

    private static async Task<Dictionary<Asset, long>> ValuesAsync(
        NpgsqlDataSource db, WalletId wallet, DateTimeOffset at, CancellationToken ct)
    {
        var values = await db.ReadAsync(
            ValueSql, row => KeyValuePair.Create((Asset)row.Smallint("asset"), row.Bigint("nanos")),
            [wallet.Value, at], ct);
        return values.ToDictionary();
    }

    private static async Task<IReadOnlyList<PayStatement.Coming>> VestsAsync(
        NpgsqlDataSource db, PersonId person, CancellationToken ct)
    {
        var plans = new PlanCache(db);
        var grants = await db.ReadAsync(
            VestingSql, row => (Grant: DueGrant.Read(row), Source: row.Text("source")), [person.Value], ct);
        var vests = new List<PayStatement.Coming>();
        foreach (var (grant, source) in grants)
        {
            var step = VestingStep.Of(await plans.OfAsync(grant.Plan, ct), grant, grant.NextOn);
            if (step.VestMilli > 0) vests.Add(new(grant.NextOn, Name(grant.Asset), source, step.VestMilli));
        }

        return vests;
    }
}
