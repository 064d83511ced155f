using System.Globalization;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json.Nodes;
using Guerdon.Database.Host;
using Guerdon.Identity.Accounts;
using Guerdon.Identity.Tokens;
using Guerdon.Kernel;
using Microsoft.Extensions.DependencyInjection;

namespace Guerdon.Database.Scim;

/// <summary>The real server, called as a directory calls it.</summary>
public sealed class ScimServer : IAsyncLifetime
{
    public const string Root = "/scim/v2";

    private static int _names;
    private RealApp _app = null!;

    internal RealApp App => _app;

    /// <summary>Calls with the directory's token.</summary>
    public HttpClient Directory { get; private set; } = null!;

    /// <summary>Calls without any.</summary>
    public HttpClient Nobody { get; private set; } = null!;

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        _app = await RealApp.StartAsync();
        var account = await _app.Services.GetRequiredService<AccountDirectory>().FindByEmailAsync(RealApp.Admin, Ct);
        var token = await _app.Services.GetRequiredService<ApiTokens>().CreateAsync(account!.Id, "directory", Ct);
        Directory = _app.Client();
        Directory.DefaultRequestHeaders.Authorization = new("Bearer", token.Token);
        Nobody = _app.Client();
    }

    /// <summary>Calls with the token of an employee.</summary>
    public async Task<HttpClient> EmployeeAsync()
    {
        var account = await _app.Services.GetRequiredService<AccountDirectory>()
            .CreateAsync(Name("employee"), "Somebody", [Roles.Employee], null, null, Ct);
        var token = await _app.Services.GetRequiredService<ApiTokens>().CreateAsync(account!.Value, "mine", Ct);
        var client = _app.Client();
        client.DefaultRequestHeaders.Authorization = new("Bearer", token.Token);
        return client;
    }

    public async ValueTask DisposeAsync()
    {
        Directory.Dispose();
        Nobody.Dispose();
        await _app.DisposeAsync();
    }

    /// <summary>An answer: its status, its body, and what its headers say of it.</summary>
    /// <param name="Status">Of HTTP.</param>
    /// <param name="Body">Empty where there is none.</param>
    /// <param name="Headers">All of them.</param>
    public sealed record Answer(int Status, JsonObject Body, HttpResponseHeaders Headers)
    {
        public string MediaType { get; init; } = "";

        public string Id => Text("id");

        public int Total => Body["totalResults"]!.GetValue<int>();

        public JsonObject[] Items => [.. Body["Resources"]!.AsArray().Select(one => one!.AsObject())];

        public string Text(string name) => Body[name]!.GetValue<string>();

        public override string ToString() =>
            string.Create(CultureInfo.InvariantCulture, $"{Status} {Body.ToJsonString()}");
    }

    /// <summary>A name that no other test has.</summary>
    public static string Name(string prefix) => string.Create(
        CultureInfo.InvariantCulture, $"{prefix}{Interlocked.Increment(ref _names)}@example.com");

    public Task<Answer> GetAsync(string path) => SendAsync("GET", path, null);

    public Task<Answer> PostAsync(string path, string body) => SendAsync("POST", path, body);

    public Task<Answer> PutAsync(string path, string body) => SendAsync("PUT", path, body);

    public Task<Answer> DeleteAsync(string path) => SendAsync("DELETE", path, null);

    /// <summary>Sends operations, as Entra ID and Okta do.</summary>
    public Task<Answer> PatchAsync(string path, params string[] operations) => SendAsync("PATCH", path, $$"""
        {"schemas":["urn:ietf:params:scim:api:messages:2.0:PatchOp"],"Operations":[{{string.Join(',', operations)}}]}
        """);

    /// <summary>A user, from a name and further attributes.</summary>
    public async Task<string> UserAsync(string userName, string more = "") =>
        (await PostAsync("/Users", $$"""
            {"schemas":["urn:ietf:params:scim:schemas:core:2.0:User"],"userName":"{{userName}}"{{more}}}
            """)).Id;

    /// <summary>A group with these members.</summary>
    public async Task<string> GroupAsync(string displayName, params string[] members)
    {
        var named = string.Join(',', members.Select(id => $$"""{"value":"{{id}}"}"""));
        return (await PostAsync("/Groups", $$"""{"displayName":"{{displayName}}","members":[{{named}}]}""")).Id;
    }

    /// <summary>Who the members of a group are, by id.</summary>
    public async Task<string[]> MembersAsync(string group) =>
        (await GetAsync($"/Groups/{group}")).Body["members"] is JsonArray members
            ? [.. members.Select(member => member!["value"]!.GetValue<string>()).Order(StringComparer.Ordinal)] : [];

    public async Task<Answer> SendAsync(
        string method, string path, string? body, HttpClient? client = null,
        params (string Name, string Value)[] headers)
    {
        using var request = new HttpRequestMessage(new HttpMethod(method), Root + path);
        foreach (var (name, value) in headers) request.Headers.TryAddWithoutValidation(name, value);
        request.Headers.Accept.ParseAdd("application/scim+json");
        if (body is not null)
        {
            request.Content = new StringContent(body, Encoding.UTF8);
            request.Content.Headers.ContentType = new("application/scim+json") { CharSet = "utf-8" };
            // What is too long is refused before it is sent, and no connection breaks in the middle.
            request.Headers.ExpectContinue = body.Length > 100_000;
        }

        using var response = await (client ?? Directory).SendAsync(request, Ct);
        var text = await response.Content.ReadAsStringAsync(Ct);
        var answer = text.Length == 0 ? [] : JsonNode.Parse(text)!.AsObject();
        return new((int)response.StatusCode, answer, response.Headers)
        {
            MediaType = response.Content.Headers.ContentType?.MediaType ?? "",
        };
    }
}
