using System.Net;
using System.Net.Http.Json;
using System.Text;
using System.Text.Json;
using Guerdon.Database.Clients;
using Guerdon.Database.Grants;
using Guerdon.Offers;

namespace Guerdon.Database.Offers;

public sealed class OfferTests(Company company) : IClassFixture<Company>
{
    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    private static string File(string name, string more = "") => $"""
        offer: {name}
        employer: Analytical Engines
        candidate: Ada Lovelace
        role: Engineer
        country: DE
        location: Berlin
        currency: EUR
        start: 2199-02-01
        valid_until: 2199-12-31
        base_pay: 100000
        tokens:
          share: 25%
          basis: base
          mode: carve-out
          expires_after: P3M
          usability: 70%
        {more}
        """;

    private Task<(HttpStatusCode Status, JsonElement Body)> KeepAsync(string yaml) =>
        company.SendAsync(HttpMethod.Post, "/api/v1/offers", new StringContent(yaml, Encoding.UTF8, "text/yaml"));

    private Task<(HttpStatusCode Status, JsonElement Body)> PostAsync(string path, object body) =>
        company.SendAsync(HttpMethod.Post, "/api/v1/offers" + path, JsonContent.Create(body));

    private static string? Title(JsonElement body) => body.GetProperty("title").GetString();

    [Fact]
    public async Task Create_SameTwiceThenChanged_AddsTwoVersionsAndVerifies()
    {
        var first = await KeepAsync(File("twice"));
        var again = await KeepAsync(File("twice"));
        var changed = await KeepAsync(File("twice", "horizon_years: 2"));

        Assert.Equal((true, false, true), (first.Body.GetProperty("added").GetBoolean(),
            again.Body.GetProperty("added").GetBoolean(), changed.Body.GetProperty("added").GetBoolean()));
        Assert.Equal(2, changed.Body.GetProperty("offer").GetProperty("version").GetInt32());
        var tokens = first.Body.GetProperty("value").GetProperty("components")[1].GetProperty("aYear");
        Assert.Equal(3_333_333, tokens.GetProperty("faceCents").GetInt64());
        Assert.Equal(2_333_333, tokens.GetProperty("riskAdjustedCents").GetInt64());

        var newest = await company.GetAsync("/api/v1/offers/twice");
        Assert.Equal(2, newest.Body.GetProperty("value").GetProperty("horizonYears").GetInt32());
        var id = first.Body.GetProperty("offer").GetProperty("id").GetString();
        var old = await company.GetAsync($"/api/v1/offers/{id}");
        Assert.Equal(4, old.Body.GetProperty("value").GetProperty("horizonYears").GetInt32());
        Assert.Empty(await company.VerifyAsync());
    }

    [Fact]
    public async Task Create_Wrong_NamesThePlaceAndKeepsNothing()
    {
        var (status, body) = await KeepAsync(File("wrong").Replace("100000", "-1", StringComparison.Ordinal));

        Assert.Equal((HttpStatusCode.UnprocessableEntity, "compensation.offer_invalid"), (status, Title(body)));
        Assert.Equal(10, body.GetProperty("errors")[0].GetProperty("line").GetInt32());
        Assert.Equal("compensation.offer_not_found", Title((await company.GetAsync("/api/v1/offers/wrong")).Body));
        var large = await KeepAsync(new string('#', 70_000));
        Assert.Equal("compensation.offer_too_large", Title(large.Body));
    }

    [Fact]
    public async Task Compare_CurrenciesCountAndHorizon_AreRefused()
    {
        await KeepAsync(File("ours"));
        await KeepAsync(File("theirs", "competitor: true").Replace("EUR", "USD", StringComparison.Ordinal));

        foreach (var body in new object[]
        {
            new { offers = new[] { "ours", "theirs" } }, new { offers = Array.Empty<string>() },
            new { offers = new[] { "ours", "ours", "ours", "ours", "ours" } },
            new { offers = new[] { "ours" }, horizonYears = 11 }, new { },
        })
        {
            Assert.Equal("compensation.offers_not_comparable", Title((await PostAsync("/compare", body)).Body));
        }

        var good = await PostAsync("/compare", new { offers = new[] { "ours", "ours" }, horizonYears = 3 });
        Assert.Equal(3, good.Body.GetProperty("comparison").GetProperty("horizonYears").GetInt32());
    }

    [Fact]
    public async Task Competitors_Offer_IsNeverSharedListedOrPrinted()
    {
        await KeepAsync(File("rival", "competitor: true"));

        Assert.Equal("compensation.offer_not_ours", Title((await PostAsync("/rival/links", new { })).Body));
        foreach (var what in new[] { "listing", "pdf" })
            Assert.Equal(
                "compensation.offer_not_ours", Title((await company.GetAsync($"/api/v1/offers/rival/{what}")).Body));
    }

