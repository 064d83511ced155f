using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text;
using System.Text.Json;

namespace Guerdon.Simulation;

/// <summary>The server as one account sees it.</summary>
internal sealed class CompanyApi : IDisposable
{
    private readonly HttpClient _http;
    private readonly Func<CancellationToken, Task<string>>? _signIn;

    /// <param name="address">As <c>http://127.0.0.1:8080</c>.</param>
    /// <param name="token">What it asks with.</param>
    /// <param name="signIn">Gives a session of somebody who has just signed in, for what a token alone may not do; null
    /// for an account that approves nothing.</param>
    public CompanyApi(string address, string token, Func<CancellationToken, Task<string>>? signIn = null)
    {
        _signIn = signIn;
        _http = new HttpClient { BaseAddress = new Uri(address), Timeout = TimeSpan.FromMinutes(10) };
        _http.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", token);
    }

    /// <param name="path">Below <c>/api/v1/</c>.</param>
    /// <param name="body">To be sent as JSON.</param>
    /// <param name="ct">Stops it.</param>
    /// <exception cref="SimulationException">The server did not do it.</exception>
    public Task<JsonElement> PostAsync(string path, object body, CancellationToken ct) =>
        SendAsync(HttpMethod.Post, path, JsonContent.Create(body), ct);

    public Task<JsonElement> FileAsync(string path, string text, string type, CancellationToken ct) =>
        SendAsync(HttpMethod.Post, path, new StringContent(text, Encoding.UTF8, type), ct);

    public Task<JsonElement> FormAsync(string path, MultipartFormDataContent form, CancellationToken ct) =>
        SendAsync(HttpMethod.Post, path, form, ct);

    public Task<JsonElement> GetAsync(string path, CancellationToken ct) => SendAsync(HttpMethod.Get, path, null, ct);

    /// <summary>A file as it comes.</summary>
    public async Task<string> TextAsync(HttpMethod method, string path, CancellationToken ct)
    {
        using var request = new HttpRequestMessage(method, "api/v1/" + path);
        using var response = await _http.SendAsync(request, ct);
        var text = await response.Content.ReadAsStringAsync(ct);
        return response.IsSuccessStatusCode ? text : throw Refused(request, response, text);
    }

    public void Dispose() => _http.Dispose();

    private async Task<JsonElement> SendAsync(
        HttpMethod method, string path, HttpContent? content, CancellationToken ct)
    {
        using var request = new HttpRequestMessage(method, "api/v1/" + path) { Content = content };
        using var response = await _http.SendAsync(request, ct);
        if (response.IsSuccessStatusCode) return await response.Content.ReadFromJsonAsync<JsonElement>(ct);
        var said = await response.Content.ReadAsStringAsync(ct);
        if (_signIn is null || !said.Contains("\"host.step_up\"", StringComparison.Ordinal))
            throw Refused(request, response, said);

        using var again = new HttpRequestMessage(method, "api/v1/" + path) { Content = content };
        again.Headers.Authorization = new AuthenticationHeaderValue("Bearer", await _signIn(ct));
        using var answer = await _http.SendAsync(again, ct);
        return answer.IsSuccessStatusCode
            ? await answer.Content.ReadFromJsonAsync<JsonElement>(ct)
            : throw Refused(again, answer, await answer.Content.ReadAsStringAsync(ct));
    }

    private static SimulationException Refused(HttpRequestMessage request, HttpResponseMessage response, string said) =>
        new($"{request.Method} {request.RequestUri!.PathAndQuery} answered {response.StatusCode:D}: {said}",
            (int)response.StatusCode);
}
