using System.Net;
using System.Text.Json;
using Guerdon.Database.Host;
using Guerdon.Identity.Accounts;
using Guerdon.Identity.Sessions;
using Guerdon.Identity.Tokens;
using Guerdon.Kernel;
using Guerdon.Privacy;
using Guerdon.Storage;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;

namespace Guerdon.Database.Privacy;

/// <summary>Who switches works-council mode, when that holds, and that everybody is told.</summary>
public sealed class CouncilModeTests
{
    private static readonly DateTimeOffset Begin = new(2026, 11, 20, 8, 0, 0, TimeSpan.Zero);

    private readonly TurnedClock _clock = new() { Now = Begin };

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    private Task StartAsync(RealApp app, bool? setting)
    {
        _clock.Now = _clock.Now.AddSeconds(1);
        var mode = new CouncilMode(app.Db, Options.Create(new PrivacyOptions { WorksCouncil = setting }), _clock);
        return mode.ApplyAsync(Ct);
    }

    private static Task<CouncilMode.State> StateAsync(RealApp app) =>
        app.Services.GetRequiredService<CouncilMode>().ReadAsync(Ct);

    [Fact]
    public async Task Off_HoldsTwoWeeksLater_AndOnAtOnce()
    {
        await using var app = await RealApp.StartAsync(_clock);
        Assert.Equal(new(false, null, null), await StateAsync(app));
        await StartAsync(app, false); // it never was on
        await StartAsync(app, null);
        Assert.Equal(new(false, null, null), await StateAsync(app));

        await StartAsync(app, true);
        var since = _clock.Now;
        Assert.Equal(new(true, since, null), await StateAsync(app));
        await StartAsync(app, true);
        await StartAsync(app, null); // a line that was lost
        Assert.Equal(new(true, since, null), await StateAsync(app));

        await StartAsync(app, false);
        var ends = _clock.Now.AddDays(14);
        Assert.Equal(new(true, since, ends), await StateAsync(app));
        await StartAsync(app, false); // not later for it
        _clock.Now = ends.AddSeconds(-1);
        Assert.True((await StateAsync(app)).IsOn);
        await StartAsync(app, true); // withdrawn in the last moment
        Assert.Equal(new(true, since, null), await StateAsync(app));

        await StartAsync(app, false);
        var (off, over) = (_clock.Now, _clock.Now.AddDays(14));
        _clock.Now = over;
        Assert.Equal(new(false, off, over), await StateAsync(app));
        await StartAsync(app, true);
        Assert.Equal(new(true, _clock.Now, null), await StateAsync(app));
        Assert.Equal(5L, await app.Db.ScalarAsync<long>("select count(*) from privacy.mode_change", [], Ct));
    }

    [Fact]
    public async Task Start_WithTheSetting_IsAnActOfWhoeverStartedIt()
    {
        await using var app = await RealApp.StartAsync(_clock, ("Privacy:WorksCouncil", "true"));
        Assert.True((await StateAsync(app)).IsOn);
        const string act = """
            select concat_ws(' ', a.means, a.endpoint) from kernel.change c join host.act a using (act_id)
             where c.table_name = 'privacy.mode_change'
            """;
        Assert.Equal("local guerdon serve", await app.OwnerDb.ScalarAsync<string>(act, [], Ct));
    }

    // Callers are read with it: nobody has to sign in again, and a page that is open stops being told.
    [Fact]
    public async Task Switch_HoldsForWhoeverIsSignedIn()
    {
        await using var app = await RealApp.StartAsync(_clock);
        var account = (await app.Services.GetRequiredService<AccountDirectory>().CreateAsync(
            "auditor@example.com", "A", [Roles.Auditor], null, null, Ct))!.Value;
        var tokens = app.Services.GetRequiredService<ApiTokens>();
        var token = (await tokens.CreateAsync(account, "x", Ct)).Token;
        var sessions = app.Services.GetRequiredService<OpenSessions>();
        using var client = app.Client();
        client.DefaultRequestHeaders.Authorization = new("Bearer", token);
        var before = await CallerAsync();
        Assert.True(Access.MayWithAll(before, Permissions.WalletsRead));
        Assert.Equal(HttpStatusCode.NotFound, await AskAsync("wallets/nobody@example.com"));
        Assert.True(await sessions.IsStillOpenAsync(before, Ct));

        await StartAsync(app, true);
        Assert.Equal(HttpStatusCode.Forbidden, await AskAsync("wallets/nobody@example.com"));
        Assert.False(await sessions.IsStillOpenAsync(before, Ct));
        var after = await CallerAsync();
        Assert.False(Access.May(after, Permissions.WalletsRead));
        Assert.True(await sessions.IsStillOpenAsync(after, Ct));
        var seen = await SeenAsync();
        Assert.True(seen.GetProperty("worksCouncil").GetProperty("isOn").GetBoolean());
        Assert.DoesNotContain("wallets:read", seen.GetRawText(), StringComparison.Ordinal);
        Assert.Contains("pay:read", seen.GetRawText(), StringComparison.Ordinal);

        await StartAsync(app, false);
        Assert.Equal(
            _clock.Now.AddDays(14), (await SeenAsync()).GetProperty("worksCouncil").GetProperty("endsAt")
                .GetDateTimeOffset());
        Assert.Equal(HttpStatusCode.Forbidden, await AskAsync("wallets/nobody@example.com"));
        var page = await PageAsync();
        Assert.Contains("It ends on 4\u00A0Dec\u00A02026", page, StringComparison.Ordinal);

        _clock.Now = _clock.Now.AddDays(14);
        Assert.Equal(HttpStatusCode.NotFound, await AskAsync("wallets/nobody@example.com"));
        page = await PageAsync();
        Assert.Contains("It ended on 4\u00A0Dec\u00A02026", page, StringComparison.Ordinal);

        async Task<System.Security.Claims.ClaimsPrincipal> CallerAsync()
        {
            var owner = (await tokens.FindOwnerAsync(token, Ct))!;
            return Principals.Of(owner.Account, "test", _clock.Now, owner.Claims());
        }

        async Task<HttpStatusCode> AskAsync(string path)
        {
            using var answer = await client.GetAsync(new Uri($"/api/v1/{path}", UriKind.Relative), Ct);
            return answer.StatusCode;
        }

        async Task<string> PageAsync() => WebUtility.HtmlDecode(
            await client.GetStringAsync(new Uri("/me/seen", UriKind.Relative), Ct));

        async Task<JsonElement> SeenAsync() => JsonDocument.Parse(
            await client.GetStringAsync(new Uri("/api/v1/people/me/looks", UriKind.Relative), Ct)).RootElement;
    }
}
