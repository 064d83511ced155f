using Dapper;
using Guerdon.Database.Grants;
using Guerdon.Ledger.Audit;
using Guerdon.Tests;
using Npgsql;

namespace Guerdon.Database.Tamper;

/// <summary>The tamper table: who edits what, and that it is found.</summary>
public sealed class TamperTests(TamperCompany company) : IClassFixture<TamperCompany>
{
    private const string Weakened = "create or replace function kernel.guard_row() returns trigger language plpgsql "
        + "as 'begin return new; end'";
    private const string PastTriggers = "set session_replication_role = replica"; // a superuser's way past all of them

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    private static void FoundIn(IReadOnlyList<string> findings, string table, string what = "") =>
        Assert.True(findings.Any(f => f.StartsWith(table + " (", StringComparison.Ordinal)
            && f.Contains(what, StringComparison.Ordinal)), $"{table} {what}: [{string.Join("; ", findings)}]");

    // The statements that change one column of one row, the first that the table's constraints let pass.
    private static async Task<bool> ChangeAsync(
        NpgsqlConnection connection, GuardedTable table, Func<string, bool> isWanted)
    {
        var columns = (await connection.QueryAsync<(string Name, string Type)>("""
            select attname::text, format_type(atttypid, null) from pg_attribute
             where attrelid = @name::regclass and attnum > 0 and not attisdropped
            """, new { name = table.Name })).Where(c => isWanted(c.Name) && !table.Key.Contains(c.Name));
        foreach (var (name, type) in columns)
        {
            var value = type switch
            {
                "bigint" or "integer" or "smallint" => $"coalesce(\"{name}\", 0) + 1",
                "text" => $"coalesce(\"{name}\", '') || 'x'",
                "boolean" => $"not coalesce(\"{name}\", false)",
                "date" => $"coalesce(\"{name}\", current_date) + 1",
                "timestamp with time zone" => $"coalesce(\"{name}\", now()) + interval '1 second'",
                "uuid" => "gen_random_uuid()",
                _ => null,
            };
            if (value is null) continue;
            try
            {
                var changed = await connection.ExecuteAsync($"""
                    update {table.Name} set "{name}" = {value}
                     where ctid = (select min(ctid) from {table.Name} where "{name}" is not null)
                    """);
                if (changed == 1) return true;
            }
            catch (PostgresException e) when (e.SqlState.StartsWith("23", StringComparison.Ordinal))
            {
                // The next column, then.
            }
        }

        return false;
    }

    [Fact]
    public async Task Verify_UntouchedCompany_FindsNothingWithTheSavedSealAndWithout()
    {
        await using var copy = await company.CopyAsync();
        Assert.Empty(await TamperCompany.FindAsync(copy.Db));
        var options = company.Saved();
        Assert.Empty(await TamperCompany.FindAsync(copy.Db, options));
        Assert.Equal(new DateOnly(2026, 11, 21), options.SavedThrough);
    }

    [Theory]
    [InlineData("")]
    [InlineData(PastTriggers)]
    public async Task Verify_ColumnOfEveryGuardedTableChangedWithPsql_NamesEach(string first)
    {
        await using var copy = await company.CopyAsync();
        await using var outside = await copy.OpenOutsideAsync();
        if (first.Length > 0) await outside.ExecuteAsync(first);
        var changed = new List<string>();
        foreach (var table in await TamperCompany.FilledAsync(outside))
            if (await ChangeAsync(outside, table, c => c != "digest")) changed.Add(table.Name);

        Assert.InRange(changed.Count, 12, 100);
        var findings = await TamperCompany.FindAsync(copy.Db);
        foreach (var table in changed) FoundIn(findings, table);
    }

    [Fact]
    public async Task Verify_RowOfEveryGuardedTableRemoved_NamesEach()
    {
        await using var copy = await company.CopyAsync();
        await using var outside = await copy.OpenOutsideAsync();
        var filled = await TamperCompany.FilledAsync(outside);
        await outside.ExecuteAsync(PastTriggers);
        foreach (var table in filled)
            Assert.Equal(1, await outside.ExecuteAsync(
                $"delete from {table.Name} where ctid = (select min(ctid) from {table.Name})"));

        var findings = await TamperCompany.FindAsync(copy.Db);
        foreach (var table in filled) FoundIn(findings, table.Name, "it is gone");
    }

