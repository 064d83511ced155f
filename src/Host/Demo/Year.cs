using System.Globalization;
using System.Net.Http.Headers;
using System.Text;
using Guerdon.Identity.Accounts;
using Guerdon.Identity.Tokens;
using Guerdon.People.Employees;

namespace Guerdon.Host.Demo;

/// <summary>
/// Twelve months of a company, through the doors that a real one uses: one administrator asks, another approves, people
/// convert and claim for themselves. Only the clock is turned by hand.
/// </summary>
internal sealed class Year : IDisposable
{
    private const int Converting = 30; // people with an account of their own
    private readonly WebApplication _app;
    private readonly YearClock _clock;
    private readonly YearCompany _company;
    private readonly int _year;
    private readonly string _address;
    private readonly YearApi _ann;
    private readonly YearApi _bob;
    private readonly Dictionary<int, YearApi> _own = [];
    private int _receipts;

    private Year(WebApplication app, YearClock clock, YearCompany company, int year, string address, (string,
        string) tokens)
    {
        (_app, _clock, _company, _year, _address) = (app, clock, company, year, address);
        (_ann, _bob) = (new YearApi(address, tokens.Item1), new YearApi(address, tokens.Item2));
    }

    public YearApi Admin => _ann;

    public static async Task<Year> OpenAsync(
        WebApplication app, YearClock clock, YearCompany company, int year, string address, CancellationToken ct)
    {
        return new Year(app, clock, company, year, address,
            (await AdminAsync(app.Services, "ann", ct), await AdminAsync(app.Services, "bob", ct)));
    }

    /// <summary>What a month came to.</summary>
    /// <param name="Month">Its first day.</param>
    /// <param name="Staff">Employed on its first day or later.</param>
    /// <param name="Events">What happened, in words.</param>
    public sealed record MonthTold(DateOnly Month, int Staff, string Events);

    /// <summary>Files that are there from the first day.</summary>
    public async Task BeginAsync(CancellationToken ct)
    {
        var first = new DateOnly(_year, 1, 1);
        _clock.TurnTo(first);
        await _ann.FileAsync("people/import", _company.Csv(first), "text/csv", ct);
        await _ann.FileAsync("plans", YearFiles.PlanYaml(first, "5%", countsUse: true), "text/yaml", ct);
        // Before the terms, whose rates are held against what payroll says that currencies are worth.
        await _ann.FileAsync("payroll", YearFiles.PayrollYaml(first), "text/yaml", ct);
        await _ann.FileAsync("conversion-terms", YearFiles.ConversionYaml(first), "text/yaml", ct);
        await OpenAccountsAsync(ct);
    }

    /// <summary>Steps of a month: 1 who comes, goes and rises, 2 grants, 3 what changes at mid-year, 4 awards, 5 use,
    /// 6 conversions and claims, 7 its end, with payroll.</summary>
    public async Task<MonthTold> PlayAsync(DateOnly month, CancellationToken ct)
    {
        _clock.TurnTo(month);
        var (joined, leaving, promoted) = _company.Turn(month); // 1
        await _ann.FileAsync("people/import", _company.Csv(month), "text/csv", ct);
        var told = new List<string> { $"{joined} joined", $"{leaving} leave" };
        if (promoted > 0) told.Add($"{promoted} promoted");
        if (month.Month == 7) told.Add(await ChangeAsync(month, ct)); // 3, ahead of the month's grants
        told.Add(await GrantAsync("grants/runs", new { plan = YearFiles.Plan, period = Period(month) }, ct)); // 2
        if (month.Month % 3 == 1) told.Add(await AwardAsync(month, ct)); // 4
        await BackgroundJobs.RunAsync(_app.Services, ct);

        _clock.TurnTo(month.AddDays(14));
        told.Add(await UseAsync(month, ct)); // 5
        if (month.Month is 4 or 7 or 10) told.Add(await ConvertAsync(month, ct)); // 6
        if (month.Month % 2 == 0) told.Add(await ClaimAsync(month, ct));
        await BackgroundJobs.RunAsync(_app.Services, ct);

        _clock.TurnTo(month.AddMonths(1).AddDays(-1)); // 7
        await BackgroundJobs.RunAsync(_app.Services, ct);
        foreach (var layout in YearBooks.Layouts)
            await _ann.TextAsync(HttpMethod.Post, $"payroll/export?layout={layout}&period={Period(month)}", ct);
        return new MonthTold(month, Staff(month), string.Join(", ", told));
    }

