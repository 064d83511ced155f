using System.Runtime.CompilerServices;
using Guerdon.Kernel;
using Guerdon.Ledger.Transfers;
using Npgsql;

namespace Guerdon.Ledger.Audit;

/// <summary>
/// Recomputes the seals from the entries and from <c>kernel.change</c>, and compares them with what was saved outside:
/// <list type="number">
/// <item>every seal, after the one before it;</item>
/// <item>what its tables say;</item>
/// <item>that none is missing, at the beginning, between or at the end;</item>
/// <item>that each that was saved is still the seal of its day.</item>
/// </list>
/// </summary>
internal static class SealVerify
{
    // The longest Ledger:SealAfter plus the sealing job's own five minutes, with some to
    // spare: only later is a seal missing.
    private static readonly TimeSpan Grace = TimeSpan.FromHours(12) + TimeSpan.FromMinutes(10);

    private const string StrayDaysSql = """
        select distinct c.sealed_on from kernel.change c
         where c.sealed_on is not null and not exists (select from ledger.seal s where s.day = c.sealed_on)
         order by 1
        """;

    private const string TablesSql = "select table_name, rows, changes, root from ledger.seal_table where day = $1";

    private const string RanUntilSql = """
        select max(least(lease_until, now())) as until from gateway.v_node
         where lease_until > greatest(started_at, $1) + interval '10 minutes'
        """;

    public static async IAsyncEnumerable<Finding> RunAsync(
        NpgsqlConnection connection, VerifyOptions options, [EnumeratorCancellation] CancellationToken ct)
    {
        var seals = await Seals.ListAsync(connection, ct);
        var expected = await Seals.DayAsync(connection, Seals.FirstDaySql, ct);
        var (previous, tables, kept) = (ChainHash.Genesis, new SealTables(), new Dictionary<DateOnly, SavedSeal>());
        foreach (var seal in seals)
        {
            if (expected is { } due && seal.Day != due)
                yield return new("ledger.seal", Name(seal.Day), $"the seal of {due:yyyy-MM-dd} is missing before it");

            var changes = seal.Form > 1 ? await tables.AddDayAsync(connection, seal.Day, ct) : 0;
            var computed = await Seals.ComputeAsync(connection, seal with { Changes = changes }, previous, tables, ct);
            if (computed.Saved != seal.Saved || computed.Wallets != seal.Wallets)
                yield return new("ledger.seal", Name(seal.Day), $"it does not match the day's {computed.Entries} "
                    + $"entries in {computed.Wallets} wallets and {changes} changes of guarded tables");
            else kept[seal.Day] = seal.Saved;
            if (await TablesProblemAsync(connection, seal, tables, ct) is { } problem)
                yield return new("ledger.seal_table", Name(seal.Day), problem);
            previous = seal.Root;
            expected = seal.Day.AddDays(1);
        }

        foreach (var day in await AuditReads.ReadAsync(connection, StrayDaysSql, row => row.Date("sealed_on"), [], ct))
            yield return new("ledger.seal", Name(day), "it is gone: kernel.change says what it sealed");
        if (expected is { } next && await MissingAsync(connection, options, next, ct) is { } missing)
            yield return missing;

        options.Newest = seals.LastOrDefault()?.Saved;
        foreach (var finding in Compare(options, seals, kept)) yield return finding;
    }

    private static async Task<string?> TablesProblemAsync(
        NpgsqlConnection connection, Seal seal, SealTables tables, CancellationToken ct)
    {
        var stored = (await AuditReads.ReadAsync(connection, TablesSql, SealTable.Of, [seal.Day], ct))
            .ConvertAll(Comparable);
        var computed = seal.Form == 1 ? [] : tables.All.Select(Comparable).ToList();
        var odd = stored.Except(computed).Concat(computed.Except(stored)).Select(t => t.Name).Distinct().ToList();
        return odd.Count == 0 ? null : $"it does not match the changes of {string.Join(", ", odd)}";
    }

    private static (string Name, long Rows, long Changes, string Root) Comparable(SealTable table) =>
        (table.Name, table.Rows, table.Changes, Convert.ToHexString(table.Root));

    // A day without a seal because nothing ran is no fault; a server seals such days when it starts.
    private static async Task<Finding?> MissingAsync(
        NpgsqlConnection connection, VerifyOptions options, DateOnly next, CancellationToken ct)
    {
        var due = next.AddDays(1).ToDateTime(default, DateTimeKind.Utc) + Grace;
        if (options.Clock.GetUtcNow().UtcDateTime <= due) return null;
        var ran = await AuditReads.ReadAsync(connection, RanUntilSql, row => row.Get<DateTime?>("until"), [due], ct);
        if (ran is [{ } until])
            return new("ledger.seal", Name(next),
                $"it is missing, although a server ran until {GuardedRows.Instant(until)}: it was removed, or sealing "
                + "fails");
        options.Notes.Add($"The days from {next:yyyy-MM-dd} on are not sealed: no server has run since. "
            + "They are sealed when one starts.");
        return null;
    }

    private static IEnumerable<Finding> Compare(
        VerifyOptions options, List<Seal> seals, Dictionary<DateOnly, SavedSeal> kept)
    {
        var roots = kept.Values.ToDictionary(s => s.Root, s => s);
        var stored = seals.ToDictionary(s => s.Day, s => s.Saved);
        foreach (var saved in options.Saved)
        {
            if (roots.TryGetValue(saved.Root, out var same)
                && (saved.Day is null || saved with { Root = same.Root } == same))
            {
                if (same.Day > (options.SavedThrough ?? DateOnly.MinValue)) options.SavedThrough = same.Day;
                continue;
            }

            var name = saved.Day is { } day ? Name(day) : $"root={saved.Root}";
            yield return new("ledger.seal", name, saved.Day is null
                ? "no day has the seal that was saved outside: what it covered was changed, or seals were removed"
                : !stored.TryGetValue(saved.Day.Value, out var now)
                    ? "it was saved outside and is gone from the database"
                    : $"it is not the one that was saved outside, with {saved.Entries} entries and {saved.Changes} "
                        + $"changes; it now has {now.Entries} and {now.Changes}: what it covers was changed");
        }
    }

    private static string Name(DateOnly day) => $"day={day:yyyy-MM-dd}";
}
