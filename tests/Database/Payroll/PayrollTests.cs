using System.Net;
using System.Text;
using System.Text.Json;
using System.Xml.Linq;
using Guerdon.Database.Grants;
using Guerdon.Grants;
using Guerdon.Ledger;
using Guerdon.Ledger.Transfers;

namespace Guerdon.Database.Payroll;

/// <summary>Payroll settings, files and statements of pay periods, over HTTP.</summary>
public sealed class PayrollTests : IAsyncLifetime
{
    internal const string Settings = """
        effective_from: 2026-11-01
        time_zone: Europe/Berlin
        fiscal_year_starts: 7
        schedule: { every: monthly, anchor: 2026-01-01, pay_after_days: 5, weekend: before }
        layouts:
          adp: { co_code: A1B, batch_id: TOK1 }
          gusto: { currency: USD }
          workday: { batch_id: TOK1 }
        currencies: { EUR: 1.08 }
        codes:
          - { tax_class: convertible_cash, form: cash, jurisdiction: any, recognised_at: settle, code: TOKEN,
              source: memo 7 }
          - { tax_class: convertible_time_off, form: time_off, jurisdiction: any, recognised_at: convert, code: PTO,
              book_as: memo, source: memo 7 }
          - { tax_class: convertible_equity, form: equity, country: DE, jurisdiction: any, recognised_at: settle,
              code: RSU, source: memo 7 }
          - { tax_class: reimbursement, form: cash, jurisdiction: any, recognised_at: settle, code: REIMB,
              source: memo 8 }
          - { tax_class: taxable_compute, form: token, country: US, jurisdiction: US federal, recognised_at: grant,
              code: FRINGE, book_as: memo, source: memo 9 }
        """;

    private readonly Company _company = new();
    private readonly Dictionary<string, Guid> _people = [];

    public async ValueTask InitializeAsync()
    {
        await _company.InitializeAsync();
        await _company.ImportAsync(
            Company.Row("ada@example.com") + Company.Row("bob@example.com",
                "Eng,Engineer,L5,DE,C,2024-01-15,,90000,90000,EUR,"));
        foreach (var email in (string[])["ada@example.com", "bob@example.com"])
            _people[email] = (await _company.Get<Guerdon.People.Employees.PeopleDirectory>().FindAsync(email,
                Company.Ct))!.Id.Value;
        await ApplyAsync(_company, Settings);
    }

    public ValueTask DisposeAsync() => _company.DisposeAsync();

    internal static async Task ApplyAsync(Company company, string yaml)
    {
        var (status, body) = await company.ApplyAsync("/api/v1/payroll", yaml);
        Assert.True(status == HttpStatusCode.OK, body.ToString());
    }

    private static Task<(HttpStatusCode Status, JsonElement Body)> SendAsync(Company company, string path,
        string yaml) =>
        company.SendAsync(HttpMethod.Post, path, new StringContent(yaml, Encoding.UTF8, "text/yaml"));

