using Guerdon.Kernel;
using Guerdon.Privacy;
using Guerdon.Storage;
using Npgsql;

namespace Guerdon.Metering.Rollups;

/// <summary>What people used in a calendar month, as sums that may be shown in works-council mode: all of it, and by
/// team and model as far as no group is small (<see cref="Groups"/>). A month that is over and a day old, and no other
/// span: of two spans that differ by a day somebody could take one from the other.</summary>
/// <param name="First">First day (UTC).</param>
/// <param name="Last">Last day.</param>
/// <param name="Whole">Null: fewer than five people used something, or one of them nearly all.</param>
/// <param name="Teams">Those that are shown, by name, as they were on the last day.</param>
/// <param name="Models">Those that are shown, by name.</param>
/// <param name="Hidden">How many teams and models are not.</param>
public sealed record GroupUse(
    DateOnly First, DateOnly Last, GroupUse.Sum? Whole, IReadOnlyList<GroupUse.Part> Teams,
    IReadOnlyList<GroupUse.Part> Models, int Hidden)
{
    private const string Team = "team", Model = "model";
    private const int MonthsBack = 12; // that members of teams are compared with

    private static readonly string SharesSql = Sql.Read("Metering/Rollups/GroupUse.sql");
    private static readonly string MembersSql = Sql.Read("Metering/Rollups/TeamMembers.sql");

    /// <param name="People">Who used something.</param>
    /// <param name="Requests">How often.</param>
    /// <param name="Input">Tokens.</param>
    /// <param name="Output">Tokens.</param>
    /// <param name="CostNanos">Nano-USD.</param>
    /// <param name="ChargedMilli">Milli-tokens.</param>
    public sealed record Sum(
        long People, long Requests, long Input, long Output, long CostNanos, long ChargedMilli);

    /// <summary>A team or a model.</summary>
    public sealed record Part(string Name, Sum Sum);

    private sealed record Used(Guid Person, bool IsBot, string Team, string Model, long[] Amounts)
    {
        public bool IsIn(Cell cell) => cell.Kind switch
        {
            GroupUse.Team => Team == cell.Name,
            GroupUse.Model => Model == cell.Name,
            _ => true,
        };
    }

    /// <summary>The month with a day, or the newest that may be shown.</summary>
    public static (DateOnly First, DateOnly Last) MonthOf(DateOnly day, DateOnly today)
    {
        var newest = new DateOnly(today.Year, today.Month, 1).AddMonths(today.Day > 1 ? -1 : -2);
        var asked = new DateOnly(day.Year, day.Month, 1);
        var first = asked < newest ? asked : newest;
        return (first, first.AddMonths(1).AddDays(-1));
    }

    /// <param name="db">Read only.</param>
    /// <param name="day">Any of the month; where that may not be shown yet, the newest that may.</param>
    /// <param name="today">Which day it is.</param>
    /// <param name="ct">Stops it.</param>
    public static async Task<GroupUse> ReadAsync(
        NpgsqlDataSource db, DateOnly day, DateOnly today, CancellationToken ct)
    {
        var (first, last) = MonthOf(day, today);
        await using var connection = await db.OpenConnectionAsync(ct);
        var used = await connection.ReadAsync(SharesSql, UsedOf, [first, last], ct);
        var changed = Groups.Changed(await MembersAsync(connection, first, ct));
        var shown = Groups.Shown(
            used.Where(one => !one.IsBot).Select(one => new Share(
                one.Person, [new(Team, one.Team), new(Model, one.Model)], one.Amounts)), changed);
        var parts = used.SelectMany(one => (Cell[])[new(Team, one.Team), new(Model, one.Model)]).Distinct().ToList();
        return new(
            first, last, shown.Contains(Cell.Whole) ? SumOf(Cell.Whole) : null, PartsOf(Team), PartsOf(Model),
            parts.Count(cell => !shown.Contains(cell)));

        // What programs used is nobody's: it is added, and does not count as a person.
        Sum SumOf(Cell cell)
        {
            var all = used.Where(one => one.IsIn(cell)).ToList();
            long Of(int figure) => all.Sum(one => one.Amounts[figure]);
            return new(
                all.Where(one => !one.IsBot).Select(one => one.Person).Distinct().Count(), Of(0), Of(1), Of(2), Of(3),
                Of(4));
        }

        IReadOnlyList<Part> PartsOf(string kind) =>
        [
            .. shown.Where(cell => cell.Kind == kind).OrderBy(cell => cell.Name, StringComparer.Ordinal)
                .Select(cell => new Part(cell.Name, SumOf(cell))),
        ];
    }

    private static async Task<IReadOnlyList<IReadOnlyDictionary<Cell, IReadOnlySet<Guid>>>> MembersAsync(
        NpgsqlConnection connection, DateOnly month, CancellationToken ct)
    {
        var members = await connection.ReadAsync(
            MembersSql, row => (Last: row.Date("last"), Team: row.Text("team"), Person: row.Uuid("person_id")),
            [month.AddMonths(-MonthsBack), month], ct);
        return
        [
            .. members.GroupBy(one => one.Last).OrderBy(period => period.Key)
                .Select(period => period.GroupBy(one => one.Team).ToDictionary(
                    team => new Cell(Team, team.Key),
                    team => (IReadOnlySet<Guid>)team.Select(one => one.Person).ToHashSet())),
        ];
    }

    private static Used UsedOf(Row row) => new(
        row.Uuid("person_id"), row.Bool("is_bot"), row.Text("team"), row.Text("model"),
        [
            row.Bigint("requests"), row.Bigint("input"), row.Bigint("output"), row.Bigint("cost_nanos"),
            row.Bigint("charged_milli"),
        ]);
}
