using System.Text.RegularExpressions;
using Guerdon.Tests;
using Guerdon.Identity.Accounts;
using Microsoft.AspNetCore.Antiforgery;
using Microsoft.AspNetCore.Components.Endpoints;
using Microsoft.AspNetCore.Routing;
using Microsoft.AspNetCore.Routing.Patterns;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Playwright;
using Npgsql;

namespace Guerdon.Browser;

/// <summary>POST, redirect, GET: whatever is pressed twice, loaded again or gone back to happens once.</summary>
[Collection(FullSite.Name)]
public sealed partial class FormTests(FullSite full)
{
    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    /// <summary>What is pressed: by whom, where, the form's name as its page has it, and how it is filled in.</summary>
    private sealed record Press(
        string By, string Page, string Form, string? Button = null, (string Field, string Value)[]? Fill = null)
    {
        /// <summary>What leads to the form.</summary>
        public Press? Before { get; init; }
    }

    private static readonly string NextMonth = $"{TimeProvider.System.GetUtcNow().AddMonths(1):yyyy-MM}-01";
    private static readonly string ThisMonth = $"{TimeProvider.System.GetUtcNow():yyyy-MM}";

    private static readonly Press Quote =
        new(FullSite.Employee, "/convert", "quote", Fill: [("Ask.Tokens", "30000000")]);

    // In order: what one does, the next decides.
    private IEnumerable<Press> All =>
    [
        new(FullSite.Employee, "/", "see"),
        new(FullSite.Employee, "/sessions", "end "),
        new(FullSite.Employee, "/keys", "create", Fill: [("Form.Name", "once")]),
        new(FullSite.Employee, "/keys", "revoke "),
        Quote,
        new(FullSite.Employee, "/convert", "request") { Before = Quote },
        new(FullSite.Employee, "/convert", "withdraw "),
        new(FullSite.Employee, "/claims", "file", Fill:
        [
            ("Entry.Vendor", "OpenAI"), ("Entry.SpentOn", $"{TimeProvider.System.GetUtcNow().AddDays(-2):yyyy-MM-dd}"),
            ("Entry.Amount", "21.00"), ("Entry.Purpose", "Drafts"), ("Entry.Receipt", "%PDF-1.4 once"),
        ]),
        new(FullSite.Employee, "/tiers", "ask", Fill: [("Form.UseCase", "Reviews"), ("Form.Impact", "Fewer faults")]),
        new(Company.Admin, "/admin/grants", "run", "rehearse",
            [("Run.Plan", "allowance-2026"), ("Run.Period", ThisMonth)]),
        new(Company.Admin, "/admin/grants", "award", Fill:
        [
            ("Award.Plan", "allowance-2026"), ("Award.Period", ThisMonth), ("Award.Person", "cara@example.com"),
            ("Award.Name", "spot"), ("Award.Reason", "For the release."),
        ]),
        new(FullSite.Second, "", "decline"),
        new(FullSite.Second, full.Waiting, "approve"),
        new(Company.Admin, full.Waiting, "reverse", Fill: [("Reason", "The wrong month.")]),
        new(FullSite.Second, full.Waiting, "agree"),
        new(FullSite.Second, "/awards", "approve vfa_"),
        new(FullSite.Second, "/admin/conversions", "approve cnv_"),
        new(FullSite.Second, "/admin/conversions", "decline cnv_", Fill: [("Answer", "Not now.")]),
        new(FullSite.Second, "/admin/claims", "approve clm_"),
        new(FullSite.Second, "/admin/claims", "decline clm_", Fill: [("Answer", "Not ours.")]),
        new(FullSite.Second, "/admin/tiers", "decide", "approve", [("Form.Reason", "Shown in figures.")]),
        new(FullSite.Second, "/admin/plans/rollout", "vote", Fill: [("Vote.Reason", "It is ready.")]),
        new(FullSite.Second, "/admin/plans/rollout", "propose", Fill:
            [("Proposal.Report", "It went well."), ("Proposal.BeginsOn", NextMonth)]),
        new(Company.Admin, "/admin/plans/edit?name=support-extra", "plan", "check"),
        new(Company.Admin, "/admin/verify", "verify"),
        new(Company.Admin, "/admin/notices", "ntc_"),
        new(Company.Admin, "/admin/notices", "all"),
        new(Company.Admin, "/admin/sso", "remove "),
        new(Company.Admin, "/admin/access", "vouch ", Fill: [("Vouch", "Met them.")]),
        new(Company.Admin, "/admin/offers/new", "offer", Fill:
        [
            ("Form.Offer", "once"), ("Form.Candidate", "Ada"), ("Form.Employer", "Engines"), ("Form.Role", "Engineer"),
            ("Form.Country", "DE"), ("Form.Location", "Berlin"), ("Form.Start", "2199-02-01"),
            ("Form.ValidUntil", "2199-12-31"), ("Form.Currency", "EUR"), ("Form.BasePay", "100000"),
        ]),
        new(Company.Admin, "/admin/offers/once", "share"),
        new(Company.Admin, "/admin/offers/once", "revoke "),
        new(Company.Admin, $"/admin/people/prs_{full.Site.Company.Ids["femi@example.com"]:N}/email", "email",
            Fill: [("Form.Email", "dev.once@example.com")]),
        new(Company.Admin, "/admin/access", "open", Fill: [("Open.Email", "zoe@example.com"), ("Open.Name", "Zoe")]),
        AskFor("people"),
        new(FullSite.Second, "/admin/access", "approve rol_"),
        AskFor("platform"),
        new(FullSite.Second, "/admin/access", "decline rol_", Fill: [("Answer", "Not yet.")]),
        new(Company.Admin, "/admin/access", "reset "), // of the first account by address, as are the next two
        new(Company.Admin, "/admin/access", "take acc_"),
        new(Company.Admin, "/admin/access", "close acc_"),
    ];

