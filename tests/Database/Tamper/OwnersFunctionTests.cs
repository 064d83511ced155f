using Dapper;
using Guerdon.Database.Grants;
using Guerdon.Ledger.Audit;
using Guerdon.Tests;
using Npgsql;

namespace Guerdon.Database.Tamper;

/// <summary>
/// What runs with the owner's rights, called by the application's own role with whatever it likes: it does what Guerdon
/// asks of it, and nothing more.
/// </summary>
public sealed class OwnersFunctionTests(TamperCompany company) : IClassFixture<TamperCompany>
{
    private const string Sealed = "ST002";

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    // The company is sealed through 21 November 2026.
    [Theory]
    [InlineData("'9999-12-31'")]
    [InlineData("'infinity'")]
    [InlineData("'-infinity'")]
    [InlineData("'0044-03-15 BC'")]
    [InlineData("(now() at time zone 'UTC')::date")]
    [InlineData("(now() at time zone 'UTC')::date + 1")]
    [InlineData("'2026-11-20'")]
    [InlineData("'2026-11-21'")]
    [InlineData("'2026-11-23'")] // it has ended, but is not the next
    [InlineData("null")]
    public async Task SealChanges_OfADayThatIsNotTheNext_IsRefusedAndSealingGoesOn(string day)
    {
        await using var copy = await company.CopyAsync();
        await using (var ours = await copy.Db.OpenConnectionAsync(Ct))
        {
            await AssertRefusedAsync(ours, $"select kernel.seal_changes(({day})::date)", Sealed);
            await ours.ExecuteAsync("insert into people.team (team_id, path) values (gen_random_uuid(), 'Sales')");
        }

        Assert.Equal(1, await SealAsync(copy, 23));
        Assert.Empty(await TamperCompany.FindAsync(copy.Db, company.Saved()));
    }

    [Fact]
    public async Task SealChanges_OfADatabaseThatHasNoSeal_IsOfItsFirstDayAlone()
    {
        await using var copy = await TestDatabase.CreateAsync();
        await using var owner = await copy.OwnerDb.OpenConnectionAsync(Ct);
        await owner.ExecuteAsync("update kernel.change set at = now() - interval '3 days'");
        await using var ours = await copy.Db.OpenConnectionAsync(Ct);
        foreach (var days in (int[])[-4, -2, -1, 0, 1])
            await AssertRefusedAsync(
                ours, $"select kernel.seal_changes((now() at time zone 'UTC')::date + {days})", Sealed);
        Assert.Equal(3, await Seals.SealAsync(copy.Db, TimeProvider.System, TimeSpan.Zero, Ct));
    }

    [Fact]
    public async Task SealChanges_ByHandForTheNextDay_IsFoundAndTheDaysSealFollows()
    {
        await using var copy = await company.CopyAsync();
        await using var ours = await copy.Db.OpenConnectionAsync(Ct);
        await ours.ExecuteAsync("insert into people.team (team_id, path) values (gen_random_uuid(), 'Sales')");
        for (var times = 0; times < 2; times++) await ours.ExecuteAsync("select kernel.seal_changes('2026-11-22')");
        await ours.ExecuteAsync("insert into people.team (team_id, path) values (gen_random_uuid(), 'Legal')");
        Assert.Contains(await TamperCompany.FindAsync(copy.Db), f => f.StartsWith(
            "ledger.seal (day=2026-11-22): it is gone", StringComparison.Ordinal));

        Assert.Equal(2, await SealAsync(copy, 24));
        Assert.Empty(await TamperCompany.FindAsync(copy.Db, company.Saved()));
    }

    [Theory]
    [InlineData("9999-12-31")]
    [InlineData("2026-11-22")]
    [InlineData("2026-11-20")]
    public async Task Seal_OfADayOfWhichNothingIsNoted_CannotBeWritten(string day)
    {
        await using var copy = await company.CopyAsync();
        await using (var ours = await copy.Db.OpenConnectionAsync(Ct))
            await AssertRefusedAsync(ours, $"""
                insert into ledger.seal (day, wallets, entries, root, sealed_at)
                values ('{day}', 0, 0, sha256(''), now())
                """, Sealed);
        Assert.Equal(1, await SealAsync(copy, 23));
        Assert.Empty(await TamperCompany.FindAsync(copy.Db, company.Saved()));
    }

    [Theory]
    [InlineData("'1999-12-31'")]
    [InlineData("'infinity'")]
    [InlineData("'-infinity'")]
    [InlineData("'5874897-12-31'")]
    [InlineData("'0044-03-15 BC'")]
    [InlineData("now() + interval '121 months'")]
    [InlineData("null")]
    public async Task EnsureMonth_OfAMonthThatNothingIsBookedIn_MakesNoPartition(string month)
    {
        await using var copy = await company.CopyAsync();
        await using var ours = await copy.Db.OpenConnectionAsync(Ct);
        var before = await PartitionsAsync(ours);
        await AssertRefusedAsync(
            ours, $"select metering.ensure_month(({month})::date)", PostgresErrorCodes.InvalidParameterValue);
        Assert.Equal(before, await PartitionsAsync(ours));
        await ours.ExecuteAsync("select metering.ensure_month('2000-01-01')");
        Assert.Equal(before + 2, await PartitionsAsync(ours));
    }

