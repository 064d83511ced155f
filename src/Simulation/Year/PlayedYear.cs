using System.Globalization;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;
using Guerdon.Simulation.Companies;

namespace Guerdon.Simulation.Year;

/// <summary>
/// Twelve months of a company, through the API that a real one uses: one administrator asks, another approves, people
/// convert and claim for themselves. Only the clock is turned by hand.
/// </summary>
public sealed class PlayedYear : IDisposable
{
    private readonly IPlayedServer _server;
    private readonly TurnedClock _clock;
    private readonly SalariedCompany _company;
    private readonly int _year;
    private readonly CompanyApi _ann;
    private readonly CompanyApi _bob;
    private readonly GrantRuns _runs;
    private readonly AppliedFiles _files;
    private readonly Dictionary<int, CompanyApi> _own = [];
    private int _conversions;
    private int _receipts;

    private PlayedYear(
        IPlayedServer server, TurnedClock clock, SalariedCompany company, int year, CompanyApi ann, CompanyApi bob) =>
        (_server, _clock, _company, _year, _ann, _bob, _runs, _files) =
        (server, clock, company, year, ann, bob, new GrantRuns(ann, bob), new AppliedFiles(ann, bob));

    /// <summary>The year's records, as its administrator sees them.</summary>
    public YearBooks Books => new(_ann, _year);

    /// <summary>Opens the year on a server whose clock this is, and on which nobody has an account yet.</summary>
    public static async Task<PlayedYear> OpenAsync(
        IPlayedServer server, TurnedClock clock, SalariedCompany company, int year, CancellationToken ct)
    {
        return new(server, clock, company, year, await AdminAsync("ann"), await AdminAsync("bob"));

        async Task<CompanyApi> AdminAsync(string name) =>
            new(server.Address, await server.OpenAdministratorAsync($"{name}@year.example", name, ct),
                later => server.SignInAsync($"{name}@year.example", later));
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
        await _files.ApplyAsync("people/import", _company.Csv(first), "text/csv", ct);
        await _files.ApplyAsync("plans", YearFiles.PlanYaml(first, "5%", countsUse: true), "text/yaml", ct);
        // Before the terms, since their rates are compared with what payroll says that currencies are worth.
        await _files.ApplyAsync("payroll", YearFiles.PayrollYaml(first), "text/yaml", ct);
        await _files.ApplyAsync("conversion-terms", YearFiles.ConversionYaml(first), "text/yaml", ct);
        foreach (var number in _company.WithAccounts)
        {
            var person = _company.People[number];
            _own[number] = new(_server.Address, await _server.OpenEmployeeAsync(person.Email, person.Name, ct));
        }
    }