    private static Press AskFor(string role) => new(Company.Admin, "/admin/access", "ask", Fill:
        [("Ask.Email", "a@example.com"), ("Ask.Role", role), ("Ask.Reason", "For a while.")]);

    [Fact]
    public async Task Forms_LoadedAgainGoneBackToAndPressedAgain_HappenOnce()
    {
        await FailNoticesAsync();
        await ProviderAsync();
        var wrong = new List<string>();
        foreach (var press in All)
        {
            await using var window = await full.Site.OpenAsync(press.By, await AddressAsync(press));
            if (await TryAsync(window.Page, press) is { } why) wrong.Add($"{press.Page}, {press.Form}: {why}");
        }

        Assert.True(wrong.Count == 0, string.Join('\n', wrong));
        var named = Directory.EnumerateFiles(Path.Combine(Checkout.Root, "src"), "*.razor",
            SearchOption.AllDirectories).SelectMany(f => FormName().Matches(File.ReadAllText(f)))
            .Select(m => m.Groups[1].Value.TrimEnd(' ')).ToHashSet();
        var pressed = All.Select(p => p.Form.Split(' ')[0]).ToHashSet();
        // What signs out, takes a command line, or renames a passkey: SessionTests, LoginTests, PasskeyTests.
        named.ExceptWith(["everywhere", "confirm", "rename"]);
        Assert.Equal(named.Order(), pressed.Where(named.Contains).Order());
    }

    [Fact]
    public async Task Key_MadeByADoubleClick_IsOneAndShownOnce()
    {
        await using var window = await full.Site.OpenAsync("bo@example.com", "/keys");
        var page = window.Page;
        await page.Locator("[name='Form.Name']").FillAsync("doubled");
        await page.GetByRole(AriaRole.Button, new() { Name = "Make key" }).DblClickAsync();
        var key = await page.GetByLabel("Key", new() { Exact = true }).First.InnerTextAsync();

        Assert.StartsWith("sk-guerdon-", key, StringComparison.Ordinal);
        Assert.Equal(1, await page.Locator("tbody th", new() { HasText = "doubled" }).CountAsync());
        await page.ReloadAsync();
        await Assertions.Expect(page.Locator("#form-notice")).ToContainTextAsync("its answer was shown");
        Assert.DoesNotContain(key, await page.ContentAsync(), StringComparison.Ordinal);
        Assert.Equal(1, await page.Locator("tbody th", new() { HasText = "doubled" }).CountAsync());
    }

    [Fact]
    public async Task Answer_AskedForByAnotherBrowserOfTheSameAccount_IsNotShown()
    {
        await using var first = await full.Site.OpenAsync("cara@example.com", "/keys");
        await first.Page.RouteAsync("**/keys?done=*", route => route.AbortAsync());
        await first.Page.Locator("[name='Form.Name']").FillAsync("elsewhere");
        var sent = await first.Page.RunAndWaitForRequestAsync(
            () => first.Page.GetByRole(AriaRole.Button, new() { Name = "Make key" }).ClickAsync(),
            r => r.Url.Contains("done=", StringComparison.Ordinal));

        await using var other = await full.Site.OpenAsync("cara@example.com", new Uri(sent.Url).PathAndQuery);
        Assert.Equal(0, await other.Page.GetByLabel("Key", new() { Exact = true }).CountAsync());
        await Assertions.Expect(other.Page.Locator("#form-notice")).ToBeVisibleAsync();
    }

