using Dapper;
using Guerdon.Ledger;
using Guerdon.Ledger.Transfers;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;

namespace Guerdon.Database.Tamper;

/// <summary>
/// Whoever has the application's password, and calls itself by its name, does what Guerdon could have done: with a seal
/// that was saved outside, verify finds it, or names it among what was changed and added since.
/// </summary>
public sealed class OwnRoleEditTests(TamperCompany company) : IClassFixture<TamperCompany>
{
    private const string Person = "(select person_id from people.person order by person_id limit 1)";

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("update ledger.position set amount_milli = amount_milli + 1000 where account = 1", "ledger.position")]
    [InlineData("update ledger.wallet set head = sha256('x')", "ledger.wallet")]
    [InlineData("delete from ledger.position where amount_milli > 0", "ledger.position")]
    [InlineData("update compensation.grant_chunk set total_milli = total_milli + 1", "compensation.grant_run")]
    [InlineData("update compensation.grant_chunk set content = sha256('x')", "compensation.grant_line")]
    [InlineData("delete from compensation.grant_line where line = 1", "compensation.grant_line")]
    [InlineData("update compensation.grant_line set live = not live", "compensation.grant_line")]
    [InlineData("update compensation.grant_run set approved = sha256('x')", "compensation.grant_run")]
    [InlineData("update metering.day_total set charged_milli = 0", "metering.day_total")]
    [InlineData("""
        insert into metering.request select (r).* from (
            select jsonb_populate_record(r, jsonb_build_object('request_id', gen_random_uuid())) as r
              from metering.request r limit 1) f
        """, "metering.request")]
    public async Task Edit_OfWhatIsRecomputed_IsFound(string edit, string table)
    {
        await using var copy = await company.CopyAsync();
        await using (var ours = await copy.Db.OpenConnectionAsync(Ct))
            Assert.True(await ours.ExecuteAsync(edit) > 0);
        var found = await TamperCompany.FindAsync(copy.Db, company.Saved());
        Assert.True(found.Exists(f => f.StartsWith(table + " (", StringComparison.Ordinal)),
            $"{table}: [{string.Join("; ", found)}]");
    }

    [Theory]
    [InlineData($"update people.person set total_pay_cents = total_pay_cents * 2 where person_id = {Person}",
        "Changed", "people.person")]
    [InlineData("update compensation.notice set seen_at = now()", "Changed", "compensation.notice")]
    [InlineData("""
        insert into host.account (account_id, email, name, created_at)
        values (gen_random_uuid(), 'eve@example.com', 'Eve', now())
        """, "Added", "host.account")]
    [InlineData("""
        with made as (
            insert into host.account (account_id, email, name, created_at)
            values (gen_random_uuid(), 'eve@example.com', 'Eve', now()) returning account_id)
        insert into host.account_role (account_id, role, source, given_at, given_by)
        select account_id, 'finance', 'server', now(), 'Guerdon' from made
        """, "Added", "host.account_role")]
    [InlineData("""
        insert into host.one_time_link (link_id, account_id, hash, purpose, made_by, made_at, ends_at)
        select gen_random_uuid(), account_id, sha256('x'), 'reset', 'Eve', now(), now() + interval '1 day'
          from host.account where email = 'ann@example.com'
        """, "Added", "host.one_time_link")]
    [InlineData("""
        with made as (
            insert into host.one_time_link (
                link_id, account_id, hash, purpose, made_by, made_by_account, made_at, ends_at, used_at)
            select gen_random_uuid(), account_id, sha256('x'), 'reset', 'Eve', account_id, now(), now(), now()
              from host.account where email = 'ann@example.com' returning link_id)
        insert into host.account_vouch (link_id, vouched_at, reason, vouched_by)
        select link_id, now(), 'x', 'Eve' from made
        """, "Added", "host.account_vouch")]
    [InlineData($"""
        insert into gateway.key (key_id, wallet_id, name, hash, hint, created_at)
        values (gen_random_uuid(), {Person}, 'mine', sha256('x'), 'x', now())
        """, "Added", "gateway.key")]
    [InlineData("""
        insert into pricing.price select (r).* from (
            select jsonb_populate_record(p, jsonb_build_object('id', gen_random_uuid(), 'effective_from', now(),
                       'input_rate', 0)) as r from pricing.price p limit 1) f
        """, "Added", "pricing.price")]
    [InlineData("""
        insert into compensation.conversion_terms select (r).* from (
            select jsonb_populate_record(t, jsonb_build_object('terms_id', gen_random_uuid(), 'version', 99)) as r
              from compensation.conversion_terms t limit 1) f
        """, "Added", "compensation.conversion_terms")]
    [InlineData("insert into people.team (team_id, path) values (gen_random_uuid(), 'Eve')", "Added", "people.team")]
    public async Task Edit_OfWhatGuerdonAlsoDoes_IsNamedBesideTheSeal(string edit, string done, string table)
    {
        await using var copy = await company.CopyAsync();
        await using (var ours = await copy.Db.OpenConnectionAsync(Ct))
            Assert.True(await ours.ExecuteAsync(edit) > 0);
        var options = company.Saved();
        var found = await TamperCompany.FindAsync(copy.Db, options);
        Assert.True(options.Notes.Exists(n => n.StartsWith(done, StringComparison.Ordinal)
            && n.Contains($" rows of {table}: ", StringComparison.Ordinal)),
            $"{table}: [{string.Join("; ", options.Notes)}] [{string.Join("; ", found)}]");
    }

    // With Guerdon's own code, so that chains, positions and lots are as they should be.
    [Fact]
    public async Task Grant_ThatNoLineAskedFor_IsFound()
    {
        await using var copy = await company.CopyAsync();
        await using (var ledger = new LedgerWriter(
            copy.Db, Options.Create(new LedgerOptions()), TimeProvider.System, NullLogger<LedgerWriter>.Instance))
        {
            await ledger.StartAsync(Ct);
            var (pool, eve) = (new WalletId(Guid.CreateVersion7()), new WalletId(Guid.CreateVersion7()));
            var posted = await ledger.PostAsync(
            [
                new()
                {
                    Kind = TransferKind.Fund, Wallet = WalletId.Treasury, To = pool, Amount = new(9_000), Key = "f",
                },
                new() { Kind = TransferKind.Grant, Wallet = pool, To = eve, Amount = new(9_000), Key = "g",
                    NewLot = new("work_compute", "forged", null) },
            ], null, Ct);
            Assert.All(posted, p => Assert.True(p.Done, $"{p.Refused}"));
            await ledger.StopAsync(Ct);
        }

        Assert.Contains(await TamperCompany.FindAsync(copy.Db, company.Saved()), f =>
            f.StartsWith("ledger.entry (", StringComparison.Ordinal)
            && f.Contains("it grants 9000 milli-tokens, and no grant line says why", StringComparison.Ordinal));
    }
}
