using System.Globalization;
using System.Net;
using System.Net.Http.Headers;
using System.Text;
using Guerdon.Database.Host;
using Guerdon.Identity.Accounts;
using Guerdon.Identity.Tokens;
using Guerdon.Kernel;
using Guerdon.People.Employees;
using Microsoft.Extensions.DependencyInjection;

namespace Guerdon.Database.Identity;

/// <summary>Accounts of people who have left: sessions, tokens and sign-in refuse, and they decide nothing.</summary>
public sealed class LeaverTests
{
    private const string Email = "lea@example.com";
    private const string Password = "a long enough one";

    private static readonly DateOnly Today = DateOnly.FromDateTime(TimeProvider.System.GetUtcNow().UtcDateTime);

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Account_OfALeaver_OpensNothingUntilTheDateIsCorrected()
    {
        await using var app = await RealApp.StartAsync();
        using var client = app.Client();
        await ImportAsync(app, null);
        var (token, session) = await AccountAsync(app, client, Roles.Founder);
        Assert.Equal("200 200 200", await TriesAsync(client, token, session));

        await ImportAsync(app, Today); // the last day itself
        Assert.Equal("200 200 200", await TriesAsync(client, token, session));

        await ImportAsync(app, Today.AddDays(-1));
        Assert.Equal("401 401 302", await TriesAsync(client, token, session));
        using var asked = Request(HttpMethod.Get, "/api/v1/me", token, null);
        using var refused = await client.SendAsync(asked, Ct);
        var problem = await refused.Content.ReadAsStringAsync(Ct);
        Assert.Contains("host.account_over", problem, StringComparison.Ordinal);
        Assert.Contains($"{Today.AddDays(-1):yyyy-MM-dd}", problem, StringComparison.Ordinal);

        using var signIn = await RealApp.SignInAsync(client, Email, Password);
        Assert.Equal(HttpStatusCode.Forbidden, signIn.StatusCode);
        Assert.Null(RealApp.Cookie(signIn, "guerdon"));
        Assert.Contains(
            $"This account ended with the last day of employment, {Today.AddDays(-1):yyyy-MM-dd} (UTC).",
            await signIn.Content.ReadAsStringAsync(Ct), StringComparison.Ordinal);
        using var guess = await RealApp.SignInAsync(client, Email, "not the password at all");
        Assert.Equal(HttpStatusCode.Unauthorized, guess.StatusCode); // who guesses learns nothing of it

        await ImportAsync(app, null);
        Assert.Equal("200 401 302", await TriesAsync(client, token, null));
        using var again = await RealApp.SignInAsync(client, Email, Password);
        Assert.Equal(HttpStatusCode.SeeOther, again.StatusCode);
    }

    [Fact]
    public async Task Administrator_WhoLeft_DecidesNothingAndIsNotWaitedFor()
    {
        await using var app = await RealApp.StartAsync();
        using var client = app.Client();
        await ImportAsync(app, null);
        var (token, session) = await AccountAsync(app, client, Roles.Founder);
        var accounts = app.Services.GetRequiredService<AccountDirectory>();
        Assert.Equal(3, await accounts.CountAsync(Permissions.GrantsApprove, Ct));

        await ImportAsync(app, Today.AddDays(-1));

        Assert.Equal(2, await accounts.CountAsync(Permissions.GrantsApprove, Ct));
        foreach (var path in new[]
        {
            "/api/v1/grants/runs/run_00000000000070008000000000000001/approve",
            "/api/v1/conversions/cnv_00000000000070008000000000000001/approve", "/api/v1/gateway-policy/close",
        })
            foreach (var (bearer, cookie) in new (string?, string?)[] { (token, null), (null, session) })
            {
                using var request = Request(HttpMethod.Post, path, bearer, cookie);
                request.Content = new StringContent("""{"reason":"mine"}""", Encoding.UTF8, "application/json");
                using var answer = await client.SendAsync(request, Ct);
                Assert.Equal(HttpStatusCode.Unauthorized, answer.StatusCode);
            }
    }

    [Fact]
    public async Task Page_ThatIsLive_EndsWithItsReadersLastDay()
    {
        await using var app = await RealApp.StartAsync();
        using var client = app.Client();
        await ImportAsync(app, null);
        var (_, session) = await AccountAsync(app, client, [Roles.Employee]);
        var person = (await app.Services.GetRequiredService<PeopleDirectory>().FindAsync(Email, Ct))!;
        using var request = Request(HttpMethod.Get, $"/live/wallets/wal_{person.Id.Value:N}", null, session);
        using var live = await client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, Ct);
        Assert.Equal(HttpStatusCode.OK, live.StatusCode);
        using var lines = new StreamReader(await live.Content.ReadAsStreamAsync(Ct));
        Assert.NotNull(await lines.ReadLineAsync(Ct));

        await ImportAsync(app, Today.AddDays(-1));

        using var within = CancellationTokenSource.CreateLinkedTokenSource(Ct);
        within.CancelAfter(TimeSpan.FromSeconds(30));
        while (await lines.ReadLineAsync(within.Token) is not null) { } // to its end
    }

    // By token, by session at the API, by session at a page.
    private static async Task<string> TriesAsync(HttpClient client, string token, string? session)
    {
        var statuses = new List<int>();
        foreach (var (path, bearer, cookie) in new (string, string?, string?)[]
        {
            ("/api/v1/me", token, null), ("/api/v1/me", null, session), ("/keys", null, session),
        })
        {
            using var request = Request(HttpMethod.Get, path, bearer, cookie);
            using var answer = await client.SendAsync(request, Ct);
            statuses.Add((int)answer.StatusCode);
        }

        return string.Join(' ', statuses);
    }

    private static HttpRequestMessage Request(HttpMethod method, string path, string? token, string? session)
    {
        var request = new HttpRequestMessage(method, new Uri(path, UriKind.Relative));
        if (token is not null) request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", token);
        if (session is not null)
        {
            request.Headers.Add("Cookie", session);
            request.Headers.Add("X-Guerdon", "1");
        }

        return request;
    }

    private static async Task<(string Token, string Session)> AccountAsync(
        RealApp app, HttpClient client, IReadOnlyCollection<string> roles)
    {
        var person = (await app.Services.GetRequiredService<PeopleDirectory>().FindAsync(Email, Ct))!;
        var accounts = app.Services.GetRequiredService<AccountDirectory>();
        var id = await accounts.CreateAsync(Email, "Lea Ver", roles, person.Id.Value, Password, Ct);
        var token = (await app.Services.GetRequiredService<ApiTokens>().CreateAsync(id!.Value, "test", Ct)).Token;
        using var answer = await RealApp.SignInAsync(client, Email, Password);
        return (token, RealApp.Cookie(answer, "guerdon")!);
    }

    private static async Task ImportAsync(RealApp app, DateOnly? leftOn)
    {
        var csv = "email,name,team,role,level,country,cost_centre,hired_on,left_on,base_pay,total_pay,currency\n"
            + $"{Email},Lea Ver,Ops,Engineer,L4,US,CC,2020-01-01,"
            + $"{leftOn?.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture)},1,1,USD\n";
        using var stream = new MemoryStream(Encoding.UTF8.GetBytes(csv));
        Assert.Empty((await ImportPeople.RunAsync(stream, false, app.Db, TimeProvider.System, Ct)).Errors);
    }
}