    [Fact]
    public async Task Forms_OfAnotherSessionOrNobody_SayWhatHappenedAndDoNothing()
    {
        await using var window = await full.Site.OpenAsync("dev@example.com", "/keys");
        await window.Page.Locator("[name='Form.Name']").FillAsync("stale");
        await window.Page.Context.ClearCookiesAsync(new() { Name = "guerdon.form" });
        await window.Page.GetByRole(AriaRole.Button, new() { Name = "Make key" }).ClickAsync();
        await Assertions.Expect(window.Page.Locator("#form-notice")).ToContainTextAsync("nothing was done");
        Assert.Equal(0, await window.Page.Locator("tbody th", new() { HasText = "stale" }).CountAsync());
    }

    [Fact]
    public async Task SignIn_FromAPageWhoseCookieIsGone_Works()
    {
        await using var window = await full.Site.OpenAsync(email: null, "/sign-in");
        await window.Page.Context.ClearCookiesAsync();
        await window.Page.GetByLabel("E-mail").FillAsync("gil@example.com");
        await window.Page.GetByLabel("Password").FillAsync(Company.Password);
        await window.Page.GetByRole(AriaRole.Button, new() { Name = "Sign in" }).ClickAsync();
        await window.Page.GetByRole(AriaRole.Button, new() { Name = "Sign out" }).WaitForAsync();
    }

    [Fact]
    public async Task SignIn_Refused_IsLoadedAgainWithoutAnotherTry()
    {
        await using var window = await full.Site.OpenAsync(email: null, "/sign-in?ReturnUrl=%2Fkeys");
        await window.Page.GetByLabel("E-mail").FillAsync("ines@example.com");
        await window.Page.GetByLabel("Password").FillAsync("not the password");
        var sent = await window.Page.RunAndWaitForResponseAsync(
            () => window.Page.GetByRole(AriaRole.Button, new() { Name = "Sign in" }).ClickAsync(),
            r => r.Request.Method == "POST");
        Assert.Equal(303, sent.Status);
        await Assertions.Expect(window.Page.GetByRole(AriaRole.Alert)).ToContainTextAsync("do not belong together");
        Assert.Equal("ines@example.com", await window.Page.GetByLabel("E-mail").InputValueAsync());

        var again = await window.Page.ReloadAsync();
        Assert.Equal("GET", again!.Request.Method);
        await window.Page.GetByLabel("E-mail").FillAsync("ines@example.com");
        await window.Page.GetByLabel("Password").FillAsync(Company.Password);
        await window.Page.GetByRole(AriaRole.Button, new() { Name = "Sign in" }).ClickAsync();
        await window.ArriveAsync("**/keys");
    }

    /// <summary>Every endpoint that takes a form, with forms that are none: the answer is a page to go to.</summary>
    [Fact]
    public async Task Endpoints_OfForms_AnswerWithARedirectWhateverIsSent()
    {
        await using var window = await full.Site.OpenAsync(Company.Admin, "/admin");
        var token = await window.Page.Locator("input[name=__RequestVerificationToken]").First.InputValueAsync();
        var endpoints = full.Site.Services.GetServices<EndpointDataSource>().SelectMany(s => s.Endpoints)
            .OfType<RouteEndpoint>().Where(TakesForms)
            .Select(e => (Address: AddressOf(e.RoutePattern), NamesAll: NamesAllForms(e))).Distinct().ToArray();
        Assert.True(endpoints.Length > 25, $"only {endpoints.Length}");

        var wrong = new List<string>();
        foreach (var (address, namesAll) in endpoints.Where(e => e.Address is not ("/sign-in" or "/sign-out")))
            foreach (var fields in new[] { "", $"__RequestVerificationToken={Uri.EscapeDataString(token)}",
                $"__RequestVerificationToken={Uri.EscapeDataString(token)}&__once=nonsense&_handler=none" })
            {
                var answer = await window.Page.APIRequest.PostAsync(address, new()
                {
                    DataString = fields, MaxRedirects = 0,
                    Headers = new Dictionary<string, string>
                    {
                        ["Content-Type"] = "application/x-www-form-urlencoded", ["Accept"] = "text/html",
                    },
                });
                // A form that the page does not have is nobody's to send, unless all forms of the page need the same.
                if (namesAll && answer.Status == 403) continue;
                if (answer.Status != 303 || (await answer.BodyAsync()).Length > 0)
                    wrong.Add($"{address} with '{fields}': {answer.Status} {await answer.TextAsync()}");
            }

        Assert.True(wrong.Count == 0, string.Join('\n', wrong));
    }

