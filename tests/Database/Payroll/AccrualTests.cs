using System.Net;
using System.Text.Json;
using Guerdon.Database.Grants;
using Guerdon.Host.Database;
using Guerdon.Kernel;
using Guerdon.People;
using Guerdon.People.Employees;

namespace Guerdon.Database.Payroll;

/// <summary>What is owed for tokens is what they can be cashed for, so that books and payroll agree.</summary>
public sealed class AccrualTests : IAsyncLifetime
{
    private readonly Company _company = new();

    public ValueTask InitializeAsync() => _company.InitializeAsync();

    public ValueTask DisposeAsync() => _company.DisposeAsync();

    // A token is worth a millionth of a dollar; these terms pay a thousandth, and more later.
    private static string Terms(string from, string rate) => $$"""
        effective_from: {{from}}
        notice_days: 14
        lock: 72h
        approval: required
        windows: [{name: w, yearly_from: 01-01, yearly_to: 12-31}]
        cash: {rates: {USD: {{rate}}}, reason: A pilot that pays a thousandfold.}
        """;

    [Fact]
    public async Task Accruals_OfTokensThatCanBeCashed_AreWhatPayrollWillPay()
    {
        var scene = await PayScene.OpenAsync(_company, Terms("2026-01-01", "0.001"));
        var ada = await scene.HireAsync(750_000);
        Assert.Equal(750_000_000_000, await OwedAsync());

        await ConvertAsync(scene, ada, 250_000);

        Assert.Equal(500_000_000_000, await OwedAsync());
        var books = await BalancesAsync("2026-11-01", "2026-12-01");
        Assert.Equal(-250_000_000_000, books["Liabilities:Payroll:Tokens"]);
        Assert.Equal(-500_000_000_000, books["Liabilities:Accrued:Tokens"]);
        Assert.Equal(750_000_000_000, books["Expenses:Compensation:Tokens"]);
        Assert.Equal("250.00 USD", (await scene.LinesAsync(ada))[0].GetProperty("pays").GetString());
    }

    [Fact]
    public async Task Export_WhereARateChanges_MeasuresAgainWhatIsOwed()
    {
        var scene = await PayScene.OpenAsync(_company, Terms("2026-01-01", "0.001"));
        await scene.HireAsync(750_000);
        var (status, body) = await _company.ApplyAsync("/api/v1/conversion-terms", Terms("2026-11-25", "0.0005"));
        Assert.True(status == HttpStatusCode.OK, body.ToString());
        _company.Clock.Now = new(2026, 11, 28, 9, 0, 0, TimeSpan.Zero);

        Assert.Equal(750_000_000_000, await OwedAsync("2026-11-25T00:00:00Z"));
        Assert.Equal(375_000_000_000, await OwedAsync("2026-11-25T00:00:01Z"));
        Assert.Equal(375_000_000_000, await OwedAsync());
        Assert.Equal(-750_000_000_000, (await BalancesAsync("2026-11-01", "2026-11-25"))["Liabilities:Accrued:Tokens"]);
        var after = await ExportAsync("csv", "2026-11-25", "2026-12-01");
        var terms = body.GetProperty("terms").GetProperty("id").GetString();
        Assert.Equal(
            [
                $"2026-11-25,2026-11-25T00:00:00.000000Z,{terms},,,remeasure,convertible_cash,\"CC1\","
                    + "Expenses:Compensation:Tokens,USD,-375.000000000",
                $"2026-11-25,2026-11-25T00:00:00.000000Z,{terms},,,remeasure,convertible_cash,\"CC1\","
                    + "Liabilities:Accrued:Tokens,USD,375.000000000",
            ], after.TrimEnd().Split("\r\n").Skip(1));
    }