    [Theory]
    [InlineData("kernel.log_change('id', '', '')")]
    [InlineData("kernel.log_batch('id')")]
    public async Task LinesOfKernelChange_FromATableOfOnesOwn_CannotBeWritten(string function)
    {
        await using var copy = await company.CopyAsync();
        await using var ours = await copy.Db.OpenConnectionAsync(Ct);
        await ours.ExecuteAsync("create temp table mine (id uuid primary key, digest bytea)");
        await AssertRefusedAsync(ours, $"""
            create trigger mine after insert on mine referencing new table as written
            for each statement execute function {function}
            """, PostgresErrorCodes.InsufficientPrivilege);
    }

    // A type of the session's own with the name of one of PostgreSQL's: what its check calls must not run as the owner.
    [Theory]
    [InlineData("insert into people.team (team_id, path) values (gen_random_uuid(), 'Sales')")]
    [InlineData("select metering.ensure_month((now() + interval '6 months')::date)")]
    [InlineData("select kernel.seal_changes('2026-11-22')")]
    public async Task TypesOfTheSessionsOwn_AreNotUsedWithTheOwnersRights(string statement)
    {
        await using var copy = await company.CopyAsync();
        await using var ours = await copy.Db.OpenConnectionAsync(Ct);
        await ours.ExecuteAsync("""
            create function pg_temp.spy() returns boolean language plpgsql
                as 'begin
                        if current_user <> session_user then raise exception ''it ran as %'', current_user; end if;
                        return true;
                    end';
            create domain pg_temp.text as pg_catalog.text check (pg_temp.spy());
            create domain pg_temp.date as pg_catalog.date check (pg_temp.spy());
            create domain pg_temp.bytea as pg_catalog.bytea check (pg_temp.spy());
            """);
        await ours.ExecuteAsync(statement);
    }

    [Fact]
    public async Task Functions_WithTheOwnersRights_AreTheseAndLookNowhereElse()
    {
        await using var copy = await company.CopyAsync();
        await using var ours = await copy.Db.OpenConnectionAsync(Ct);
        var all = (await ours.QueryAsync<(string Name, bool IsTrigger, bool MayMake, string Path)>("""
            select oid::regprocedure::text, prorettype = 'trigger'::regtype, has_function_privilege(oid, 'execute'),
                   coalesce((select c from unnest(proconfig) c where c like 'search_path=%'), '')
              from pg_proc where prosecdef order by 1
            """)).ToList();
        Assert.All(all, f => Assert.Equal("search_path=pg_catalog, pg_temp", f.Path));
        Assert.All(all, f => Assert.NotEqual(f.IsTrigger, f.MayMake)); // a new one's arguments are tested above
        Assert.Equal(["kernel.log_batch()", "kernel.log_change()", "kernel.seal_changes(date)",
            "metering.ensure_month(date)"], all.Select(f => f.Name));
    }

    [Theory]
    [InlineData("alter function kernel.log_change() security invoker", "kernel.log_change")]
    [InlineData("alter function metering.ensure_month(date) set search_path = public", "metering.ensure_month")]
    [InlineData("alter function kernel.guard_row() set guerdon.writes = 'on'", "kernel.guard_row")]
    public async Task Verify_FunctionThatRunsOtherwise_IsFound(string change, string function)
    {
        await using var copy = await company.CopyAsync();
        await using var owner = await copy.OpenOutsideAsync();
        await owner.ExecuteAsync(change);
        Assert.Contains(await TamperCompany.FindAsync(copy.Db), f => f.StartsWith(
            $"pg_proc (function={function}): this function runs otherwise", StringComparison.Ordinal));
    }

    private static async Task AssertRefusedAsync(NpgsqlConnection ours, string sql, string state)
    {
        var refused = await Assert.ThrowsAsync<PostgresException>(() => ours.ExecuteAsync(sql));
        Assert.Equal(state, refused.SqlState);
    }

    private static Task<long> PartitionsAsync(NpgsqlConnection ours) => ours.ExecuteScalarAsync<long>(
        "select count(*) from pg_inherits join pg_class on oid = inhrelid and relkind = 'r' "
        + "where inhparent::regclass::text like 'metering.%'");

    private static Task<int> SealAsync(TestDatabase copy, int day) => Seals.SealAsync(
        copy.Db, new TurnedClock { Now = new(2026, 11, day, 1, 0, 0, TimeSpan.Zero) }, TimeSpan.FromMinutes(10), Ct);
}