    public void Dispose()
    {
        foreach (var api in _own.Values.Append(_ann).Append(_bob)) api.Dispose();
    }

    private static string Period(DateOnly month) => month.ToString("yyyy-MM", CultureInfo.InvariantCulture);

    private int Staff(DateOnly month) =>
        _company.People.Count(p => p.HiredOn < month.AddMonths(1) && (p.LeftOn is null || p.LeftOn >= month));

    // A new version of the plan, a dearer model and another policy.
    private async Task<string> ChangeAsync(DateOnly month, CancellationToken ct)
    {
        await _ann.FileAsync("plans", YearFiles.PlanYaml(month, "6%", countsUse: false), "text/yaml", ct);
        var proposed = await _ann.FileAsync(
            "prices/proposals?format=csv&name=prices.csv", YearFiles.PricesCsv, "text/csv", ct);
        var id = proposed.GetProperty("proposal").GetProperty("id").GetString();
        await _bob.PostAsync($"prices/proposals/{id}/approve", new { acceptOutliers = true }, ct);
        await _ann.FileAsync("gateway-policy", YearFiles.PolicyYaml, "text/yaml", ct);
        return "plan, prices and policy changed";
    }

    // Prepared by one, approved by the other.
    private async Task<string> GrantAsync(string path, object body, CancellationToken ct)
    {
        var prepared = await _ann.PostAsync(path, body, ct);
        if (prepared.GetProperty("state").GetString() is var state && state != "awaiting")
            throw new YearException($"{path} was {state}, not awaiting somebody else.");
        var run = prepared.GetProperty("runId").GetString();
        var done = await _bob.PostAsync(
            $"grants/runs/{run}/approve",
            new { digest = (await _bob.GetAsync($"grants/runs/{run}", ct)).GetProperty("digest").GetString() }, ct);
        while (done.GetProperty("state").GetString() == "posting")
        {
            await Task.Delay(200, ct);
            done = await _ann.GetAsync($"grants/runs/{run}", ct);
        }

        return done.GetProperty("state").GetString() == "posted"
            ? string.Create(CultureInfo.InvariantCulture, $"{done.GetProperty("posted").GetInt32():#,0} grants")
            : throw new YearException($"{run} is {done.GetProperty("state")}.");
    }

    private Task<string> AwardAsync(DateOnly month, CancellationToken ct)
    {
        string[] kinds = ["stay", "spot", "rest", "course"];
        var staff = _company.People.Where(p => p.HiredOn <= month && p.LeftOn is null).ToArray();
        var awards = staff.Where((p, i) => p.Number < Converting || i % 5 == month.Month % 5).Select((p, i) => new
        {
            person = p.Email, award = kinds[(p.Number + month.Month / 3) % 4],
            amountUsdNanos = (p.Number + month.Month / 3) % 4 == 0 ? 1_200_000_000_000L
                + i * 7_000_000_001L : (long?)null,
            reason = $"For the quarter before {month:yyyy-MM}.",
        });
        return GrantAsync("grants/awards", new { plan = YearFiles.Plan, period = Period(month), awards }, ct);
    }

    // Three of five people, more in some months; a row is of one call, and its id makes it once. What somebody has no
    // tokens for is not booked.
    private async Task<string> UseAsync(DateOnly month, CancellationToken ct)
    {
        var csv = new StringBuilder("at,in,out,person,model,id\n");
        foreach (var p in _company.People.Where(p => p.HiredOn <= month && p.LeftOn is null && p.Number % 5 < 3))
            for (var call = 0; call < 4; call++)
                csv.Append(CultureInfo.InvariantCulture,
                    $"{month.AddDays(2 + call * 3):yyyy-MM-dd}T09:{p.Number % 60:00}:00Z,")
                    .Append(CultureInfo.InvariantCulture,
                        $"{40_000_000 + p.Number % 97 * 3_000_000},{9_000_000 + month.Month * 500_000},{p.Email},")
                    .Append(CultureInfo.InvariantCulture, $"{YearFiles.Model},{Period(month)}-{p.Number}-{call}\n");
        var booked = await _ann.FileAsync(
            "usage/import?map=time=at,input=in,output=out,person=person,model=model,id=id&source=year&charge=must"
                + "&skipBad=true",
                csv.ToString(),
            "text/csv", ct);
        return string.Create(CultureInfo.InvariantCulture, $"{booked.GetProperty("booked").GetInt32():#,0} calls");
    }

