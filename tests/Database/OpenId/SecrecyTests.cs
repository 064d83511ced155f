using System.Text;
using Guerdon.Database.Host;
using Guerdon.Identity.Protection;
using Guerdon.OpenId.Providers;
using Guerdon.Tests;
using Microsoft.AspNetCore.Routing;

namespace Guerdon.Database.OpenId;

/// <summary>What a provider gives us, and the secret by which it knows us, stay with us: no page, answer or cookie has
/// them, and the database has none in the clear.</summary>
public sealed class SecrecyTests
{
    private const string Tables = """
        select string_agg(format('select %L || coalesce(string_agg(t::text, '' ''), '''') from %I.%I t',
                                 tablename || ': ', schemaname, tablename), ' union all ')
          from pg_tables where schemaname not in ('pg_catalog', 'information_schema')
        """;

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task TokensAndSecret_AreInNoPageOrCookie_NorInTheDatabaseInTheClear()
    {
        var keyFile = Path.Combine(TestHome.New(), "data.key");
        KeyFile.Make(keyFile);
        await using var sso = await SsoApp.StartAsync(
            new(ClientSecret: TestProvider.Secret, Strangers: Strangers.Admit), (KeyFile.Setting, keyFile));
        sso.Provider.User = TestProvider.Of("u-1", RealApp.Admin);
        using var browser = sso.Browser();
        Assert.Equal("/admin", await browser.SignInAsync());

        var (shown, pages) = (new StringBuilder(), 0);
        foreach (var endpoint in sso.App.Endpoints)
        {
            if (endpoint.Metadata.GetMetadata<HttpMethodMetadata>()?.HttpMethods is { } methods
                && !methods.Contains("GET")) continue;
            var path = EndpointRequests.PathOf(endpoint.RoutePattern, null, null);
            if (path.Contains("/live/", StringComparison.Ordinal)) continue;
            await browser.GetAsync(new(sso.App.Address, path));
            shown.Append(browser.Page).Append('\n');
            pages++;
        }

        Assert.True(browser.HasSession);
        Assert.True(pages > 100, $"Only {pages} were asked.");
        Assert.Contains(RealApp.Admin, $"{shown}", StringComparison.Ordinal);
        var stored = new StringBuilder();
        foreach (var table in (await sso.ScalarAsync<string>(Tables)).Split(" union all "))
            stored.Append(await sso.ScalarAsync<string>(table)).Append('\n');
        Assert.Contains("u-1", $"{stored}", StringComparison.Ordinal);
        Assert.Equal(1, await sso.ScalarAsync<long>("select count(*) from openid.session where id_token is not null"));

        Assert.NotEqual("", sso.Provider.IdToken);
        foreach (var secret in (string[])[
            TestProvider.AccessToken, TestProvider.RefreshToken, TestProvider.Secret, sso.Provider.IdToken])
        {
            Assert.DoesNotContain(secret, $"{shown}", StringComparison.Ordinal);
            Assert.DoesNotContain(secret, browser.Cookies, StringComparison.Ordinal);
            Assert.DoesNotContain(secret, $"{stored}", StringComparison.Ordinal);
            // As PostgreSQL writes bytes.
            Assert.DoesNotContain(
                Convert.ToHexStringLower(Encoding.UTF8.GetBytes(secret)), $"{stored}", StringComparison.Ordinal);
        }
    }
}
