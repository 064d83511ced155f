using System.Diagnostics;
using System.Globalization;
using System.IO.Compression;
using Dapper;
using Guerdon.Database.Grants;
using Guerdon.Host.Database;
using Guerdon.Kernel;
using Guerdon.Ledger.Audit;
using Guerdon.Statements;
using Guerdon.Tests;
using Npgsql;

namespace Guerdon.Database.Host;

/// <summary>
/// Databases as earlier programs left them, named after the last migration they had: <c>Upgrades/0001.sql.gz</c> is a
/// year of a company of 60, written before Compensation and Gateway were cut. They are migrated from there (while 0001
/// is the last, opened), and verify finds nothing.
/// </summary>
public sealed class UpgradeTests
{
    private static readonly DateTimeOffset TheYearIsOver = new(2030, 1, 1, 0, 0, 0, TimeSpan.Zero);

    private static string Folder => Path.Combine(Checkout.Root, "tests", "Database", "Upgrades");

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    public static TheoryData<string> Saved => [.. Directory.EnumerateFiles(Folder, "*.sql.gz")];

    [Theory, MemberData(nameof(Saved))]
    public async Task Migrate_DatabaseOfAnEarlierProgram_KeepsItsBooks(string file)
    {
        var last = int.Parse(Path.GetFileName(file).AsSpan(0, 4), CultureInfo.InvariantCulture);
        await using var database = await TestDatabase.EmptyAsync();
        await RestoreAsync(database, file);
        var before = await BooksAsync(database.OwnerDb);

        var applied = await database.MigrateAsync();

        Assert.Equal(Migration.Embedded().Count(migration => migration.Number > last), applied);
        Assert.Equal(before, await BooksAsync(database.Db));
        Assert.True(before.Entries > 1_000);
        var options = new VerifyOptions { Clock = new TurnedClock { Now = TheYearIsOver } };
        var findings = new List<string>();
        await foreach (var finding in VerifyCompany.RunAsync(database.Db, null, options, Ct))
            findings.Add(finding.ToString());
        Assert.Empty(findings);
    }

    [Fact]
    public async Task Migrate_EntriesFromBeforeSources_HaveTheirsFromTheirKeys()
    {
        await using var database = await TestDatabase.EmptyAsync();
        await RestoreAsync(database, Path.Combine(Folder, "0001.sql.gz"));
        await database.MigrateAsync();

        await using var owner = await database.OwnerDb.OpenConnectionAsync(Ct);
        var kinds = (await owner.QueryAsync<string>("""
            select distinct split_part(key, ':', 1) || case when source_id is null then '' else '+' end
              from ledger.entry order by 1
            """)).ToList();
        Assert.Contains("flush+", kinds);
        Assert.Contains("convert+", kinds);
        Assert.DoesNotContain("flush", kinds);
        Assert.DoesNotContain("convert", kinds);

        // Their hashes do not cover it, their keys do.
        foreach (var source in (string[])["null", "gen_random_uuid()"])
        {
            await using var change = await owner.BeginTransactionAsync(Ct);
            var seq = await owner.ExecuteScalarAsync<long>($"""
                update ledger.entry set source_id = {source}
                 where (wallet_id, seq) = (select wallet_id, seq from ledger.entry where key like 'flush:%' limit 1)
                returning seq
                """);
            await change.CommitAsync(Ct);
            var findings = new List<Finding>();
            await foreach (var finding in LedgerVerify.RunAsync(database.Db, null, Ct)) findings.Add(finding);
            Assert.Contains(findings, f => f.Row.EndsWith($"seq={seq}", StringComparison.Ordinal)
                && f.Problem == "its source is not the one that its key names");
        }
    }

    private static async Task<(long Entries, long Requests, decimal Spent)> BooksAsync(NpgsqlDataSource db)
    {
        await using var connection = await db.OpenConnectionAsync(Ct);
        return await connection.QuerySingleAsync<(long, long, decimal)>("""
            select (select count(*) from ledger.entry), (select count(*) from metering.request),
                   (select coalesce(sum(spent_milli), 0) from ledger.v_lot)
            """);
    }

    private static async Task RestoreAsync(TestDatabase database, string file)
    {
        var programs = await PostgresBinaries.FindAsync(null, Ct);
        var server = new NpgsqlConnectionStringBuilder(database.OwnerDb.ConnectionString);
        var start = new ProcessStartInfo(Path.Combine(programs.Folder, "psql"),
        [
            "--quiet", "--no-psqlrc", "--set", "ON_ERROR_STOP=1", "--host", server.Host!, "--username",
            server.Username!, server.Database!,
        ])
        { RedirectStandardInput = true, RedirectStandardError = true, RedirectStandardOutput = true };
        using var psql = Process.Start(start)!;
        var said = psql.StandardError.ReadToEndAsync(Ct);
        var output = psql.StandardOutput.ReadToEndAsync(Ct);
        try
        {
            await using var packed = new GZipStream(File.OpenRead(file), CompressionMode.Decompress);
            await packed.CopyToAsync(psql.StandardInput.BaseStream, Ct);
            psql.StandardInput.Close();
        }
        catch (IOException)
        {
            // It ended at a mistake, which it says.
        }

        await psql.WaitForExitAsync(Ct);
        _ = await output;
        Assert.True(psql.ExitCode == 0, await said);
    }
}