    // An award is stated in USD, and becomes euros: 500,000,000 tokens at a thousandth of a euro, at 1.08.
    [Fact]
    public async Task Accruals_OfAnAwardToSomebodyPaidInEuros_AreWhatPayrollWillPay()
    {
        var scene = await PayScene.OpenAsync(
            _company, Terms("2026-01-01", "0.001").Replace("USD:", "EUR:", StringComparison.Ordinal));
        await PayrollTests.ApplyAsync(_company, PayrollTests.Settings);
        var ada = await HireInEurosAsync();
        await _company.PlanAsync("""
            name: plan
            effective_from: 2026-11-01
            pool: pool
            awards:
              - { name: star, kind: performance, amount_usd: 500, expires_after: never, tax_class: convertible_cash }
            """);
        var awards = new[] { new { person = "ada@example.com", award = "star", reason = "Good" } };
        var asked = await _company.PostAsync(
            "/api/v1/grants/awards", new { plan = "plan", period = "2026-11", awards });
        await _company.ApprovedAsync(asked);

        Assert.Equal(540_000_000_000_000, await OwedAsync());
        Assert.Equal("EUR", (await _company.GetAsync("/api/v1/gl/accruals")).Body.GetProperty("lines")[0]
            .GetProperty("currency").GetString());
        await ConvertAsync(scene, ada, 500_000_000);

        var books = await BalancesAsync("2026-11-01", "2026-12-01");
        Assert.Equal("500,000.00 EUR", (await scene.LinesAsync(ada))[0].GetProperty("pays").GetString());
        Assert.Equal((0, 0, -540_000_000_000_000),
            (await OwedAsync(), books["Liabilities:Accrued:Tokens"], books["Liabilities:Payroll:Tokens"]));
        Assert.Empty(await scene.VerifyAsync());
    }

    // A day was worth 400 USD when it was converted, and 500 when that is reversed.
    [Fact]
    public async Task Export_DaysReversedAtAnotherRate_LeaveNothingPayable()
    {
        static string Days(string from, int worth) => $$"""
            effective_from: {{from}}
            notice_days: 0
            lock: 72h
            approval: required
            windows: [{name: w, yearly_from: 01-01, yearly_to: 12-31}]
            time_off: {tokens_per_day: 1000, usd_per_day: {{worth}}, reason: Few tokens for a day.}
            """;
        var scene = await PayScene.OpenAsync(_company, Days("2026-01-01", 400));
        var ada = await scene.HireAsync(("convertible_time_off", 3_333, null));
        var id = await scene.LockAsync(ada, 2_000, form: "time_off");
        Assert.Equal("settled", (await scene.DecideAsync(id, "approve", PayScene.Two)).State());
        Assert.Equal(-800_000_000_000, (await BalancesAsync("2026-11-01", "2026-12-01"))["Liabilities:Payroll:Tokens"]);

        _company.Clock.Now = new(2026, 11, 25, 9, 0, 0, TimeSpan.Zero);
        await _company.ApplyAsync("/api/v1/conversion-terms", Days("2026-11-25", 500));
        _company.Clock.Now = new(2026, 11, 26, 9, 0, 0, TimeSpan.Zero);
        await scene.PostAsync($"/api/v1/conversions/{id}/reversal", new { reason = "Wrong" }, PayScene.One);
        Assert.Equal("reversed", (await scene.DecideAsync(id, "reversal/approve", PayScene.Two)).State());

        var books = await BalancesAsync("2026-11-01", "2026-12-01");
        Assert.Equal((0, -1_666_500_000_000, 1_666_500_000_000),
            (books["Liabilities:Payroll:Tokens"], books["Liabilities:Accrued:Tokens"],
                books["Expenses:Compensation:Tokens"]));
        Assert.Equal(1_666_500_000_000, await OwedAsync());
    }