    [Fact]
    public async Task Verify_EveryGuardedTableEmptied_NamesEach()
    {
        await using var copy = await company.CopyAsync();
        await using var outside = await copy.OpenOutsideAsync();
        var filled = await TamperCompany.FilledAsync(outside);
        await outside.ExecuteAsync(PastTriggers);
        foreach (var table in filled) await outside.ExecuteAsync($"truncate {table.Name} cascade");

        var findings = await TamperCompany.FindAsync(copy.Db);
        foreach (var table in filled) FoundIn(findings, table.Name, "it is gone");
    }

    [Fact]
    public async Task Verify_OldVersionWithItsOldDigestPutBack_NamesEach()
    {
        await using var copy = await company.CopyAsync();
        await using var outside = await copy.OpenOutsideAsync();
        await using var ours = await copy.OwnerDb.OpenConnectionAsync(Ct);
        var replayed = new List<string>();
        foreach (var table in (await TamperCompany.FilledAsync(outside)).Where(t => t.Changing.Count > 0))
        {
            await outside.ExecuteAsync($"create table public.old as select * from {table.Name}");
            if (await ChangeAsync(ours, table, table.Changing.Contains))
            {
                replayed.Add(table.Name);
                await outside.ExecuteAsync($"""
                    {PastTriggers}; delete from {table.Name};
                    insert into {table.Name} select * from public.old; reset all
                    """);
            }

            await outside.ExecuteAsync("drop table public.old");
        }

        Assert.InRange(replayed.Count, 3, 100);
        var findings = await TamperCompany.FindAsync(copy.Db);
        foreach (var table in replayed) FoundIn(findings, table, "another version was put in its place");
    }

    [Theory]
    [InlineData("update compensation.grant_line set amount_milli = amount_milli * 2", "compensation.grant_line",
        "line=")]
    [InlineData("update compensation.grant_line set explanation = 'x'", "compensation.grant_line", "line=")]
    [InlineData("update compensation.grant_line set key = 'x' || line", "compensation.grant_line", "line=")]
    [InlineData("update compensation.grant_line set live = false", "compensation.grant_line", "line=")]
    [InlineData("update compensation.grant_line set person_id = gen_random_uuid()", "compensation.grant_line", "line=")]
    [InlineData("update compensation.grant_line set rehearsal = true where line = 2 and not rehearsal",
        "compensation.grant_line", "chunk=")]
    [InlineData("delete from compensation.grant_line where line = 1", "compensation.grant_line", "chunk=")]
    [InlineData("truncate compensation.grant_line", "compensation.grant_line", "chunk=")]
    [InlineData("delete from metering.request where charged_milli = 0", "metering.request", "it is gone")]
    [InlineData("truncate metering.request", "metering.request", "it is gone")]
    [InlineData("update metering.request set digest = sha256('x')", "metering.request", "request_id=")]
    [InlineData("truncate metering.opening_group", "metering.opening", "never opened")]
    [InlineData("truncate ledger.entry", "ledger.wallet", "entries")]
    [InlineData("truncate ledger.position", "ledger.position", "missing")]
    [InlineData("truncate metering.day_total", "metering.day_total", "")]
    [InlineData(PastTriggers + "; delete from compensation.receipt_content", "compensation.receipt_content",
        "it is gone")]
    [InlineData("truncate kernel.change", "pricing.price", "added outside")]
    [InlineData("delete from kernel.change where table_name = 'pricing.price'", "pricing.price", "added outside")]
    [InlineData("delete from ledger.seal_table where day = (select max(day) from ledger.seal_table)",
        "ledger.seal_table", "does not match")]
    [InlineData("truncate ledger.seal_table, ledger.seal", "ledger.seal", "it is gone")]
    [InlineData("delete from ledger.seal_table; delete from ledger.seal where day = (select max(day) from ledger.seal)",
        "ledger.seal", "it is gone")]
    public async Task Verify_EditWithPsql_IsFoundWithoutASeal(string edit, string table, string what)
    {
        await using var copy = await company.CopyAsync();
        await using var outside = await copy.OpenOutsideAsync();
        await outside.ExecuteAsync(edit);
        FoundIn(await TamperCompany.FindAsync(copy.Db), table, what);
    }