    private async Task<Guid> PayLineAsync(
        string email, long amount, string payOn, string form = "cash", string currency = "USD",
        string taxClass = "convertible_cash", Guid? corrects = null, string at = "2026-11-05")
    {
        var (line, notice, claim) = (Guid.CreateVersion7(), Guid.CreateVersion7(), Guid.CreateVersion7());
        var hash = Convert.ToHexStringLower(System.Security.Cryptography.SHA256.HashData(claim.ToByteArray()));
        var content = Convert.ToHexStringLower(claim.ToByteArray());
        var (kind, why) = corrects is null ? ("reimbursement", "=1+1, \"why\"") : ("reversal", "A mistake.");
        await _company.ExecuteAsync($"""
            insert into compensation.conversion_terms (terms_id, version, effective_from, yaml, applied_by, applied_at)
            values ('00000000-0000-7000-8000-000000000011', 1, '2026-01-01', '', 'test', now()) on conflict do nothing;
            insert into compensation.receipt_content values ('\x{hash}', '\x{content}');
            insert into compensation.receipt values ('\x{hash}', 'application/pdf', 16, now());
            insert into compensation.claim (claim_id, person_id, vendor, service, spent_on, amount_cents, currency,
                purpose,
                receipt, terms_id, notice_days, filed_at)
            values ('{claim}', '{_people[email]}', 'v', 's', '2026-11-01', 1, 'USD', 'p', '\x{hash}',
                '00000000-0000-7000-8000-000000000011', 0, now());
            insert into compensation.notice (notice_id, person_id, kind, subject, text, created_at)
            values ('{notice}', '{_people[email]}', 'pay', '{line}', 'You are paid.', now());
            insert into compensation.pay_line (pay_line_id, person_id, kind, form, tax_class, amount, currency, unit,
                pay_on,
                explanation, notice_id, claim_id, corrects, created_at, approved_by)
            values ('{line}', '{_people[email]}', '{kind}', '{form}', '{taxClass}', {amount},
                {(form == "cash" ? $"'{currency}'" : "null")}, '{(form == "cash" ? currency : "days")}', '{payOn}',
                '{why}', '{notice}', '{claim}', {(corrects is { } of ? $"'{of}'" : "null")}, '{at}', 'ann');
            """);
        return line;
    }

    private async Task<(string Text, HttpResponseMessage Response)> FileAsync(
        string layout, string period, HttpMethod? method = null)
    {
        using var request = new HttpRequestMessage(
            method ?? HttpMethod.Post, $"/api/v1/payroll/export?layout={layout}&period={period}");
        var response = await _company.Http.SendAsync(request, Company.Ct);
        return (await response.Content.ReadAsStringAsync(Company.Ct), response);
    }

    private async Task<string[]> LinesAsync(string layout, string period)
    {
        var (text, response) = await FileAsync(layout, period);
        Assert.True(response.IsSuccessStatusCode, text);
        Assert.EndsWith("\r\n", text, StringComparison.Ordinal);
        return text[..^2].Split("\r\n")[1..];
    }

