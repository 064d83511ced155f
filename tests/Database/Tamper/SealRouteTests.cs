using System.Net;
using Dapper;
using Guerdon.Database.Host;
using Guerdon.Ledger.Audit;

namespace Guerdon.Database.Tamper;

/// <summary>Seals over HTTP: for administrators alone.</summary>
public sealed class SealRouteTests(RunningApp running) : IClassFixture<RunningApp>
{
    private const string Path = "/api/v1/seals";

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Get_Administrator_SeesWhatTheVerbWrites()
    {
        var none = await RunningApp.JsonAsync(await running.Admin.GetAsync(Path, Ct));
        Assert.Equal(0, none.GetProperty("seals").GetArrayLength());

        await using (var owner = await running.OwnerDb.OpenConnectionAsync(Ct)) // only days that have ended are sealed
            await owner.ExecuteAsync("update kernel.change set at = at - interval '1 day'");
        Assert.InRange(await Seals.SealAsync(running.Db, TimeProvider.System, TimeSpan.Zero, Ct), 1, 2);
        var reply = await RunningApp.JsonAsync(await running.Admin.GetAsync(Path, Ct));
        var seals = await SavedSeals.ListAsync(running.Db, Ct);
        Assert.Equal(
            seals.Select(s => $"{s.Day:yyyy-MM-dd} {s.Root} {s.Entries} {s.Changes}"),
            reply.GetProperty("seals").EnumerateArray().Select(s => string.Join(' ',
                from name in (string[])["day", "root", "entries", "changes"] select s.GetProperty(name).ToString())));
    }

    [Fact]
    public async Task Get_AnybodyElse_IsRefused()
    {
        Assert.Equal(HttpStatusCode.Forbidden, (await running.Employee.GetAsync(Path, Ct)).StatusCode);
        Assert.Equal(HttpStatusCode.Unauthorized, (await running.Nobody.GetAsync(Path, Ct)).StatusCode);
    }
}
