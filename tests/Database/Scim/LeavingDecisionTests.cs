using System.Net.Http.Json;
using System.Text.Json;
using Guerdon.Database.Host;
using Guerdon.People.Employees;
using Guerdon.Storage;

namespace Guerdon.Database.Scim;

/// <summary>What is decided about whoever the directory lets go, and what somebody says of them afterwards.</summary>
public sealed class LeavingDecisionTests
{
    private const string Lea = "lea@example.com", Admin = RealApp.Admin, Other = RealApp.Other;

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    // HR sends its file every night, and does not know of the departure yet.
    [Fact]
    public async Task BlankLastDay_OfALaterFile_LeavesTheOneThatADepartureSet()
    {
        await using var scene = await LeavingScene.OpenAsync();
        await scene.ImportAsync((Lea, null));
        var access = await scene.AccessAsync(Lea);
        await scene.ActivateAsync(await scene.UserAsync(Lea), false);
        await scene.PostAsync(Other, $"/api/v1/departures/{await OnlyAsync(scene)}/approve", new { });
        for (var night = 0; night < 2; night++) await scene.ImportAsync((Lea, null));
        Assert.Equal(new DateOnly(2026, 11, 30), await LastDayAsync(scene));
        Assert.False(await scene.HasTokenAsync(access));

        // What HR does say counts, and HR may clear it.
        await scene.ImportAsync((Lea, new DateOnly(2026, 12, 15)));
        Assert.Equal(new DateOnly(2026, 12, 15), await LastDayAsync(scene));
        await scene.ImportAsync((Lea, null));
        Assert.Null(await LastDayAsync(scene));
    }

    [Fact]
    public async Task Return_GivesBackWhatADepartureTook_ByAnotherThanWhoApprovedIt()
    {
        await using var scene = await LeavingScene.OpenAsync();
        await scene.ImportAsync((Lea, null));
        var access = await scene.AccessAsync(Lea);
        await scene.ActivateAsync(await scene.UserAsync(Lea), false);
        var departure = await OnlyAsync(scene);
        var path = $"/api/v1/departures/{departure}";
        // The token is the administrator's, so that they asked for it.
        await RefusedAsync(scene, Admin, $"{path}/approve", new { }, 403);
        await RefusedAsync(scene, Other, $"{path}/return", new { reason = "They stay" }, 409); // it waits
        await scene.PostAsync(Other, $"{path}/approve", new { });
        await RefusedAsync(scene, Other, $"{path}/return", new { reason = "They stay" }, 403);
        Assert.False(await scene.HasTokenAsync(access));

        await scene.PostAsync(Admin, $"{path}/return", new { reason = "They stay" });
        await scene.PostAsync(Admin, $"{path}/return", new { reason = "They stay" }); // again, it is the same
        Assert.Null(await LastDayAsync(scene));
        Assert.True(await scene.HasTokenAsync(access));
        Assert.Equal(["returned"], await StatesAsync(scene));
        await scene.ImportAsync((Lea, null));
        Assert.Null(await LastDayAsync(scene));
    }

    // One is held, and said to stay. The directory says it again, in whichever way.
    [Theory]
    [InlineData("PATCH")]
    [InlineData("PUT")]
    [InlineData("DELETE")]
    public async Task HeldAndDeclined_SaidAgain_CountsAgain(string how)
    {
        await using var scene = await LeavingScene.OpenAsync();
        var (user, access) = await HoldAsync(scene);
        var held = Assert.Single(await IdsAsync(scene, "held"));
        await scene.PostAsync(Admin, $"/api/v1/departures/{held}/decline", new { reason = "A mistake" });
        Assert.Empty(await IdsAsync(scene, "held"));
        scene.Clock.Now += TimeSpan.FromMinutes(1);
        await scene.ScimAsync(HttpMethod.Patch, $"/Users/{user}",
            """{"Operations":[{"op":"replace","path":"displayName","value":"Lea"}]}""");
        Assert.Empty(await IdsAsync(scene, "held")); // that is not about access

        if (how == "PATCH") await scene.ActivateAsync(user, false);
        else if (how == "DELETE") await scene.ScimAsync(HttpMethod.Delete, $"/Users/{user}", null, 204);
        else
            await scene.ScimAsync(
                HttpMethod.Put, $"/Users/{user}", $$"""{"userName":"{{Lea}}","active":false}""");
        held = Assert.Single(await IdsAsync(scene, "held"));
        Assert.True(await scene.HasTokenAsync(access));
        await RefusedAsync(scene, Admin, $"/api/v1/departures/{held}/approve", new { }, 403);
        await scene.PostAsync(Other, $"/api/v1/departures/{held}/approve", new { });
        Assert.False(await scene.HasTokenAsync(access));
        Assert.Equal(new DateOnly(2026, 11, 30), await LastDayAsync(scene));
    }

    // Whom HR lets go is held no longer, and whoever the directory held for it has no access any more.
    [Fact]
    public async Task HeldDeparture_WhichHrConfirms_EndsAccess()
    {
        await using var scene = await LeavingScene.OpenAsync();
        var (_, access) = await HoldAsync(scene);
        await scene.ImportAsync((Lea, new DateOnly(2026, 12, 31)));
        Assert.True(await scene.HasTokenAsync(access));
        await scene.RunJobAsync("FallenDepartures");
        Assert.False(await scene.HasTokenAsync(access));
        Assert.Contains("hr", await StatesAsync(scene));
    }

