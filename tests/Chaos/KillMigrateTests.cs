using System.Diagnostics;
using Dapper;
using Guerdon.Host.Database;
using Guerdon.Kernel;
using Guerdon.Metering.Audit;
using Guerdon.Tests;
using Microsoft.Extensions.Logging.Abstractions;
using Npgsql;

namespace Guerdon.Chaos;

/// <summary>kill -9 of <c>guerdon migrate</c>, on an empty database and on an older one: the next try goes on where the
/// last whole file ended.</summary>
public sealed class KillMigrateTests
{
    private const int Rounds = 5;

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(0)]
    public async Task KilledWhileMigrating_TheNextTryGoesOn(int from)
    {
        var (random, _) = Chance.New();
        var cluster = await TestCluster.StartAsync();
        var database = $"from_{from}";
        await using (var admin = new NpgsqlConnection(cluster.AdminConnectionString()))
            await admin.ExecuteAsync($"create database {database} owner {PrivateCluster.Owner}");
        var all = Migration.Embedded();
        await using var owner = NpgsqlDataSource.Create(
            cluster.Private.ConnectionString(database, PrivateCluster.Owner));
        if (from > 0)
            await new Migrator(owner, NullLogger.Instance, [.. all.Take(from)]).MigrateAsync(Ct);

        var left = new List<long>();
        for (var round = 0; round < Rounds; round++)
        {
            using var victim = Start(cluster, database);
            await random.WaitAsync(200, 2_500);
            victim.Kill(); // -9
            await victim.WaitForExitAsync(Ct);
            left.Add(await DoneAsync(owner));
        }

        TestContext.Current.TestOutputHelper?.WriteLine($"Files after each: {string.Join(", ", left)}");
        Assert.Equal(left.Order(), left);
        using var last = Start(cluster, database);
        var said = await last.StandardOutput.ReadToEndAsync(Ct) + await last.StandardError.ReadToEndAsync(Ct);
        await last.WaitForExitAsync(Ct);
        Assert.True(last.ExitCode == 0, said);
        Assert.Equal(all.Count, await DoneAsync(owner));
        await using var db = NpgsqlDataSource.Create(cluster.Private.ConnectionString(database));
        var findings = new List<Finding>();
        await foreach (var finding in VerifyEverything.RunAsync(db, null, Ct)) findings.Add(finding);
        Assert.Empty(findings);
    }

    private static async Task<long> DoneAsync(NpgsqlDataSource owner)
    {
        await using var connection = await owner.OpenConnectionAsync(Ct);
        return await connection.ExecuteScalarAsync<bool>("select to_regclass('host.migration') is not null")
            ? await connection.ExecuteScalarAsync<long>("select count(*) from host.migration") : 0;
    }

    private static Process Start(TestCluster cluster, string database)
    {
        var home = TestHome.New();
        var program = Path.Combine(AppContext.BaseDirectory, "guerdon.dll");
        var start = new ProcessStartInfo("dotnet", [program, "migrate"])
        {
            RedirectStandardOutput = true, RedirectStandardError = true, WorkingDirectory = home,
        };
        start.Environment["GUERDON_DB"] = cluster.Private.ConnectionString(database);
        start.Environment["GUERDON_DB_OWNER"] = cluster.Private.ConnectionString(database, PrivateCluster.Owner);
        start.Environment["GUERDON_HOME"] = home;
        return Process.Start(start)!;
    }
}