    /// <summary>Steps of a month: 1 who comes, goes and rises, 2 grants, 3 what changes at mid-year, 4 awards, 5 use,
    /// 6 conversions and claims, 7 its end, with payroll.</summary>
    public async Task<MonthTold> PlayAsync(DateOnly month, CancellationToken ct)
    {
        _clock.TurnTo(month);
        var (joined, leaving, promoted) = _company.Turn(month); // 1
        await _files.ApplyAsync("people/import", _company.Csv(month), "text/csv", ct);
        var told = new List<string> { $"{joined} joined", $"{leaving} leave" };
        if (promoted > 0) told.Add($"{promoted} promoted");
        if (month.Month == 7) told.Add(await ChangeAsync(month, ct)); // 3, ahead of the month's grants
        told.Add(await GrantAsync("grants/runs", new { plan = YearFiles.Plan, period = Period(month) }, ct)); // 2
        if (month.Month % 3 == 1) told.Add(await AwardAsync(month, ct)); // 4
        await _server.RunJobsAsync(ct);

        _clock.TurnTo(month.AddDays(14));
        told.Add(await UseAsync(month, ct)); // 5
        if (month.Month is 4 or 7 or 10) told.Add(await ConvertAsync(month, ct)); // 6
        if (month.Month % 2 == 0) told.Add(await ClaimAsync(month, ct));
        await _server.RunJobsAsync(ct);

        _clock.TurnTo(month.AddMonths(1).AddDays(-1)); // 7
        await _server.RunJobsAsync(ct);
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

    private IEnumerable<(int Number, SimulatedPerson Person, CompanyApi Api)> Own() =>
        from own in _own
        let person = _company.People[own.Key]
        where person.LeftOn is null
        select (own.Key, person, own.Value);

    // A new version of the plan, a more expensive model and another policy, so that the year is not all alike.
    private async Task<string> ChangeAsync(DateOnly month, CancellationToken ct)
    {
        await _files.ApplyAsync("plans", YearFiles.PlanYaml(month, "6%", countsUse: false), "text/yaml", ct);
        var proposed = await _ann.FileAsync(
            "prices/proposals?format=csv&name=prices.csv", YearFiles.PricesCsv, "text/csv", ct);
        var id = proposed.GetProperty("proposal").GetProperty("id").GetString();
        await _bob.PostAsync($"prices/proposals/{id}/approve", new { acceptOutliers = true }, ct);
        await _files.ApplyAsync("gateway-policy", YearFiles.PolicyYaml, "text/yaml", ct);
        return "plan, prices and policy changed";
    }

    private async Task<string> GrantAsync(string path, object body, CancellationToken ct) =>
        (await _runs.MakeAsync(path, body, ct)).Posted is { } posted
            ? string.Create(CultureInfo.InvariantCulture, $"{posted:#,0} grants")
            : throw new SimulationException($"{path} prepared nothing that waits for somebody else.");

    private Task<string> AwardAsync(DateOnly month, CancellationToken ct)
    {
        string[] kinds = ["stay", "spot", "rest", "course"];
        var awards = _company.People.Index().Where(p => p.Item.IsStaff(month))
            .Where((p, i) => _own.ContainsKey(p.Index) || i % 5 == month.Month % 5)
            .Select((p, i) => (p.Item.Email, Kind: (p.Index + month.Month / 3) % kinds.Length, Place: i))
            .Select(p => new
            {
                person = p.Email, award = kinds[p.Kind],
                amountUsdNanos = p.Kind == 0 ? 1_200_000_000_000L + p.Place * 7_000_000_001L : (long?)null,
                reason = $"For the quarter before {month:yyyy-MM}.",
            });
        return GrantAsync("grants/awards", new { plan = YearFiles.Plan, period = Period(month), awards }, ct);
    }

    // Three of five people, more in some months. A row is one call, and its id makes sure that it is booked once. What
    // somebody has no tokens for must not be booked.
    private async Task<string> UseAsync(DateOnly month, CancellationToken ct)
    {
        var csv = new StringBuilder("at,in,out,person,model,id\n");
        foreach (var (number, person) in _company.People.Index().Where(p => p.Item.IsStaff(month) && p.Index % 5 < 3))
            for (var call = 0; call < 4; call++)
                csv.Append(CultureInfo.InvariantCulture,
                    $"{month.AddDays(2 + call * 3):yyyy-MM-dd}T09:{number % 60:00}:00Z,")
                    .Append(CultureInfo.InvariantCulture,
                        $"{40_000_000 + number % 97 * 3_000_000},{9_000_000 + month.Month * 500_000},{person.Email},")
                    .Append(CultureInfo.InvariantCulture, $"{YearFiles.Model},{Period(month)}-{number}-{call}\n");
        const string columns = "time=at,input=in,output=out,person=person,model=model,id=id";
        var booked = await _ann.FileAsync(
            $"usage/import?map={columns}&source=year&charge=must&skipBad=true", csv.ToString(), "text/csv", ct);
        return string.Create(CultureInfo.InvariantCulture, $"{booked.GetProperty("booked").GetInt32():#,0} calls");
    }

    // Every fourth is declined and has the tokens back, so that both ends occur.
    private async Task<string> ConvertAsync(DateOnly month, CancellationToken ct)
    {
        var (paid, declined) = (0, 0);
        foreach (var (_, _, api) in Own())
        {
            foreach (var (form, milli) in new[] { ("cash", 100_000_000_000L), ("time_off", 200_000_000_000L) })
            {
                var key = $"{Period(month)}-{form}";
                var asked = await TryAsync(
                    () => api.PostAsync("people/me/conversions", new { key, form, tokensMilli = milli }, ct));
                if (asked?.GetProperty("conversion").GetProperty("id").GetString() is not { } id) continue;
                var decline = ++_conversions % 4 == 0;
                await _bob.PostAsync($"conversions/{id}/{(decline ? "decline" : "approve")}",
                    new { reason = "Ask again in the next window." }, ct);
                if (decline) declined++;
                else paid++;
            }
        }

        if (paid == 0) throw new SimulationException($"Nobody could convert in {Period(month)}.");
        return $"{paid} conversions, {declined} declined";
    }

    private async Task<string> ClaimAsync(DateOnly month, CancellationToken ct)
    {
        var claims = 0;
        foreach (var (number, person, api) in Own().Where(o => o.Number % 3 == 0))
        {
            using var form = new MultipartFormDataContent();
            foreach (var (name, value) in new[]
            {
                ("vendor", "OpenAI"), ("service", "ChatGPT Plus"), ("spentOn", $"{month.AddDays(3):yyyy-MM-dd}"),
                ("amount", "20.00"), ("currency", person.Currency), ("purpose", "Drafts"),
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

    // Whoever has nothing that converts is told so, which must not count as a failure.
    private static async Task<JsonElement?> TryAsync(Func<Task<JsonElement>> call)
    {
        try
        {
            return await call();
        }
        catch (SimulationException e) when (e.IsRefusal)
        {
            return null;
        }
    }
}
