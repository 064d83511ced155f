using System.Net;
using System.Text.RegularExpressions;
using Microsoft.AspNetCore.Components.Endpoints;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;

namespace Stipend.Database.Host;

/// <summary>Every form of every page, as an administrator and as an employee, each field given what nobody should type:
/// no page answers 500. Pages and forms are found, not listed.</summary>
public sealed partial class FormWalkTests(RunningApp running) : IClassFixture<RunningApp>
{
    private static readonly string[] Edges =
    [
        "\0", "a\0b", "9223372036854775808", "-1", "0.0000000001", "1,000", "9999-12-31", "0001-01-01", "2026-02-30",
        "", " ", "<script>", "\u202e", new('x', 20_000), "99",
    ];

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("root@corp.example")]
    [InlineData(null)]
    public async Task Pages_EveryFieldOfEveryForm_NeverGives500(string? email)
    {
        using var browser = await SignInAsync(email ?? RunningApp.Person);
        var (bad, forms) = (new List<string>(), 0);
        foreach (var page in Pages())
        {
            using var shown = await browser.GetAsync(page, Ct);
            if ((int)shown.StatusCode >= 500) bad.Add($"GET {page}: {shown.StatusCode}");
            if (!shown.IsSuccessStatusCode) continue;
            foreach (Match form in Form().Matches(await shown.Content.ReadAsStringAsync(Ct)))
            {
                var fields = Fields(form.Value);
                if (fields.ContainsKey("from")) continue; // signs out
                forms++;
                foreach (var field in fields.Keys.Where(k => k is not ("__RequestVerificationToken" or "_handler")))
                    foreach (var edge in Edges)
                    {
                        var filled = new Dictionary<string, string>(fields) { [field] = edge };
                        using var posted = await browser.PostAsync(page, new FormUrlEncodedContent(filled), Ct);
                        if ((int)posted.StatusCode >= 500)
                            bad.Add($"POST {page} {field}={edge[..Math.Min(20, edge.Length)]}: {posted.StatusCode}");
                    }
            }
        }

        Assert.True(forms > 0, "No form was found.");
        File.WriteAllLines(Path.Combine(Path.GetTempPath(), "stipend-forms.txt"), [.. bad, running.Logged]);
        Assert.Empty(bad);
    }

    private IEnumerable<string> Pages() => running.App.Services.GetRequiredService<EndpointDataSource>().Endpoints
        .OfType<RouteEndpoint>().Where(e => e.Metadata.GetMetadata<ComponentTypeMetadata>() is not null)
        .Select(e => Filled(e.RoutePattern.RawText!)).Distinct();

    private static string Filled(string route) => "/" + Parameter().Replace(route, match => match.Value switch
    {
        "{Name}" or "{name}" => "engineering",
        "{Person}" or "{person}" => RunningApp.Person,
        "{Offer}" or "{offer}" => "ada-lovelace",
        _ => "x",
    }).TrimStart('/');

    private async Task<HttpClient> SignInAsync(string email)
    {
        var client = new HttpClient(new HttpClientHandler { CookieContainer = new CookieContainer() })
        {
            BaseAddress = running.Address,
        };
        client.DefaultRequestHeaders.Accept.ParseAdd("text/html");
        var page = await client.GetStringAsync("/sign-in", Ct);
        var fields = Fields(Form().Match(page).Value);
        fields["email"] = email;
        fields["password"] = RunningApp.Password;
        using var done = await client.PostAsync("/sign-in", new FormUrlEncodedContent(fields), Ct);
        Assert.True(done.IsSuccessStatusCode, $"{done.StatusCode}");
        return client;
    }

    private static Dictionary<string, string> Fields(string form)
    {
        var fields = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (Match field in Field().Matches(form))
            fields.TryAdd(
                WebUtility.HtmlDecode(Name().Match(field.Value).Groups[1].Value),
                WebUtility.HtmlDecode(Value().Match(field.Value).Groups[1].Value));
        fields.Remove("");
        return fields;
    }

    [GeneratedRegex("<form[^>]*method=\"post\".*?</form>", RegexOptions.Singleline | RegexOptions.IgnoreCase)]
    private static partial Regex Form();

    [GeneratedRegex("<(?:input|textarea|select|button)\\b[^>]*>", RegexOptions.IgnoreCase)]
    private static partial Regex Field();

    [GeneratedRegex("\\bname=\"([^\"]*)\"")]
    private static partial Regex Name();

    [GeneratedRegex("\\bvalue=\"([^\"]*)\"")]
    private static partial Regex Value();

    [GeneratedRegex("\\{[^}]+\\}")]
    private static partial Regex Parameter();
}