    // Each span is exported before what comes later is known, as finance does it. 1,100,000,000 tokens, worth 1,100
    // USD, can be cashed for 1,100 EUR.
    [Fact]
    public async Task Export_SettingsAppliedLate_ChangeNothingThatWasExportedBefore()
    {
        var scene = await PayScene.OpenAsync(
            _company, Terms("2026-01-01", "0.001").Replace("USD: 0.001", "EUR: 0.000001", StringComparison.Ordinal));
        var ada = await HireInEurosAsync();
        await _company.PlanAsync("""
            name: plan
            effective_from: 2026-11-01
            pool: pool
            rates: { EUR: 1.1 }
            allowance: { share: 12%, basis: base, mode: on-top, expires_after: P1Y, tax_class: convertible_cash }
            """);
        Assert.Equal("posted", (await _company.ApproveAsync((await _company.PrepareAsync("plan", "2026-11")).Body
            .GetProperty("runId").GetString()!)).Body.GetProperty("state").GetString());
        var books = new Dictionary<string, long>(StringComparer.Ordinal);
        async Task ExportedAsync(string from, string to, long accrued, long payable)
        {
            foreach (var (account, nanos) in await BalancesAsync(from, to))
                books[account] = books.GetValueOrDefault(account) + nanos;
            Assert.Equal((-accrued, -payable), (books.GetValueOrDefault("Liabilities:Accrued:Tokens"),
                books.GetValueOrDefault("Liabilities:Payroll:Tokens")));
            Assert.Equal(accrued, await OwedAsync());
        }

        _company.Clock.Now = new(2026, 11, 24, 9, 0, 0, TimeSpan.Zero);
        await ExportedAsync("2026-11-01", "2026-11-24", 1_100_000_000_000, 0); // nobody stated what a euro is worth

        await PayrollTests.ApplyAsync(_company, PayrollTests.Settings); // 1.08 from 1 November on
        _company.Clock.Now = new(2026, 12, 2, 9, 0, 0, TimeSpan.Zero);
        var id = await scene.LockAsync(ada, 100_000_000);
        Assert.Equal("settled", (await scene.DecideAsync(id, "approve", PayScene.Two)).State());
        _company.Clock.Now = new(2026, 12, 5, 9, 0, 0, TimeSpan.Zero);
        await ExportedAsync("2026-11-24", "2026-12-05", 1_080_000_000_000, 108_000_000_000);

        await PayrollTests.ApplyAsync(_company, PayrollTests.Settings
            .Replace("effective_from: 2026-11-01", "effective_from: 2026-12-01", StringComparison.Ordinal)
            .Replace("EUR: 1.08", "EUR: 1.2", StringComparison.Ordinal));
        _company.Clock.Now = new(2026, 12, 5, 11, 0, 0, TimeSpan.Zero);
        await scene.PostAsync($"/api/v1/conversions/{id}/reversal", new { reason = "Wrong" }, PayScene.One);
        Assert.Equal("reversed", (await scene.DecideAsync(id, "reversal/approve", PayScene.Two)).State());
        _company.Clock.Now = new(2026, 12, 6, 9, 0, 0, TimeSpan.Zero);
        await ExportedAsync("2026-12-05", "2026-12-06", 1_320_000_000_000, 0);
    }

    [Theory]
    [InlineData("hledger")]
    [InlineData("beancount")]
    public async Task Journal_WithANewMeasure_IsTakenByTheTool(string format)
    {
        var tool = format == "beancount" ? "bean-check" : "hledger";
        if (Tool.Find(tool) is not { } program) { Assert.Skip($"{tool} is not installed."); return; }
        var scene = await PayScene.OpenAsync(_company, Terms("2026-01-01", "0.001"));
        await scene.HireAsync(750_000);
        await _company.ApplyAsync("/api/v1/conversion-terms", Terms("2026-11-22", "0.002"));
        var path = Path.Combine(Path.GetTempPath(), $"guerdon-{Guid.NewGuid():N}.{format}");
        var journal = await ExportAsync(format, "2026-11-01", "2026-12-01");
        Assert.Contains("remeasure", journal, StringComparison.Ordinal);
        await File.WriteAllTextAsync(path, journal, Company.Ct);
        try
        {
            var result = await Tool.RunAsync(
                format == "beancount" ? [program, path] : [program, "-f", path, "check", "--strict"], Company.Ct);
            Assert.True(result.Ok, result.Output);
        }
        finally
        {
            File.Delete(path);
        }
    }

