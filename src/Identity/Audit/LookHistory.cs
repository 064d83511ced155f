using System.Globalization;
using Guerdon.Kernel;
using Guerdon.People;
using Guerdon.People.Employees;
using Guerdon.Privacy;
using Guerdon.Storage;
using Npgsql;

namespace Guerdon.Identity.Audit;

/// <summary>Who may see what about somebody, and who looked. For them alone: callers name nobody else.</summary>
/// <param name="db">The database.</param>
/// <param name="people">To whom they report.</param>
/// <param name="mode">Whether they see each other's use.</param>
/// <param name="clock">Which day it is.</param>
public sealed class LookHistory(
    NpgsqlDataSource db, PeopleDirectory people, CouncilMode mode, TimeProvider clock)
{
    /// <summary>How far back looks are shown.</summary>
    public const int LastDays = 90;

    private const int MostNames = 100; // of a role

    // The node that gave the page before may have a clock that is ahead.
    private static readonly TimeSpan ClocksDiffer = TimeSpan.FromMinutes(1);

    private static readonly string HoldersSql = Sql.Read("Identity/Audit/Holders.sql");
    private static readonly string LooksSql = Sql.Read("Identity/Audit/Looks.sql");

    /// <summary>A role that sees something of others, and who has it.</summary>
    /// <param name="Role">Of <see cref="Roles"/>.</param>
    /// <param name="OfTeam">Whether it sees those alone who report to whoever has it.</param>
    /// <param name="Opens">What it opens.</param>
    /// <param name="Holders">Who has it today, by name: the first hundred.</param>
    /// <param name="Count">How many have it.</param>
    public sealed record MaySee(
        string Role, bool OfTeam, IReadOnlyList<Opening> Opens, IReadOnlyList<Holder> Holders, long Count);

    /// <summary>What a role opens.</summary>
    /// <param name="Permission">Its name.</param>
    /// <param name="What">In words.</param>
    /// <param name="ShowsPay">Whether it shows what people are paid.</param>
    /// <param name="Writes">Whether it changes something, or prepares a change.</param>
    public sealed record Opening(string Permission, string What, bool ShowsPay, bool Writes);

    /// <summary>Somebody who has a role.</summary>
    /// <param name="Name">As their account is called.</param>
    /// <param name="Email">What they sign in with.</param>
    /// <param name="IsProgram">Whether it is a program's account.</param>
    public sealed record Holder(string Name, string Email, bool IsProgram);

    /// <summary>What somebody looked at.</summary>
    /// <param name="Name">As their account is called now; empty: several accounts together.</param>
    /// <param name="Email">As it was known then.</param>
    /// <param name="Endpoint">As <c>GET /api/v1/wallets/{personOrEmail}</c>.</param>
    /// <param name="What">What that shows, in words.</param>
    /// <param name="OfEverybody">Whether it was a list of many, and not one's own page.</param>
    /// <param name="Times">How often.</param>
    /// <param name="LastAt">When last, to the minute in which it was.</param>
    public sealed record Look(
        string Name, string Email, string Endpoint, string What, bool OfEverybody, long Times, DateTimeOffset LastAt);

    /// <param name="Looks">What was looked at last, first.</param>
    /// <param name="Next">Pass it as <c>after</c> for the next ones; null: there are none.</param>
    public sealed record Page(IReadOnlyList<Look> Looks, string? Next);

    /// <summary>The roles that see something about somebody, as of today, in the order of <see cref="Roles"/>; without
    /// their own accounts.</summary>
    /// <param name="account">Theirs.</param>
    /// <param name="person">Who they are; null: nobody on file.</param>
    /// <param name="ct">Stops it.</param>
    public async Task<IReadOnlyList<MaySee>> MaySeeAsync(Guid account, Guid? person, CancellationToken ct)
    {
        var isGroupsOnly = (await mode.ReadAsync(ct)).IsOn;
        var opened = Roles.Names.ToDictionary(role => role, role => OpenedBy(role, isGroupsOnly));
        string[] roles = [.. Roles.Names.Where(role => opened[role].Count > 0)], ofTeam = [.. roles.Where(IsOfTeam)];
        var rows = await db.ReadAsync(
            HoldersSql,
            row => (Role: row.Text("role"), Count: row.Bigint("holders"),
                Holder: new Holder(row.Text("name"), row.Text("email"), row.Bool("is_service"))),
            [roles, ofTeam, account, person, await AboveAsync(person, ct), clock.Today(), MostNames], ct);
        var holders = rows.ToLookup(row => row.Role);
        return
        [
            .. roles.Select(role => new MaySee(
                role, ofTeam.Contains(role), [.. opened[role].Select(p => new Opening(p.Name, p.Opens, p.ShowsPay,
                    p.Writes))],
                [.. holders[role].Select(row => row.Holder)], holders[role].Select(row => row.Count).FirstOrDefault())),
        ];
    }

    /// <summary>Who looked within the last <see cref="LastDays"/> days, as far as it is written: what nodes counted
    /// is within a minute. What is written while somebody turns pages is on the first page alone.</summary>
    /// <param name="person">At whose figures.</param>
    /// <param name="after">What the page before gave as <see cref="Page.Next"/>; null: the first.</param>
    /// <param name="most">How many at most.</param>
    /// <param name="ct">Stops it.</param>
    /// <returns>Refused where no page gave <paramref name="after"/>.</returns>
    public async Task<Result<Page>> LooksAsync(Guid person, string? after, int most, CancellationToken ct)
    {
        var now = clock.UtcMicros();
        var start = new Position(now, now.AddTicks(TimeSpan.TicksPerMicrosecond), Guid.Empty);
        if (after is not null && !Position.TryParse(after, now, out start))
            return IdentityRefusals.PageInvalid.With(
                $"'{Wording.Shortened(after)}' is not what a page gave as 'next'.");
        var found = await db.ReadAsync(
            LooksSql, row => (Look: Of(row), Tie: Guid.Parse(row.Text("tie"))),
            [
                person, start.AsOf.AddDays(-LastDays), start.AsOf, ReachingAll, start.Before, $"{start.Tie}",
                most + 1,
            ], ct);
        IReadOnlyList<Look> looks = [.. found.Take(most).Select(row => row.Look)];
        if (found.Count <= most) return new Page(looks, null);
        var next = start with { Before = looks[^1].LastAt.UtcDateTime, Tie = found[most - 1].Tie };
        return new Page(looks, $"{next}");
    }

    // Nobody has a role that sees everybody's of one kind and a team's of another: PermissionTableTests.
    private static bool IsOfTeam(string role) => OpenedBy(role, false).All(p => p.In(role) == Reach.Team);

    private static List<PermissionLine> OpenedBy(string role, bool isGroupsOnly) =>
    [
        .. Permissions.All.Where(p => p.TellsOfOthers && p.In(role) > Reach.Own && !(isGroupsOnly && p.ShowsUse)),
    ];

    private static string[] ReachingAll =>
    [
        .. from p in Permissions.All
           from role in p.Roles
           where p.In(role) == Reach.Everyone
           select $"{p.Name} {role}",
    ];

    private async Task<Guid[]> AboveAsync(Guid? person, CancellationToken ct) => person is not { } id
        ? [] : [.. (await people.AboveTodayAsync(new PersonId(id), ct)).Select(above => above.Value)];

    private static Look Of(Row row) => new(
        row.Text("name"), row.Text("who"), row.Text("endpoint"),
        Permissions.Find(row.Text("permission"))?.Opens ?? "Several things within a minute.", row.Bool("of_all"),
        row.Bigint("times"), row.Instant("last_at"));

    // The time of the first page, so that the others are of the same looks; and the last one of the page before.
    private readonly record struct Position(DateTime AsOf, DateTime Before, Guid Tie)
    {
        public static bool TryParse(string text, DateTime now, out Position position)
        {
            position = default;
            if (text.Split('-') is not [var asOf, var before, var tie] || !Guid.TryParseExact(tie, "N", out var id)
                || Instant(asOf) is not { } first || Instant(before) is not { } last || first > now + ClocksDiffer
                || last > first) return false;
            position = new(first, last, id);
            return true;
        }

        public override string ToString() =>
            string.Create(CultureInfo.InvariantCulture, $"{Micros(AsOf)}-{Micros(Before)}-{Tie:N}");

        private static long Micros(DateTime at) => (at - DateTime.UnixEpoch).Ticks / TimeSpan.TicksPerMicrosecond;

        private static DateTime? Instant(string text) =>
            long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var micros)
            && micros < (DateTime.MaxValue - DateTime.UnixEpoch).Ticks / TimeSpan.TicksPerMicrosecond
                ? DateTime.UnixEpoch.AddTicks(micros * TimeSpan.TicksPerMicrosecond) : null;
    }
}
