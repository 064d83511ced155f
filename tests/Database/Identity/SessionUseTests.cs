using System.Net;
using System.Security.Claims;
using Guerdon.Database.Grants;
using Guerdon.Database.Host;
using Guerdon.Identity.Accounts;
using Guerdon.Identity.Sessions;
using Guerdon.Identity.Tokens;
using Guerdon.Storage;
using Microsoft.Extensions.DependencyInjection;

namespace Guerdon.Database.Identity;

/// <summary>What counts as a use of a session, and how long it is one.</summary>
public sealed class SessionUseTests
{
    private static readonly DateTimeOffset Morning = new(2026, 11, 20, 8, 0, 0, TimeSpan.Zero);

    private readonly TurnedClock _clock = new() { Now = Morning };

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    // What a page that stands open reads by itself is no use of the session, nor is what leads nowhere.
    [Theory]
    [InlineData("Sec-Fetch-Dest", "empty", "/api/v1/me", false)]
    [InlineData("Sec-Fetch-Site", "cross-site", "/api/v1/me", false)]
    [InlineData("Sec-Fetch-Site", "same-site", "/api/v1/me", false)]
    [InlineData("Sec-Fetch-Dest", "document", "/api/v1/me", true)]
    [InlineData("Sec-Fetch-Site", "none", "/api/v1/me", true)]
    [InlineData("X-None", "", "/scim/v2/Users/none", false)] // not theirs to ask
    public async Task Use_IsWhatSomebodyDoes(string header, string value, string path, bool isUse)
    {
        await using var app = await RealApp.StartAsync(_clock);
        await SessionTests.PersonAsync(app, "lia@example.com");
        using var client = app.Client();
        var session = await app.SessionAsync("lia@example.com");
        _clock.Now += TimeSpan.FromHours(2);
        using var request = SessionTests.Request(HttpMethod.Get, path, session);
        request.Headers.TryAddWithoutValidation(header, value);
        using var answer = await client.SendAsync(request, Ct);
        Assert.Equal(isUse ? _clock.Now : Morning, await SessionTests.SeenAsync(app));
    }

    // The row decides when a session ends: the cookie is not renewed, and lasts as long.
    [Theory]
    [InlineData("11:00 11:00", 200)]
    [InlineData("11:00 11:00 02:00", 401)]
    public async Task Cookie_LastsAsLongAsItsRow(string steps, int expected)
    {
        await using var app = await RealApp.StartAsync(_clock);
        using var client = app.Client();
        var session = await app.SessionAsync();
        var status = HttpStatusCode.OK;
        foreach (var step in steps.Split(' '))
        {
            _clock.Now += TimeSpan.Parse(step, null);
            status = await SessionTests.AskAsync(client, session, HttpMethod.Get, "/api/v1/me");
        }

        Assert.Equal(expected, (int)status);
    }

    // A stream that stands open is asked about again and again.
    [Fact]
    public async Task StillOpen_EndsWithTheTokenOrARole_AlsoForTokens()
    {
        await using var app = await RealApp.StartAsync(_clock);
        var (sessions, tokens) =
            (app.Services.GetRequiredService<OpenSessions>(), app.Services.GetRequiredService<ApiTokens>());
        var account = await SessionTests.AccountAsync(app, RealApp.Admin);
        var revoked = await CallerAsync(new(null, null));
        var over = await CallerAsync(new(null, _clock.Now.AddHours(1)));
        Assert.True(await sessions.IsStillOpenAsync(revoked, Ct));
        Assert.True(await sessions.IsStillOpenAsync(over, Ct));
        _clock.Now += TimeSpan.FromHours(1);
        Assert.False(await sessions.IsStillOpenAsync(over, Ct));
        Assert.True(await tokens.RevokeAsync(account, TokenOwner.IdOf(revoked)!.Value, Ct));
        Assert.False(await sessions.IsStillOpenAsync(revoked, Ct));

        var live = (await sessions.FindAsync(
            await SessionTests.SecretAsync(app, RealApp.Admin), SessionKind.CommandLine, Ct))!;
        Claim[] claims = SessionCookie.ClaimsOf(live);
        var (token, session) =
            (await CallerAsync(new(null, null)), Principals.Of(live.Account, "test", _clock.Now, claims));
        Assert.True(await sessions.IsStillOpenAsync(token, Ct));
        Assert.True(await sessions.IsStillOpenAsync(session, Ct));
        await app.Db.ExecuteAsync(
            """
            update host.account_role set taken_at = $2, taken_by = 'a test' where role = 'people' and account_id = $1
            """, [account.Value, _clock.Now], Ct);
        Assert.False(await sessions.IsStillOpenAsync(token, Ct));
        Assert.False(await sessions.IsStillOpenAsync(session, Ct));
        Assert.False(await sessions.IsStillOpenAsync(new(), Ct));

        async Task<ClaimsPrincipal> CallerAsync(TokenTerms terms)
        {
            var made = await tokens.CreateAsync(account, "x", terms, Ct);
            var owner = (await tokens.FindOwnerAsync(made.Token, Ct))!;
            return Principals.Of(owner.Account, "test", _clock.Now, owner.Claims());
        }
    }
}