    // Everybody with an account asks; every fourth is declined, and keeps the tokens.
    private async Task<string> ConvertAsync(DateOnly month, CancellationToken ct)
    {
        var (paid, declined) = (0, 0);
        foreach (var (number, api) in _own)
        {
            if (_company.People[number].LeftOn is not null) continue;
            foreach (var (form, milli) in new[] { ("cash", 100_000_000_000L), ("time_off", 200_000_000_000L) })
            {
                var key = $"{Period(month)}-{form}";
                var asked = await TryAsync(() => api.PostAsync("people/me/conversions",
                    new { key, form, tokensMilli = milli }, ct));
                if (asked?.GetProperty("conversion").GetProperty("id").GetString() is not { } id) continue;
                var decline = (number + month.Month) % 4 == 0;
                await _bob.PostAsync($"conversions/{id}/{(decline ? "decline" : "approve")}",
                    new { reason = "Ask again in the next window." }, ct);
                if (decline) declined++;
                else paid++;
            }
        }

        if (paid == 0) throw new YearException($"Nobody could convert in {Period(month)}.");
        return $"{paid} conversions, {declined} declined";
    }

    private async Task<string> ClaimAsync(DateOnly month, CancellationToken ct)
    {
        var claims = 0;
        foreach (var (number, api) in _own.Where(o => o.Key % 3 == 0))
        {
            if (_company.People[number].LeftOn is not null) continue;
            using var form = new MultipartFormDataContent();
            foreach (var (name, value) in new[]
            {
                ("vendor", "OpenAI"), ("service", "ChatGPT Plus"), ("spentOn", $"{month.AddDays(3):yyyy-MM-dd}"),
                ("amount", "20.00"), ("currency", _company.People[number].Currency), ("purpose", "Drafts"),
            }) form.Add(new StringContent(value), name);
            var receipt = new ByteArrayContent(Encoding.ASCII.GetBytes($"%PDF-1.4\n% receipt {++_receipts}\n%%EOF\n"));
            receipt.Headers.ContentType = new MediaTypeHeaderValue("application/pdf");
            form.Add(receipt, "receipt", "receipt.pdf");
            var filed = await api.FormAsync("claims", form, ct);
            var id = filed.GetProperty("claim").GetProperty("id").GetString();
            await _bob.PostAsync($"claims/{id}/{(number % 9 == 0 ? "decline" : "approve")}",
                new { reason = "Looked at." }, ct);
            claims++;
        }

        return $"{claims} claims";
    }

    // Who has nothing that converts is told so; that is no failure.
    private static async Task<System.Text.Json.JsonElement?> TryAsync(Func<Task<System.Text.Json.JsonElement>> call)
    {
        try
        {
            return await call();
        }
        catch (YearException e) when (e.Message.Contains("answered 4", StringComparison.Ordinal))
        {
            return null;
        }
    }

    private async Task OpenAccountsAsync(CancellationToken ct)
    {
        var (accounts, people) =
            (_app.Services.GetRequiredService<AccountDirectory>(), _app.Services.GetRequiredService<PeopleDirectory>());
        var tokens = _app.Services.GetRequiredService<ApiTokens>();
        var first = new DateOnly(_year, 1, 1);
        foreach (var one in _company.People.Take(Converting).Where(p => p.HiredOn <= first)) // who is on file
        {
            var person = (await people.FindAsync(one.Email, ct))!;
            var account = await accounts.CreateAsync(one.Email, person.Name, Roles.Employee, person.Id.Value, null, ct);
            var token = (await tokens.CreateAsync(account!.Value, "year", ct)).Token;
            _own[one.Number] = new YearApi(_address, token);
        }
    }

    private static async Task<string> AdminAsync(IServiceProvider services, string name, CancellationToken ct)
    {
        var account = await services.GetRequiredService<AccountDirectory>().CreateAsync(
            $"{name}@year.example", name, Roles.Admin, null, null, ct);
        return (await services.GetRequiredService<ApiTokens>().CreateAsync(account!.Value, "year", ct)).Token;
    }
}