    private static bool NamesAllForms(RouteEndpoint endpoint) =>
        endpoint.Metadata.GetMetadata<ComponentTypeMetadata>() is not null
        && endpoint.Metadata.GetOrderedMetadata<FormNeedsAttribute>().All(form => form.Form != "*");

    private static bool TakesForms(RouteEndpoint endpoint) =>
        endpoint.Metadata.GetMetadata<IAntiforgeryMetadata>() is { RequiresValidation: true }
        && endpoint.Metadata.GetMetadata<IHttpMethodMetadata>()?.HttpMethods is null or { Count: 0 } or [.., "POST"]
        && endpoint.RoutePattern.RawText is not ("/offer/{Token}" or "/sign-in");

    private string AddressOf(RoutePattern pattern) => "/" + string.Join('/', pattern.PathSegments.Select(s =>
        s.Parts[0] switch
        {
            RoutePatternLiteralPart literal => literal.Content,
            RoutePatternParameterPart { Name: "Person" } => $"prs_{full.Site.Company.Ids[Company.Anna.Email]:N}",
            _ => "ada-2027",
        }));

    private async Task<string> AddressAsync(Press press)
    {
        if (press.Page.StartsWith("run_", StringComparison.Ordinal)) return $"/admin/grants/{press.Page}";
        if (press.Page.StartsWith('/') && press.Page != "/awards") return press.Page;
        var runs = await full.ApiOf(FullSite.Second).GetAsync("grants/runs", Ct);
        var state = press.Page == "/awards" ? "posted" : "awaiting";
        return "/admin/grants/" + runs.GetProperty("runs").EnumerateArray().First(r =>
            r.GetProperty("kind").GetString() == "awards" && r.GetProperty("state").GetString() == state)
            .GetProperty("runId").GetString();
    }

    private async Task<string?> TryAsync(IPage page, Press press)
    {
        try
        {
            return await OnceAsync(page, press);
        }
        catch (TimeoutException e)
        {
            return e.Message; // the others are tried all the same
        }
    }

    // Presses, loads again, goes back, presses again; what the database holds must stay what the first press left.
    private async Task<string?> OnceAsync(IPage page, Press press, bool thenLeave = true)
    {
        var fields = string.Concat((press.Fill ?? []).Select(f => $":has([name='{f.Field}'])"));
        var form = page.Locator($"form:has(input[name='_handler'][value^='{press.Form}']){fields}").First;
        if (press.Before is { } before && await OnceAsync(page, before, thenLeave: false) is { } early) return early;
        if (await form.CountAsync() == 0) return "there is no such form";
        var exact = await form.Locator("input[name='_handler']").InputValueAsync();
        await FillAsync(form, press);
        var sent = await PressAsync(page, form, press);
        if (sent.Status != 303) return $"answered {sent.Status}";
        await page.WaitForLoadStateAsync();
        if (page.Url.Contains("/confirm", StringComparison.Ordinal)) return "the sign-in was too long ago";
        if (!thenLeave) return null;
        var after = await RowsAsync();

        var again = await page.ReloadAsync();
        if (again!.Request.Method != "GET" || again.Status >= 400)
            return $"F5 was a {again.Request.Method}, {again.Status}";
        if (Differs(after, await RowsAsync()) is { } byReload) return $"F5 changed {byReload}";
        if (await RepeatAsync(page, sent) is { } byRepeat) return byRepeat;
        await page.GoBackAsync();
        form = page.Locator($"form:has(input[name='_handler'][value='{exact}'])").First;
        if (await form.CountAsync() > 0 && await form.Locator("button").CountAsync() > 0)
        {
            // The very form that was sent; a page that came again has one of its own.
            await page.EvaluateAsync("([field, value]) => document.querySelectorAll(`[name='${field}']`)"
                + ".forEach(e => e.value = value)", new[] { "__once", sent.Request.PostData is null
                    ? "" : OnceIn(sent.Request.PostData) });
            await FillAsync(form, press);
            var second = await PressAsync(page, form, press);
            if (second.Status != 303) return $"the second press answered {second.Status}";
            await page.WaitForLoadStateAsync();
        }

        return Differs(after, await RowsAsync()) is { } bySecond ? $"the second press changed {bySecond}" : null;
    }