    // Former employees are cleaned up in the directory, and whom somebody approved is no fault.
    [Fact]
    public async Task Bound_CountsNobodyWhomHrOrSomebodyLetsGo()
    {
        await using var scene = await LeavingScene.OpenAsync();
        string[] former = [.. Enumerable.Range(0, 5).Select(i => $"former{i}@example.com")];
        string[] people = [.. Enumerable.Range(0, 5).Select(i => $"p{i}@example.com")];
        await scene.ImportAsync(
        [
            .. former.Select(email => (email, (DateOnly?)new DateOnly(2026, 1, 31))),
            .. people.Select(email => (email, (DateOnly?)null)),
        ]);
        foreach (var email in former.Concat(people.Take(3)))
            await scene.ActivateAsync(await scene.UserAsync(email), false);
        Assert.Empty(await IdsAsync(scene, "held"));
        var waiting = await IdsAsync(scene, "waiting");
        Assert.Equal(3, waiting.Length);
        await scene.PostAsync(Other, $"/api/v1/departures/{waiting[0]}/approve", new { });
        await scene.ActivateAsync(await scene.UserAsync(people[3]), false);
        Assert.Empty(await IdsAsync(scene, "held"));
        await scene.ActivateAsync(await scene.UserAsync(people[4]), false);
        Assert.Single(await IdsAsync(scene, "held"));
    }

    // HR moves a first day beyond the last one: that one falls on the first day, and keeps nobody from falling.
    [Fact]
    public async Task Departure_BeforeTheFirstDay_FallsAsAnyOther()
    {
        await using var scene = await LeavingScene.OpenAsync();
        await scene.ImportAsync((Lea, null), ("second@example.com", null));
        foreach (var email in new[] { Lea, "second@example.com" })
            await scene.ActivateAsync(await scene.UserAsync(email), false);
        await scene.App.Db.ExecuteAsync(
            "update people.person set hired_on = '2027-02-01' where email = $1", [Lea], Ct);
        scene.Clock.Now += TimeSpan.FromDays(7.1);
        await scene.RunJobAsync("FallenDepartures");
        Assert.Equal(["grace", "grace"], await StatesAsync(scene));
        Assert.Equal(new DateOnly(2027, 2, 1), await LastDayAsync(scene));
    }

    // An import takes minutes; whoever approves a departure waits for it, and the directory for neither.
    [Fact]
    public async Task Deactivation_WhileAnApprovalWaitsForAnImport_DoesNotWait()
    {
        await using var scene = await LeavingScene.OpenAsync();
        await scene.ImportAsync((Lea, null), ("second@example.com", null));
        await scene.ActivateAsync(await scene.UserAsync(Lea), false);
        var departure = await OnlyAsync(scene);
        var user = await scene.UserAsync("second@example.com");
        await using var connection = await scene.App.Db.OpenConnectionAsync(Ct);
        await using var import = await connection.BeginTransactionAsync(Ct);
        await Locks.InTransactionAsync(connection, "people.import", Ct);
        var approval = scene.PostAsync(Other, $"/api/v1/departures/{departure}/approve", new { });
        await LeavingScene.EventuallyAsync(TimeSpan.FromSeconds(20), () => IsWaitedForAsync(scene));
        await scene.ActivateAsync(user, false).WaitAsync(TimeSpan.FromSeconds(15), Ct);
        Assert.False(approval.IsCompleted);
        await import.CommitAsync(Ct);
        await approval;
    }

    private static async Task<bool> IsWaitedForAsync(LeavingScene scene) => await scene.App.Db.ScalarAsync<bool>(
        """
        select exists (select from pg_locks
                        where locktype = 'advisory' and not granted
                          and database = (select oid from pg_database where datname = current_database()))
        """, [], Ct);

    // Three leave, and Lea is one too many.
    private static async Task<(string User, LeavingScene.Access Access)> HoldAsync(LeavingScene scene)
    {
        string[] people = [.. Enumerable.Range(0, 3).Select(i => $"p{i}@example.com"), Lea];
        await scene.ImportAsync([.. people.Select(email => (email, (DateOnly?)null))]);
        var access = await scene.AccessAsync(Lea);
        var user = "";
        foreach (var email in people) await scene.ActivateAsync(user = await scene.UserAsync(email), false);
        Assert.True(await scene.HasTokenAsync(access));
        return (user, access);
    }

    private static async Task<string> OnlyAsync(LeavingScene scene) =>
        Assert.Single(await IdsAsync(scene, "waiting"));

    private static async Task<string[]> IdsAsync(LeavingScene scene, string state) =>
    [
        .. (await DeparturesAsync(scene)).Where(d => d.GetProperty("state").GetString() == state)
            .Select(d => d.GetProperty("id").GetString()!),
    ];

    private static async Task<string[]> StatesAsync(LeavingScene scene) =>
        [.. (await DeparturesAsync(scene)).Select(d => d.GetProperty("state").GetString()!)];

    private static async Task<JsonElement[]> DeparturesAsync(LeavingScene scene) =>
        [.. (await scene.GetAsync(Other, "/api/v1/departures")).GetProperty("departures").EnumerateArray()];

    private static async Task<DateOnly?> LastDayAsync(LeavingScene scene) =>
        (await scene.Get<PeopleDirectory>().FindAsync(Lea, Ct))!.LeftOn;

    private static async Task RefusedAsync(LeavingScene scene, string who, string path, object body, int status) =>
        await scene.SendAsync(who, HttpMethod.Post, path, JsonContent.Create(body), status);
}
