using System.Diagnostics;
using System.Text.Json;
using Dapper;
using Guerdon.Ledger.Audit;
using Guerdon.Tests;

namespace Guerdon.Database.Tamper;

/// <summary><c>guerdon seals</c> and <c>guerdon verify --seal</c> as somebody types them.</summary>
public sealed class SealVerbTests(TestDatabase database) : IClassFixture<TestDatabase>
{
    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Seals_SavedOutside_TellWhetherAnythingWasRewritten()
    {
        var (code, said) = await RunAsync("seals");
        Assert.Equal((1, true), (code, said.Contains("host.nothing_sealed", StringComparison.Ordinal)));

        await SealTwoDaysAsync();
        var file = await SaveAsync();
        var (seals, _) = SavedSeal.Read(await File.ReadAllTextAsync(file, Ct));
        Assert.Equal(await SavedSeals.ListAsync(database.Db, Ct), seals);
        var root = seals![^1].Root;
        (code, said) = await RunAsync("seals", "--last");
        Assert.Equal((0, 2), (code, said.TrimEnd().Split('\n').Length));
        Assert.Contains($"{seals[^1].Day:yyyy-MM-dd} {root} {seals[^1].Entries} {seals[^1].Changes}", said,
            StringComparison.Ordinal);

        foreach (var args in (string[][])[["--seal", root], ["--seal-file", file], ["--seal", seals[0].Root]])
        {
            (code, said) = await RunAsync(["verify", .. args]);
            Assert.True(code == 0, said);
            Assert.Contains("that was saved outside: it is the same", said, StringComparison.Ordinal);
        }

        (code, said) = await RunAsync("verify", "--json", "--seal", root);
        var report = JsonDocument.Parse(said[said.IndexOf('{', StringComparison.Ordinal)..]).RootElement;
        Assert.Equal((0, true, root), (code, report.GetProperty("sound").GetBoolean(),
            report.GetProperty("newest").GetProperty("root").GetString()));

        await RewriteAsync();
        (code, said) = await RunAsync("verify");
        Assert.True(code == 0, said); // rewritten consistently, so that only the copy outside tells
        (code, said) = await RunAsync("verify", "--seal", root);
        Assert.True(code == 1, said);
        Assert.Contains($"root={root}", said, StringComparison.Ordinal);
        (code, said) = await RunAsync("verify", "--seal-file", file);
        Assert.True(code == 1, said);
        Assert.Contains($"day={seals[0].Day:yyyy-MM-dd}", said, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("--seal", "abc", "'abc' is not a seal's root")]
    [InlineData("--seal", "", "is not a seal's root")]
    [InlineData("--seal-file", "/nowhere/seals.txt", "cannot be read")]
    [InlineData("--seal-file", "/tmp", "cannot be read")]
    [InlineData("--seal-file", "/etc/hostname", "line 1 is not")]
    [InlineData("--seal-file", "/dev/zero", "more than")]
    public async Task Verify_SealThatIsNone_IsRefused(string option, string value, string why)
    {
        var (code, said) = await RunAsync("verify", option, value);
        Assert.True(code == 1, $"{code}: {said}");
        Assert.Contains("host.seal_unreadable", said, StringComparison.Ordinal);
        Assert.Contains(why, said, StringComparison.Ordinal);
    }

    private async Task SealTwoDaysAsync()
    {
        await using (var ours = await database.Db.OpenConnectionAsync(Ct))
            await ours.ExecuteAsync("insert into people.team (team_id, path) values (gen_random_uuid(), 'Sales')");
        await using (var owner = await database.OwnerDb.OpenConnectionAsync(Ct)) // only days that have ended are sealed
            await owner.ExecuteAsync("""
                update kernel.change set at = at - interval '2 days';
                update host.migration set applied_at = applied_at - interval '2 days'
                """);
        Assert.InRange(await Seals.SealAsync(database.Db, TimeProvider.System, TimeSpan.Zero, Ct), 2, 3);
    }

    private async Task<string> SaveAsync()
    {
        var (code, said) = await RunAsync("seals");
        Assert.True(code == 0, said);
        var file = Path.Combine(TestHome.New(), "seals.txt");
        await File.WriteAllTextAsync(file, said, Ct);
        return file;
    }

    // By the owner, with the row's digest, its line and all seals made again.
    private async Task RewriteAsync()
    {
        await using var owner = await database.OwnerDb.OpenConnectionAsync(Ct);
        await owner.ExecuteAsync("""
            alter table people.team disable trigger user;
            update people.team t set path = 'Marketing';
            update people.team t set digest = kernel.row_digest(to_jsonb(t));
            alter table people.team enable trigger user;
            update kernel.change c set digest = t.digest from people.team t where c.table_name = 'people.team';
            delete from ledger.seal_table; delete from ledger.seal; delete from kernel.change where op = 'seal';
            update kernel.change set sealed_on = null
            """);
        Assert.InRange(await Seals.SealAsync(database.OwnerDb, TimeProvider.System, TimeSpan.Zero, Ct), 2, 3);
    }

    private async Task<(int Code, string Said)> RunAsync(params string[] words)
    {
        var start = new ProcessStartInfo("dotnet", [Path.Combine(AppContext.BaseDirectory, "guerdon.dll"), .. words])
        {
            RedirectStandardOutput = true, RedirectStandardError = true, RedirectStandardInput = true,
            WorkingDirectory = TestHome.New(),
        };
        start.Environment["GUERDON_DB"] = database.ConnectionString;
        start.Environment["GUERDON_HOME"] = start.WorkingDirectory;
        using var process = Process.Start(start)!;
        process.StandardInput.Close();
        var said = await Task.WhenAll(
            process.StandardOutput.ReadToEndAsync(Ct), process.StandardError.ReadToEndAsync(Ct));
        await process.WaitForExitAsync(Ct);
        return (process.ExitCode, said[1].Length == 0 || process.ExitCode == 0 ? said[0] : said[1] + said[0]);
    }
}