    // The same bytes again, as the second of two clicks sends them.
    private static async Task<string?> RepeatAsync(IPage page, IResponse sent)
    {
        var type = await sent.Request.HeaderValueAsync("content-type") ?? "";
        if (!type.StartsWith("application/x-www-form-urlencoded", StringComparison.Ordinal)) return null;
        var again = await page.APIRequest.PostAsync(sent.Url, new()
        {
            DataString = sent.Request.PostData, MaxRedirects = 0,
            Headers = new Dictionary<string, string> { ["Content-Type"] = type, ["Accept"] = "text/html" },
        });
        return again.Status == 303 && again.Headers["location"] == await sent.HeaderValueAsync("location")
            ? null : $"the same again was answered {again.Status}, {again.Headers.GetValueOrDefault("location")}";
    }

    private static string OnceIn(string body) =>
        Regex.Match(body, "__once(?:=|\"\\s+)([A-Za-z0-9_-]+)").Groups[1].Value;

    private static async Task FillAsync(ILocator form, Press press)
    {
        await form.EvaluateAsync("f => f.querySelectorAll('details').forEach(d => d.open = true)");
        await form.EvaluateAsync("f => { for (let d = f.closest('details'); d; d = d.parentElement.closest('details')) "
            + "d.open = true; }");
        foreach (var (field, value) in press.Fill ?? [])
        {
            var input = form.Locator($"[name='{field}']");
            if (field.EndsWith("Receipt", StringComparison.Ordinal))
                await input.SetInputFilesAsync(new FilePayload
                {
                    Name = "receipt.pdf", MimeType = "application/pdf",
                    Buffer = System.Text.Encoding.ASCII.GetBytes(value),
                });
            else if (await input.EvaluateAsync<bool>("e => e.tagName === 'SELECT'"))
                await input.SelectOptionAsync(value);
            else await input.FillAsync(value);
        }
    }

    private static Task<IResponse> PressAsync(IPage page, ILocator form, Press press)
    {
        var button = press.Button is { } value
            ? form.Locator($"button[value='{value}']") : form.Locator("button").First;
        return page.RunAndWaitForResponseAsync(() => button.ClickAsync(), r => r.Request.Method == "POST");
    }

    private static string? Differs(Dictionary<string, long> before, Dictionary<string, long> after) =>
        after.Where(t => before.GetValueOrDefault(t.Key) != t.Value)
            .Select(t => $"{t.Key} from {before.GetValueOrDefault(t.Key)} to {t.Value}").FirstOrDefault();

    // Once it is quiet: a run that was approved posts for a moment.
    private async Task<Dictionary<string, long>> RowsAsync()
    {
        var rows = await CountAsync();
        for (var tries = 0; tries < 50; tries++)
        {
            await Task.Delay(150, Ct);
            var now = await CountAsync();
            if (Differs(rows, now) is null) return now;
            rows = now;
        }

        throw new InvalidOperationException("The database does not come to rest.");
    }

    private async Task<Dictionary<string, long>> CountAsync()
    {
        var db = full.Site.Services.GetRequiredService<NpgsqlDataSource>();
        await using var command = db.CreateCommand("""
            select n.nspname || '.' || c.relname,
                   (xpath('/row/c/text()', query_to_xml(format('select count(*) as c from %I.%I', n.nspname, c.relname),
                                                        false, true, '')))[1]::text::bigint
              from pg_class c join pg_namespace n on n.oid = c.relnamespace
             where c.relkind = 'r'
               and n.nspname in ('compensation', 'gateway', 'ledger', 'metering', 'people', 'pricing')
            """);
        await using var reader = await command.ExecuteReaderAsync(Ct);
        var counts = new Dictionary<string, long>(StringComparer.Ordinal);
        while (await reader.ReadAsync(Ct)) counts[reader.GetString(0)] = reader.GetInt64(1);
        return counts;
    }

    [GeneratedRegex("@formname=\"(?:@\\(\\$\")?([a-z]+)")]
    private static partial Regex FormName();
}