    [Fact]
    public async Task Link_OpenedChangedRevokedAndOver_OpensOnlyWhileItMay()
    {
        company.Clock.Now = TimeProvider.System.GetUtcNow(); // the signature's own end goes by the system's clock
        await KeepAsync(File("linked"));
        var links = company.Get<OfferLinks>();
        var (link, url) = await MakeAsync(2);
        var token = url[(url.LastIndexOf('/') + 1)..];

        Assert.Equal("linked", (await links.OpenAsync(token, Ct))?.Name);
        Assert.Null(await links.OpenAsync(token[..^4] + "AAAA", Ct));
        Assert.Null(await links.OpenAsync("", Ct));
        Assert.Null(await links.OpenAsync("%%%", Ct));
        Assert.Null(await links.OpenAsync(new string('A', 10_000), Ct));
        Assert.Equal(0, await company.ScalarAsync(
            $"select count(*) from compensation.offer_link l where l::text like '%{token[10..40]}%'"));

        var (other, otherUrl) = await MakeAsync(1);
        Assert.Equal(
            HttpStatusCode.NoContent,
            (await company.SendAsync(HttpMethod.Delete, $"/api/v1/offers/links/{link}", null)).Status);
        Assert.Equal(
            HttpStatusCode.NoContent, // again changes nothing
            (await company.SendAsync(HttpMethod.Delete, $"/api/v1/offers/links/{link}", null)).Status);
        Assert.Null(await links.OpenAsync(token, Ct));
        var otherToken = otherUrl[(otherUrl.LastIndexOf('/') + 1)..];
        Assert.NotNull(await links.OpenAsync(otherToken, Ct));
        company.Clock.Now = company.Clock.Now.AddDays(1);
        Assert.Null(await links.OpenAsync(otherToken, Ct));
        Assert.NotEqual(link, other);
        Assert.Empty(await company.VerifyAsync());

        async Task<(string Id, string Url)> MakeAsync(int days)
        {
            var (_, body) = await PostAsync("/linked/links", new { days });
            return (body.GetProperty("link").GetProperty("id").GetString()!, body.GetProperty("url").GetString()!);
        }
    }

    [Fact]
    public async Task Link_Asked_Wrongly_IsRefused()
    {
        await KeepAsync(File("unlinked"));
        await KeepAsync(File("over").Replace("2199-12-31", "2020-12-31", StringComparison.Ordinal));

        foreach (var days in new[] { 0, 91, -1 })
            Assert.Equal(
                "compensation.offer_link_invalid", Title((await PostAsync("/unlinked/links", new { days })).Body));
        Assert.Equal("compensation.offer_over", Title((await PostAsync("/over/links", new { })).Body));
        foreach (var link in new[] { "x", "lnk_01990f6c6a6e7b3f8f0e0c1d2e3f4a5b" })
        {
            var (_, body) = await company.SendAsync(HttpMethod.Delete, $"/api/v1/offers/links/{link}", null);
            Assert.Equal("compensation.offer_link_not_found", Title(body));
        }
    }

    [Fact]
    public async Task Readers_ManyTries_AreSlowedDownByAddress()
    {
        var links = company.Get<OfferLinks>();
        var (one, other) = (IPAddress.Parse("192.0.2.1"), IPAddress.Parse("192.0.2.2"));
        for (var i = 0; i < 60; i++) Assert.True(links.MayTry(one));
        Assert.False(links.MayTry(one));
        Assert.True(links.MayTry(other));
        await Task.CompletedTask;
    }

    [Theory]
    [InlineData("GET", "/api/v1/offers")]
    [InlineData("POST", "/api/v1/offers")]
    [InlineData("POST", "/api/v1/offers/check")]
    [InlineData("POST", "/api/v1/offers/compare")]
    [InlineData("GET", "/api/v1/offers/ours")]
    [InlineData("POST", "/api/v1/offers/ours/links")]
    [InlineData("DELETE", "/api/v1/offers/links/lnk_1")]
    [InlineData("GET", "/api/v1/offers/ours/listing")]
    [InlineData("GET", "/api/v1/offers/ours/pdf")]
    public async Task Api_AnybodyButAdmins_IsRefused(string method, string path)
    {
        using var one = JsonContent.Create(new { });
        using var other = JsonContent.Create(new { });
        var (stranger, _) = await company.SendAsync(new(method), path, method == "GET" ? null : one, "nobody");
        var (person, _) = await company.SendAsync(
            new(method), path, method == "GET" ? null : other, "prs_01990f6c6a6e7b3f8f0e0c1d2e3f4a5b");

        Assert.Equal((HttpStatusCode.Unauthorized, HttpStatusCode.Forbidden), (stranger, person));
    }

    // What schema.org defines, as another's types have it: a member that it does not know, or of a wrong kind, fails.
    [Fact]
    public async Task Listing_JobPosting_IsWhatSchemaOrgDefines()
    {
        await KeepAsync(File("listed", "remote: true"));
        var (_, body) = await company.GetAsync("/api/v1/offers/listed/listing");
        var folder = await NodeClients.InstalledAsync("schema-dts@1.1.5", "typescript@5.9.3");
        using var home = new ClientHome(folder);
        const string Head = "import type { JobPosting, WithContext } from 'schema-dts';\n"
            + "const posting: WithContext<JobPosting> = ";
        var json = body.GetProperty("jsonLd").GetString()!;
        foreach (var (name, posting) in new[]
        {
            ("right", json),
            ("misspelt", json.Replace("\"baseSalary\"", "\"baseSalery\"", StringComparison.Ordinal)),
            ("mistyped", json.Replace("MonetaryAmount", "Person", StringComparison.Ordinal)),
        })
            await System.IO.File.WriteAllTextAsync(
                Path.Combine(home.Folder, name + ".ts"), $"{Head}{posting};\nexport default posting;\n", Ct);

        // All at once: the compiler takes five seconds to read what it knows of schema.org.
        var ran = await NodeClients.RunAsync(
            home, [], "node", Path.Combine(folder, "node_modules/typescript/bin/tsc"), "--noEmit", "--strict",
            "--module", "nodenext", "--moduleResolution", "nodenext", "--skipLibCheck",
            "right.ts", "misspelt.ts", "mistyped.ts");

        var wrong = ran.Output.Split('\n').Where(line => line.Contains(": error ", StringComparison.Ordinal))
            .Select(line => line.Split('(')[0]).Distinct().Order();
        Assert.True(wrong.SequenceEqual(["misspelt.ts", "mistyped.ts"]), ran.ToString());
    }
}