    [Theory]
    [InlineData("drop trigger zzz_guard_row on pricing.price", "pricing.price", "zzz_guard_row of this table is gone")]
    [InlineData("drop trigger zzz_log_update on people.person", "people.person", "zzz_log_update of this table")]
    [InlineData("alter table pricing.price disable trigger user", "pricing.price", "switched off")]
    [InlineData("alter table pricing.price enable replica trigger zzz_guard_row", "pricing.price", "switched off")]
    [InlineData("drop trigger zzz_guard_row on pricing.price; create trigger zzz_guard_row before insert on "
        + "pricing.price for each row execute function kernel.guard_row('')", "pricing.price", "is another one")]
    [InlineData(Weakened, "pg_proc", "kernel.guard_row")]
    [InlineData("create or replace function ledger.expect_open(day date) returns void language sql as ''", "pg_proc",
        "ledger.expect_open")]
    [InlineData("create function ledger.mine() returns int language sql as 'select 1'", "pg_proc", "not Guerdon's")]
    [InlineData("create trigger mine after insert on pricing.price for each row execute function kernel.guard_row()",
        "pricing.price", "a trigger mine that is not Guerdon's")]
    [InlineData("drop table compensation.pay_line cascade", "compensation.pay_line", "this table is gone")]
    [InlineData("drop table kernel.change cascade", "kernel.change", "this table is gone")]
    [InlineData("drop view kernel.v_change", "pg_views", "kernel.v_change")]
    [InlineData("create or replace view kernel.v_change as select seq, at, table_name, row_key, op, digest, breaks, "
        + "role, program, sealed_on, act_id from kernel.change where false", "pg_views", "kernel.v_change")]
    [InlineData("alter table compensation.grant_line add column bonus bigint", "compensation.grant_line", "'bonus ")]
    [InlineData("alter table pricing.price add column extra int", "pricing.price", "'extra integer'")]
    [InlineData("alter table ledger.seal drop column changes cascade", "ledger.seal", "'changes bigint' is gone")]
    [InlineData("drop index compensation.grant_line_once", "pg_constraint", "grant_line_once")]
    [InlineData("alter table ledger.position drop constraint position_check", "pg_constraint", "position_check")]
    [InlineData("create table ledger.mine (id int)", "ledger.mine", "not Guerdon's")]
    [InlineData("create or replace view ledger.v_escrow as select wallet_id, holder, asset, 0::bigint as amount_milli "
        + "from ledger.position", "pg_views", "ledger.v_escrow")]
    [InlineData("create rule mine as on insert to compensation.notice do instead nothing", "compensation.notice",
        "rule mine")]
    [InlineData("alter table people.person enable row level security", "people.person", "row security")]
    public async Task Verify_DatabaseChangedByItsOwner_IsFoundAndNamed(string change, string table, string what)
    {
        await using var copy = await company.CopyAsync();
        await using var owner = await copy.OwnerDb.OpenConnectionAsync(Ct);
        await owner.ExecuteAsync(change);
        FoundIn(await TamperCompany.FindAsync(copy.Db), table, what);
    }

    [Fact]
    public async Task Verify_GuardDroppedAndARowChanged_NamesGuardAndRow()
    {
        await using var copy = await company.CopyAsync();
        await using var owner = await copy.OwnerDb.OpenConnectionAsync(Ct);
        await owner.ExecuteAsync("""
            drop trigger zzz_guard_row on people.person; update people.person set total_pay_cents = total_pay_cents * 2
            """);
        var findings = await TamperCompany.FindAsync(copy.Db);
        FoundIn(findings, "people.person", "zzz_guard_row of this table is gone");
        FoundIn(findings, "people.person", "changed outside Guerdon");
    }