    [Fact]
    public async Task Export_OfAPeriod_HasItsLinesOnceInEachLayout()
    {
        var paid = await PayLineAsync("ada@example.com", 123_450, "2026-11-10");
        await PayLineAsync("ada@example.com", 150, "2026-12-03", form: "time_off", taxClass: "convertible_time_off");
        await PayLineAsync("ada@example.com", 2_000, "2026-11-12", taxClass: "reimbursement");
        await PayLineAsync("bob@example.com", 5_000, "2026-11-10", currency: "EUR");
        await PayLineAsync("ada@example.com", 777, "2026-12-01");
        // An earning that is no money: in a column of money it would be paid as 2.00.
        await PayLineAsync("bob@example.com", 2, "2026-11-13", form: "equity", taxClass: "convertible_equity");

        var adp = await LinesAsync("adp", "2026-11");
        Assert.Equal(
            [
                "A1B,TOK1,\"ada@example.com\",,,,,,,,\"PTO\",1.50,", // counts when converted, whenever it is taken
                "A1B,TOK1,\"ada@example.com\",,,,,,\"TOKEN\",1234.50,,,",
                "A1B,TOK1,\"ada@example.com\",,,,,,\"REIMB\",20.00,,,",
            ], adp);
        Assert.Equal(["\"Somebody\",\"\",\"Engineer\",\"ada@example.com\",1234.50,,20.00"],
            await LinesAsync("gusto", "2026-11-30"));
        var plain = await LinesAsync("plain", "2026-11-01");
        Assert.Equal(5, plain.Length);
        Assert.Single(plain, l => l.Contains(",\"RSU\",earning,convertible_equity,", StringComparison.Ordinal));
        Assert.Contains(plain, l => l.Contains(
            $"settle,2026-11-10,2026-12-04,2026-11-01,2026-11-30,pay_line,{paid:N},0,,\"'=1+1, \"\"why\"\"\"",
            StringComparison.Ordinal));
        Assert.Contains(plain, l => l.Contains(",50.00,\"EUR\",EUR,", StringComparison.Ordinal));

        var (xml, _) = await FileAsync("workday", "2026-11");
        XNamespace sheet = "urn:schemas-microsoft-com:office:spreadsheet";
        var rows = XDocument.Parse(xml).Descendants(sheet + "Row").Select(r => r.Elements().Select(c =>
            c.Value).ToArray());
        Assert.Equal(["1", "2", "TOK1", "2026-11-01", "2026-11-30", "ada@example.com", "TOKEN", "1234.50"],
            rows.ElementAt(2));
        Assert.Equal(4, rows.Count()); // the header, and the same three lines
        Assert.DoesNotContain(await _company.VerifyAsync(), f => f.Contains("payroll", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Export_Again_IsTheSameToTheByteAndWhatComesLateIsInTheNext()
    {
        var paid = await PayLineAsync("ada@example.com", 100_00, "2026-11-10");
        Assert.Equal(HttpStatusCode.NotFound, (await FileAsync("plain", "2026-11",
            HttpMethod.Get)).Response.StatusCode);
        var (first, made) = await FileAsync("plain", "2026-11");
        await PayLineAsync("ada@example.com", 200_00, "2026-11-11"); // late
        await PayLineAsync("ada@example.com", -100_00, "2026-12-01", corrects: paid);

        Assert.Equal(first, (await FileAsync("plain", "2026-11")).Text);
        Assert.Equal(first, (await FileAsync("plain", "2026-11", HttpMethod.Get)).Text);
        Assert.Equal("1", made.Headers.GetValues("Guerdon-Lines").Single());
        Assert.Equal("compensation.pay_period_to_come", Title(await FileAsync("plain", "2026-12")));

        _company.Clock.Now = _company.Clock.Now.AddDays(20);
        var next = await LinesAsync("plain", "2026-12");
        Assert.Equal(2, next.Length);
        Assert.Contains(",200.00,", next[0], StringComparison.Ordinal);
        Assert.Contains(",-100.00,", next[1], StringComparison.Ordinal);
        Assert.Contains($",{paid:N},", next[1], StringComparison.Ordinal);
        var (_, list) = await _company.GetAsync("/api/v1/payroll/exports");
        Assert.Equal(["2026-12-01", "2026-11-01"],
            list.GetProperty("exports").EnumerateArray().Select(e => e.GetProperty("periodFrom").GetString()));
    }

    [Fact]
    public async Task Export_WithACodeMissing_MakesNoneAndSaysWhich()
    {
        await PayLineAsync("ada@example.com", 5, "2026-11-10", form: "equity", taxClass: "convertible_equity");
        var missing = await FileAsync("plain", "2026-11");
        Assert.Equal("compensation.payroll_codes_missing", Title(missing));
        Assert.Contains("convertible_equity in form equity for country US", missing.Text, StringComparison.Ordinal);
        Assert.Equal(0, await _company.ScalarAsync("select count(*) from compensation.payroll_export"));
        Assert.Equal("compensation.payroll_layout_unknown", Title(await FileAsync("xls", "2026-11")));
        Assert.Equal("compensation.pay_period_invalid", Title(await FileAsync("plain", "2026-02-30")));
        Assert.Equal("compensation.payroll_unset", Title(await FileAsync("plain", "2026-10")));
    }

    [Fact]
    public async Task Export_OfTaxableGrants_HasThemAsTheSettingsSay()
    {
        var pool = new WalletId(PoolId.Of("pool").Value);
        foreach (var (email, milli) in ((string, long)[])[("ada@example.com", 2_500_000_000), ("bob@example.com",
            1_000_000)])
        {
            await PostAsync(new Transfer
            {
                Kind = TransferKind.Fund, Wallet = WalletId.Treasury, To = pool, Amount = new(milli), Key = email,
            });
            await PostAsync(new Transfer
            {
                Kind = TransferKind.Grant, Wallet = pool, To = new(_people[email]), Amount = new(milli), Key =
                    $"g:{email}",
                NewLot = new LotTerms("taxable_compute", "offer", null),
            });
        }

        await PostAsync(new Transfer
        {
            Kind = TransferKind.Revoke, Wallet = new(_people["ada@example.com"]), To = pool, Amount = new(500_000_000),
            Key = "r", Lot = 1,
        });
        var lines = await LinesAsync("plain", "2026-11"); // 1,000 nano-USD a token: 2.50 USD, and 0.50 of it back
        Assert.Equal(2, lines.Length); // Germany has no code
        Assert.Contains(lines, l => l.Contains(
            "\"FRINGE\",memo,taxable_compute,\"US federal\",token,2.50,\"USD\",USD,grant,", StringComparison.Ordinal));
        Assert.Contains(lines, l => l.Contains(",token,-0.50,", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Apply_WhatBreaksPeriodsOrIsExported_IsRefused()
    {
        string From(string day) => Settings.Replace("effective_from: 2026-11-01", $"effective_from: {day}",
            StringComparison.Ordinal);
        var weekly = From("2026-11-09").Replace(
            "monthly, anchor: 2026-01-01", "weekly, anchor: 2026-11-02", StringComparison.Ordinal);
        var (_, broken) = await SendAsync(_company, "/api/v1/payroll", weekly);
        Assert.Equal("compensation.payroll_periods_broken", broken.GetProperty("title").GetString());
        Assert.Contains("begins on 2026-12-01", broken.GetProperty("detail").GetString(), StringComparison.Ordinal);

        await LinesAsync("plain", "2026-11");
        var (_, exported) = await SendAsync(_company, "/api/v1/payroll", Settings + "\n# changed");
        Assert.Equal("compensation.payroll_period_exported", exported.GetProperty("title").GetString());
        var (_, again) = await SendAsync(_company, "/api/v1/payroll", Settings);
        Assert.False(again.GetProperty("added").GetBoolean());
        var (status, @checked) = await SendAsync(_company, "/api/v1/payroll/check", From("2026-12-01"));
        Assert.True(status == HttpStatusCode.OK, @checked.ToString());
        Assert.Equal("compensation.payroll_invalid", (await SendAsync(_company, "/api/v1/payroll",
            "effective_from: 2026-02-30"))
            .Body.GetProperty("title").GetString());
        Assert.Equal("compensation.payroll_too_large", (await SendAsync(_company, "/api/v1/payroll", new string('#',
            70_000)))
            .Body.GetProperty("title").GetString());
    }

    [Fact]
    public async Task Statement_OfAPayPeriod_ReAddsAndSaysWhatComesNext()
    {
        var (_, plan) = await _company.PlanAsync("""
            name: plan
            effective_from: 2026-11-01
            pool: pool
            allowance: { share: 12%, basis: base, mode: on-top, expires_after: P3M, tax_class: work_compute }
            """);
        Assert.True(plan.TryGetProperty("added", out _), plan.ToString());
        await _company.RunAsync("plan", "2026-11");
        var (_, statement) = await _company.GetAsync("/api/v1/statements/ada@example.com/pay-period?period=2026-11-15");
        var compute = statement.GetProperty("assets")[0];
        var lines = compute.GetProperty("lines").EnumerateArray().Sum(l => l.GetProperty("amountMilli").GetInt64());
        Assert.Equal(compute.GetProperty("closingMilli").GetInt64(), compute.GetProperty("openingMilli").GetInt64()
            + lines);
        Assert.Equal(1_000_000_000_000, compute.GetProperty("closingMilli").GetInt64());
        Assert.Equal(1_000_000_000_000, compute.GetProperty("closingUsdNanos").GetInt64());
        Assert.Equal("2026-12-04", statement.GetProperty("payDay").GetString());
        Assert.Single(statement.GetProperty("expires").EnumerateArray());

        var me = $"prs_{_people["ada@example.com"]:N}";
        foreach (var (format, begins) in ((string, string)[])[("csv", "asset,day,what"), ("pdf", "%PDF-1.7")])
        {
            foreach (var path in (string[])["statements/me/pay-period", $"people/me/rewards"])
            {
                using var request = new HttpRequestMessage(HttpMethod.Get, $"/api/v1/{path}?format={format}");
                request.Headers.Add(TestSignIn.As, me);
                using var response = await _company.Http.SendAsync(request, Company.Ct);
                var text = await response.Content.ReadAsStringAsync(Company.Ct);
                Assert.StartsWith(path[0] == 'p' && format == "csv" ? "part,period" : begins, text,
                    StringComparison.Ordinal);
            }
        }

        Assert.Equal(HttpStatusCode.NotFound,
            (await _company.GetAsync("/api/v1/statements/bob@example.com/pay-period", me)).Status);
        Assert.Equal("compensation.export_format_unknown", Title(await _company.GetAsync(
            "/api/v1/statements/me/pay-period?format=xls", me)));
    }

    [Fact]
    public async Task Rewards_OfWhoCameInMidYear_AreProRataAndAddedOnlyAtAStatedRate()
    {
        await _company.ImportAsync(Company.Row("eve@example.com", "Eng,Engineer,L5,DE,C,2026-07-01,,73000,109500,EUR,")
            + Company.Row("joe@example.com", "Eng,Engineer,L5,JP,C,2020-01-01,2026-01-10,36500,36500,JPY,"));
        var (_, eve) = await _company.GetAsync("/api/v1/people/eve@example.com/rewards?year=2026");
        Assert.Equal((184, 3_680_000, 1_840_000), (eve.GetProperty("daysEmployed").GetInt32(),
            eve.GetProperty("baseEarnedCents").GetInt64(), eve.GetProperty("otherEarnedCents").GetInt64()));
        Assert.Equal(59_616_000_000_000, eve.GetProperty("totalUsdNanos").GetInt64()); // 55,200 EUR at 1.08

        var (_, joe) = await _company.GetAsync("/api/v1/people/joe@example.com/rewards?year=2026");
        Assert.Equal(100_000, joe.GetProperty("baseEarnedCents").GetInt64());
        Assert.False(joe.TryGetProperty("totalUsdNanos", out var total) && total.ValueKind != JsonValueKind.Null);
    }

    [Fact]
    public async Task Routes_AreForAdministrators()
    {
        var me = $"prs_{_people["ada@example.com"]:N}";
        foreach (var path in (string[])["payroll", "payroll/exports", "payroll/export?layout=plain&period=2026-11"])
            Assert.Equal(HttpStatusCode.Forbidden, (await _company.GetAsync($"/api/v1/{path}", me)).Status);
        foreach (var path in (string[])["payroll", "payroll/check", "payroll/export?layout=plain&period=2026-11"])
            Assert.Equal(HttpStatusCode.Forbidden, (await _company.PostAsync($"/api/v1/{path}", caller: me)).Status);
    }

    private async Task PostAsync(Transfer transfer)
    {
        var posted = await _company.Get<LedgerWriter>().PostAsync(transfer, Company.Ct);
        Assert.True(posted.Done, posted.Refused?.ToString());
    }

    private static string? Title((string Text, HttpResponseMessage) file) =>
        JsonDocument.Parse(file.Text).RootElement.GetProperty("title").GetString();

    private static string? Title((HttpStatusCode, JsonElement Body) reply) =>
        reply.Body.GetProperty("title").GetString();
}
