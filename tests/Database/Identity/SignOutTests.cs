using System.Net;
using System.Text.RegularExpressions;
using Guerdon.Database.Host;
using Guerdon.Identity.Sessions;
using Guerdon.Storage;

namespace Guerdon.Database.Identity;

/// <summary>What a browser keeps of pages goes with the session in which it got them.</summary>
public sealed partial class SignOutTests
{
    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    // Each way to end one's own session; not cookies, of which theme and known browser stay.
    [Theory]
    [InlineData("POST /sign-out", true)]
    [InlineData("POST /sessions everywhere", true)]
    [InlineData("DELETE /api/v1/sessions", true)]
    [InlineData("DELETE /api/v1/sessions/this", true)]
    [InlineData("DELETE /api/v1/sessions/another", false)]
    [InlineData("DELETE /api/v1/sessions/ses_00000000000070008000000000000001", false)]
    [InlineData("GET /sessions", false)]
    public async Task OwnSession_ThatEnds_HasTheBrowserForgetItsPages(string how, bool forgets)
    {
        await using var app = await RealApp.StartAsync();
        using var client = app.Client();
        var session = await app.SessionAsync();
        var (cookies, token) = await StepUpTests.FormAsync(client, session);
        if (how.EndsWith("another", StringComparison.Ordinal))
        {
            await SessionTests.SecretAsync(app, RealApp.Admin);
            var another = new SessionId(await app.Db.ScalarAsync<Guid>(
                "select session_id from host.session where kind = 'command line'", [], Ct));
            how = how.Replace("another", $"{another}", StringComparison.Ordinal);
        }

        var words = how.Split(' ');
        using var request = SessionTests.Request(new(words[0]), words[1], cookies);
        if (words[0] == "DELETE") request.Headers.Add(CrossSite.Header, "1");
        if (words[0] == "POST")
            request.Content = new FormUrlEncodedContent(words.Length == 2
                ? [new("__RequestVerificationToken", token)] : await FieldsAsync(client, cookies, words[2]));
        using var answer = await client.SendAsync(request, Ct);
        var after = await SessionTests.AskAsync(client, session, HttpMethod.Get, "/api/v1/me");
        Assert.Equal(forgets ? HttpStatusCode.Unauthorized : HttpStatusCode.OK, after);
        Assert.Equal(forgets ? "\"cache\", \"storage\"" : "",
            answer.Headers.TryGetValues("Clear-Site-Data", out var said) ? Assert.Single(said) : "");

        static async Task<IEnumerable<KeyValuePair<string, string>>> FieldsAsync(
            HttpClient client, string cookies, string name)
        {
            using var request = SessionTests.Request(HttpMethod.Get, "/sessions", cookies);
            using var page = await client.SendAsync(request, Ct);
            var form = Form().Matches(await page.Content.ReadAsStringAsync(Ct))
                .Single(one => one.Value.Contains($"value=\"{name}\"", StringComparison.Ordinal)).Value;
            return Hidden().Matches(form)
                .Select(field => KeyValuePair.Create(field.Groups[1].Value, field.Groups[2].Value));
        }
    }

    [GeneratedRegex("(?s)<form.*?</form>")]
    private static partial Regex Form();

    [GeneratedRegex("type=\"hidden\" name=\"([^\"]+)\" value=\"([^\"]*)\"")]
    private static partial Regex Hidden();
}