    [Theory]
    [InlineData("update compensation.pay_line set amount = amount * 10")]
    [InlineData("update pricing.price set input_rate = 0")]
    [InlineData("update compensation.grant_chunk set asset = 2")]
    [InlineData("update compensation.grant_line set amount_milli = amount_milli * 2")]
    [InlineData("truncate compensation.grant_line")]
    [InlineData("update gateway.wallet_stop set cost_milli = 0")]
    [InlineData("delete from host.demo_account")]
    [InlineData("update ledger.entry set amount_milli = 1")]
    [InlineData("update metering.request set charged_milli = 0")]
    [InlineData("delete from compensation.pay_line")]
    [InlineData("delete from ledger.entry")]
    [InlineData("delete from ledger.seal")]
    [InlineData("update ledger.seal set root = sha256('x')")]
    [InlineData("update kernel.change set digest = null")]
    [InlineData("insert into kernel.change (table_name, row_key, op) values ('a', 'b', 'insert')")]
    [InlineData("delete from kernel.change")]
    [InlineData("truncate people.person")]
    [InlineData("drop trigger zzz_guard_row on pricing.price")]
    [InlineData("alter table pricing.price disable trigger user")]
    [InlineData(Weakened)]
    [InlineData("set session_replication_role = replica")]
    [InlineData("update host.migration set checksum = ''")]
    public async Task ApplicationsRole_WhatGuerdonNeverDoes_IsDenied(string edit)
    {
        await using var copy = await company.CopyAsync();
        await using var ours = await copy.Db.OpenConnectionAsync(Ct);
        var denied = await Assert.ThrowsAsync<PostgresException>(() => ours.ExecuteAsync(edit));
        Assert.Equal(PostgresErrorCodes.InsufficientPrivilege, denied.SqlState);
        Assert.Empty(await TamperCompany.FindAsync(copy.Db));
    }

    [Fact]
    public async Task Verify_ApplicationsRoleInPsqlWithTheSetting_NamesRowRoleAndProgram()
    {
        await using var copy = await company.CopyAsync();
        await using var ours = await copy.Db.OpenConnectionAsync(Ct);
        await ours.ExecuteAsync("""
            set application_name = 'psql'; update people.person set base_pay_cents = base_pay_cents * 2,
                total_pay_cents = total_pay_cents * 2
            """);
        FoundIn(await TamperCompany.FindAsync(copy.Db), "people.person", "by the role guerdon_app with 'psql'");
    }

    [Fact]
    public async Task Verify_ApplicationsRoleThatAcceptsItsOwnEdit_IsFound()
    {
        await using var copy = await company.CopyAsync();
        await using var ours = await copy.Db.OpenConnectionAsync(Ct);
        await ours.ExecuteAsync(
            "set guerdon.redigest = on; update people.person set total_pay_cents = total_pay_cents * 2");
        FoundIn(await TamperCompany.FindAsync(copy.Db), "people.person", "and not by Guerdon");
    }

