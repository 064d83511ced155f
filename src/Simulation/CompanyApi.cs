using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;

namespace Guerdon.Host.Demo;

/// <summary>The server as one account sees it.</summary>
internal sealed class YearApi : IDisposable
{
    private readonly HttpClient _http;

    public YearApi(string address, string token)
    {
        _http = new HttpClient { BaseAddress = new Uri(address), Timeout = TimeSpan.FromMinutes(10) };
        _http.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", token);
    }

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
        return response.IsSuccessStatusCode ? text : throw new YearException($"{path}: {text}");
    }

    public void Dispose() => _http.Dispose();

    private async Task<JsonElement> SendAsync(
        HttpMethod method, string path, HttpContent? content, CancellationToken ct)
    {
        using var request = new HttpRequestMessage(method, "api/v1/" + path) { Content = content };
        using var response = await _http.SendAsync(request, ct);
        if (response.IsSuccessStatusCode) return await response.Content.ReadFromJsonAsync<JsonElement>(ct);
        var said = await response.Content.ReadAsStringAsync(ct);
        throw new YearException($"{method} {path} answered {response.StatusCode:D}: {said}");
    }
}

/// <summary>Something in the year did not come out as it must; the message says what.</summary>
internal sealed class YearException(string message) : Exception(message);