    [Fact]
    public async Task Terms_FarFromATokensValue_AreRefusedWithoutAReason()
    {
        var terms = Terms("2026-01-01", "0.001").Replace(
            ", reason: A pilot that pays a thousandfold.", "", StringComparison.Ordinal);
        foreach (var path in (string[])["/check", ""])
        {
            var answer = await _company.SendAsync(
                HttpMethod.Post, "/api/v1/conversion-terms" + path, new StringContent(terms));
            Assert.Equal("compensation.terms_invalid", answer.Code());
            Assert.Contains("pays 1,000.00 USD for a million tokens, which are worth 1.00 USD",
                answer.Body.GetProperty("detail").GetString(), StringComparison.Ordinal);
        }

        Assert.Equal(0, await _company.ScalarAsync("select count(*) from compensation.conversion_terms"));
    }

    [Fact]
    public async Task Conversion_FromQuoteToNotice_SaysWhatGoesInAndWhatComesOut()
    {
        var scene = await PayScene.OpenAsync(_company, Terms("2026-01-01", "0.001"));
        var ada = await scene.HireAsync(750_000);

        var (_, quote) = await scene.PostAsync($"/api/v1/people/{ada}/conversions/quote",
            new { form = "cash", tokensMilli = 250_000_000 }, $"{ada}");
        await ConvertAsync(scene, ada, 250_000);

        Assert.Equal((250_000_000, 250_000_000_000), Values(quote, "tokensWorthNanos"));
        var list = (await _company.GetAsync("/api/v1/conversions")).Body.GetProperty("conversions");
        Assert.Equal((250_000_000, 250_000_000_000), Values(list[0], "worthNanos"));
        var notices = (await _company.GetAsync($"/api/v1/people/{ada}/notices", $"{ada}")).Body.GetProperty("notices");
        Assert.Contains("The tokens were worth 0.25 USD; what is paid for them is 250.00 USD.",
            notices[0].GetProperty("text").GetString(), StringComparison.Ordinal);
        Assert.Empty(await scene.VerifyAsync());
    }

    private async Task<PersonId> HireInEurosAsync()
    {
        const string post = "Eng,Engineer,L5,DE,C,2024-01-15,,100000,120000,EUR,";
        await _company.ImportAsync(Company.Row("ada@example.com", post));
        return (await _company.Get<PeopleDirectory>().FindAsync("ada@example.com", Company.Ct))!.Id;
    }

    private static (long In, long Out) Values(JsonElement of, string worth) =>
        (of.GetProperty(worth).GetInt64(), of.GetProperty("paysNanos").GetInt64());

    private static async Task ConvertAsync(PayScene scene, PersonId person, long tokens)
    {
        var id = await scene.LockAsync(person, tokens);
        Assert.Equal("settled", (await scene.DecideAsync(id, "approve", PayScene.Two)).State());
    }

    private async Task<long> OwedAsync(string? at = null)
    {
        var query = at is null ? "" : $"?at={Uri.EscapeDataString(at)}";
        return (await _company.GetAsync("/api/v1/gl/accruals" + query)).Body.GetProperty("totalUsdNanos").GetInt64();
    }

    private async Task<string> ExportAsync(string format, string from, string to)
    {
        using var response = await _company.Http.GetAsync(
            $"/api/v1/gl/export?format={format}&from={from}&to={to}", Company.Ct);
        Assert.True(response.IsSuccessStatusCode);
        return await response.Content.ReadAsStringAsync(Company.Ct);
    }

    private async Task<Dictionary<string, long>> BalancesAsync(string from, string to) =>
        (await ExportAsync("csv", from, to)).TrimEnd().Split("\r\n").Skip(1).Select(l => l.Split(','))
        .Where(r => r[9] == "USD").GroupBy(r => r[8]).ToDictionary(
            g => g.Key, g => g.Sum(r => Decimals.TryParse(r[10], 9, out var nanos) ? nanos
                : throw new FormatException(r[10])), StringComparer.Ordinal);
}