    [Fact]
    public async Task Verify_OrdinaryUpdateAfterTheSavedSeal_IsNamedBesideIt()
    {
        await using var copy = await company.CopyAsync();
        await using var ours = await copy.Db.OpenConnectionAsync(Ct);
        await ours.ExecuteAsync("update people.person set total_pay_cents = total_pay_cents * 2");

        var options = company.Saved();
        Assert.Empty(await TamperCompany.FindAsync(copy.Db, options));
        Assert.Contains(options.Notes, n => n.Contains("rows of people.person: person_id=", StringComparison.Ordinal)
            && n.Contains("since the seal of 2026-11-21", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("pricing.price", "input_rate = input_rate + 1")]
    [InlineData("compensation.plan", "yaml = yaml || 'x'")]
    [InlineData("compensation.notice", "text = text || 'x'")]
    [InlineData("compensation.conversion_step", "reason = 'x'")]
    [InlineData("people.person", "total_pay_cents = total_pay_cents + 1")]
    [InlineData("compensation.grant_run", "prepared_by = 'x'")]
    public async Task Verify_OwnerWhoRewritesRowDigestLinesAndSeals_IsFoundByTheSavedSeal(string table, string change)
    {
        await using var copy = await company.CopyAsync();
        await using var owner = await copy.OwnerDb.OpenConnectionAsync(Ct);
        var guarded = SchemaText.Own.Guarded.Single(t => t.Name == table);
        var key = string.Join(" || ', ' || ", guarded.Key.Select(c => $"'{c}=' || r.{c}::text"));
        await owner.ExecuteAsync($"""
            alter table {table} disable trigger user;
            update {table} set {change};
            update {table} r set digest = kernel.row_digest(to_jsonb(r));
            alter table {table} enable trigger user;
            delete from kernel.change where table_name = '{table}';
            insert into kernel.change (table_name, row_key, op, digest)
            select '{table}', {key}, 'insert', r.digest from {table} r;
            """);
        await ResealAsync(copy, owner);

        Assert.DoesNotContain(await TamperCompany.FindAsync(copy.Db), // but costs, and what was approved
            f => !f.Contains("by its price row", StringComparison.Ordinal)
                && !f.Contains("it is not what was approved", StringComparison.Ordinal));
        FoundIn(await TamperCompany.FindAsync(copy.Db, company.Saved()), "ledger.seal", company.SavedRoot);
    }

    [Theory]
    [InlineData("select 1", false)] // the same root again: nothing was changed, so nothing is found
    [InlineData("delete from kernel.change where table_name = 'compensation.notice'", true)]
    public async Task Verify_OwnerWhoRemovesSealsAndSealsAgain_IsFoundWhereAnythingDiffers(string edit, bool isFound)
    {
        await using var copy = await company.CopyAsync();
        await using var owner = await copy.OwnerDb.OpenConnectionAsync(Ct);
        await owner.ExecuteAsync(edit);
        await owner.ExecuteAsync("""
            delete from ledger.seal_table; delete from ledger.seal; delete from kernel.change where op = 'seal';
            update kernel.change set sealed_on = null
            """);

        // Before anything is sealed again: a seal that was saved and is not there.
        FoundIn(await TamperCompany.FindAsync(copy.Db, company.Saved()), "ledger.seal", company.SavedRoot);
        if (!isFound) return;
        await TamperCompany.SealAsync(copy.OwnerDb);
        FoundIn(await TamperCompany.FindAsync(copy.Db, company.Saved()), "ledger.seal", company.SavedRoot);
    }

    [Fact]
    public async Task Verify_EditAcceptedByRedigest_IsNotedAndFoundAgainstTheSavedSeal()
    {
        await using var copy = await company.CopyAsync();
        await using (var outside = await copy.OpenOutsideAsync())
            await outside.ExecuteAsync("update compensation.notice set text = text || '!'");
        await using var owner = await copy.OwnerDb.OpenConnectionAsync(Ct);
        await owner.ExecuteAsync("select kernel.redigest('compensation.notice')");

        var options = new VerifyOptions();
        Assert.Empty(await TamperCompany.FindAsync(copy.Db, options));
        Assert.Contains(options.Notes, n => n.Contains("rows of compensation.notice were", StringComparison.Ordinal));
        FoundIn(await TamperCompany.FindAsync(copy.Db, company.Saved()), "compensation.notice",
            "since the seal that was saved");
    }

    [Fact]
    public async Task Verify_SavedFile_SaysWhichDayIsNotTheSame()
    {
        await using var copy = await company.CopyAsync();
        var text = SavedSeal.Write(await SavedSeals.ListAsync(copy.Db, Ct));
        var (saved, error) = SavedSeal.Read(text);
        Assert.Null(error);
        Assert.Empty(await TamperCompany.FindAsync(copy.Db, new() { Saved = saved! }));

        var other = saved!.Select(s => s with { Entries = s.Entries + 1 }).ToList();
        FoundIn(await TamperCompany.FindAsync(copy.Db, new() { Saved = other }), "ledger.seal", "day=2026-11-21");
    }

    [Fact]
    public async Task Verify_DaysWithoutSealWhileAServerRan_AreFoundAndWhileNoneRanAreNoted()
    {
        await using var copy = await company.CopyAsync();
        var clock = new TurnedClock { Now = new(2026, 11, 25, 0, 0, 0, TimeSpan.Zero) };
        var later = new VerifyOptions { Clock = clock };
        Assert.Empty(await TamperCompany.FindAsync(copy.Db, later));
        Assert.Contains(later.Notes, n => n.Contains("from 2026-11-22 on are not sealed", StringComparison.Ordinal));

        await using var ours = await copy.Db.OpenConnectionAsync(Ct);
        await ours.ExecuteAsync("""
            insert into gateway.node (holder, started_at, lease_until, oldest_open, reclaimed_at)
            values (gen_random_uuid(), '2026-11-20Z', '2026-11-23 13:00Z', '2026-11-20Z', '2026-11-23 13:00Z')
            """);
        var found = await TamperCompany.FindAsync(copy.Db, new VerifyOptions { Clock = clock });
        FoundIn(found, "ledger.seal", "it is missing, although a server ran until 2026-11-23 13:00:00 UTC");
    }

    // What somebody who owns the database would do: every seal made again over what it now says.
    private static async Task ResealAsync(TestDatabase copy, NpgsqlConnection owner)
    {
        await owner.ExecuteAsync("""
            delete from ledger.seal_table; delete from ledger.seal; delete from kernel.change where op = 'seal';
            update kernel.change set sealed_on = null
            """);
        Assert.True(await TamperCompany.SealAsync(copy.OwnerDb) > 0);
    }
}
