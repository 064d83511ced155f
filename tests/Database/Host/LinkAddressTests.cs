using System.Net.Http.Json;

namespace Guerdon.Database.Host;

/// <summary>A link that is handed on leads here, whatever address the one who asked for it says that this is.</summary>
public sealed class LinkAddressTests(RunningApp app) : IClassFixture<RunningApp>
{
    [Fact]
    public async Task OfferLink_AskedForByAnotherHost_IsOfOurOwnAddress()
    {
        var ct = TestContext.Current.CancellationToken;
        foreach (var host in (string[])["evil.example", $"evil.example:{app.Address.Port}", "localhost"])
        {
            using var request = new HttpRequestMessage(
                HttpMethod.Post, new Uri("/api/v1/offers/ada-lovelace/links", UriKind.Relative));
            request.Headers.Host = host;
            request.Content = JsonContent.Create(new { days = 7 });
            using var answer = await app.Admin.SendAsync(request, ct);

            Assert.Equal(200, (int)answer.StatusCode);
            Assert.StartsWith($"{app.Address.GetLeftPart(UriPartial.Authority)}/offer/",
                (await RunningApp.JsonAsync(answer)).GetProperty("url").GetString(), StringComparison.Ordinal);
        }
    }
}
