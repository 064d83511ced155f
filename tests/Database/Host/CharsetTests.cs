using System.Net;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;

namespace Guerdon.Database.Host;

/// <summary>Every answer that is a text says in which charset, in each format that its endpoint has; JSON is UTF-8 by
/// its own standard.</summary>
public sealed class CharsetTests(RunningApp running) : IClassFixture<RunningApp>
{
    // Of all endpoints; one that does not know a format refuses it.
    private static readonly string[] Formats = ["csv", "json", "pdf", "hledger", "beancount"];

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Texts_InEveryFormat_SayTheirCharset()
    {
        var (bad, texts, csv) = (new List<string>(), 0, new HashSet<string>());
        foreach (var endpoint in running.App.Services.GetRequiredService<EndpointDataSource>()
            .Endpoints.OfType<RouteEndpoint>())
        {
            if (endpoint.Metadata.GetMetadata<HttpMethodMetadata>()?.HttpMethods is { } methods
                && !methods.Contains("GET")) continue;
            var names = EndpointRequests.ParametersOf(endpoint).ToList();
            var path = EndpointRequests.PathOf(endpoint.RoutePattern, null, null);
            if (path.Contains("/live/", StringComparison.Ordinal)) continue;
            foreach (var query in QueriesOf(names))
            {
                using var answer = await running.Admin.GetAsync(
                    new Uri(path + query, UriKind.Relative), HttpCompletionOption.ResponseHeadersRead, Ct);
                if (answer.Content.Headers.ContentType is not { MediaType: { } media } type) continue;
                if (!media.StartsWith("text/", StringComparison.Ordinal)) continue;
                texts++;
                if (media == "text/csv" && answer.StatusCode == HttpStatusCode.OK) csv.Add(path);
                if (!string.Equals(type.CharSet, "utf-8", StringComparison.OrdinalIgnoreCase))
                    bad.Add($"{path}{query}: {type}");
            }
        }

        Assert.True(texts > 20, $"Only {texts} texts were answered.");
        Assert.Contains("/api/v1/acts", csv);
        Assert.True(csv.Count > 1, string.Join(' ', csv));
        Assert.Equal("", string.Join('\n', bad));
    }

    // Also a format alone, since one endpoint's value of a name may be none of another's.
    private static IEnumerable<string> QueriesOf(List<string> names)
    {
        yield return EndpointRequests.QueryOf(names, null, null);
        if (!names.Contains("format")) yield break;
        foreach (var format in Formats)
        {
            yield return EndpointRequests.QueryOf(names, "format", format);
            yield return $"?format={format}";
        }
    }
}
