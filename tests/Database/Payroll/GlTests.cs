using System.Globalization;
using System.Net;
using System.Numerics;
using Guerdon.Database.Grants;
using Guerdon.Grants;
using Guerdon.Host.Database;
using Guerdon.Kernel;
using Guerdon.Ledger;
using Guerdon.Ledger.Accounts;
using Guerdon.Ledger.Transfers;
using Npgsql;

namespace Guerdon.Database.Payroll;

/// <summary>The general ledger of a company with every kind of movement: it balances, tools take it, and its balances
/// are those of the tokens' own ledger.</summary>
public sealed class GlTests : IAsyncLifetime
{
    private static readonly HolderId Node = new(Guid.Parse("00000000-0000-7000-8000-0000000000aa"));
    private static readonly WalletId Pool = new(PoolId.Of("pool").Value);

    // 1.234 nano-USD for a milli-token, in effect before anything moves; tokens are worth 1.337 when they are granted.
    private const string CashTerms = """
        effective_from: 2026-01-01
        notice_days: 0
        lock: 1d
        approval: required
        windows: [{name: w, yearly_from: 01-01, yearly_to: 12-31}]
        cash: {rates: {USD: 0.000001234}}
        """;

    private readonly Company _company = new();
    private WalletId _ada;

    public async ValueTask InitializeAsync()
    {
        await _company.InitializeAsync();
        await _company.ExecuteAsync(
            "insert into pricing.token_value (effective_from, nanos, source) values ('2026-11-01', 1337, 'test')");
        await _company.ImportAsync(Company.Row(
            "ada@example.com", "Eng,Engineer,L5,DE,\"=C;1, ä\",2024-01-15,,100000,120000,USD,"));
        _ada = new((await _company.Get<Guerdon.People.Employees.PeopleDirectory>().FindAsync("ada@example.com",
            Company.Ct))!.Id.Value);
    }

    public ValueTask DisposeAsync() => _company.DisposeAsync();

    private async Task<TransferId> PostAsync(
        TransferKind kind, long milli, string key, WalletId? wallet = null, int? lot = null, WalletId? to = null,
        LotTerms? terms = null, Asset asset = Asset.Reward, TransferId? corrects = null) => await PostAsync(new()
        {
            Kind = kind, Wallet = wallet ?? _ada, To = to, Amount = new Tokens(milli), Key = key, Lot = lot,
            Asset = asset, NewLot = terms, Corrects = corrects,
            Holder = kind is TransferKind.Draw or TransferKind.Settle or TransferKind.Return ? Node : null,
        });

    private async Task<TransferId> PostAsync(
        TransferKind kind, long milli, Guid conversion, TransferId? corrects = null) => await PostAsync(new()
        {
            Kind = kind, Wallet = _ada, Amount = new Tokens(milli), Lot = 2, Asset = Asset.Reward, Corrects = corrects,
            Key = $"{kind.ToString().ToLowerInvariant()}:cnv_{conversion:N}:2", SourceId = conversion,
        });

    private async Task<TransferId> PostAsync(Transfer transfer)
    {
        _company.Clock.Now += TimeSpan.FromMinutes(7);
        var posted = await _company.Get<LedgerWriter>().PostAsync(transfer, Company.Ct);
        Assert.True(posted.Done, posted.Refused?.ToString());
        return posted.Id;
    }

    // Amounts that no lot's value divides evenly by.
    private async Task MoveEverythingAsync()
    {
        foreach (var asset in Enum.GetValues<Asset>())
            await PostAsync(
                TransferKind.Fund, 50_000_000, $"fund:{asset}", WalletId.Treasury, to: Pool, asset: asset);
        var soon = _company.Clock.Now.AddDays(3);
        await PostAsync(TransferKind.Grant, 1_000_003, "g1", Pool, to: _ada, asset: Asset.Compute,
            terms: new("work_compute", "rule 1", soon)); // lot 1
        await PostAsync(TransferKind.Award, 700_001, "g2", Pool, to: _ada, terms: new("convertible_cash", "rule 2",
            null));
        await PostAsync(TransferKind.Grant, 300_007, "g3", Pool, to: _ada, terms: new("convertible_time_off", "rule 3",
            soon));
        await PostAsync(TransferKind.Draw, 400_000, "d1", asset: Asset.Compute);
        await PostAsync(TransferKind.Settle, 333_333, "s1", asset: Asset.Compute);
        await PostAsync(TransferKind.Return, 66_667, "r1", asset: Asset.Compute);
        var spent = await PostAsync(TransferKind.Spend, 111_111, "s2", asset: Asset.Compute);
        await PostAsync(TransferKind.Refund, 11_111, "f1", asset: Asset.Compute, corrects: spent);
        for (var i = 0; i < 3; i++) await PostAsync(TransferKind.Vest, 166_667, $"v{i}", lot: 2);
        await PostAsync(TransferKind.Revoke, 50_001, "k1", lot: 2, to: Pool);
        await PostAsync(TransferKind.Fund, 50_001, "k2", Pool, to: WalletId.Treasury);
        await PostAsync(TransferKind.Forfeit, 100_000, "k3", lot: 2, to: Pool);
        await PostAsync(TransferKind.Lapse, 77_777, "l1", lot: 3);
        _company.Clock.Now = soon.AddHours(1);
        await PostAsync(TransferKind.Expire, 222_230, "x1", lot: 3);
        await PostAsync(TransferKind.Expire, 500_000, "x2", lot: 1, asset: Asset.Compute);
    }

    // 12.34 EUR for 200,000 milli-tokens at 1.08 is 13,327,200,000 nano-USD; settled and reversed, and settled again.
    private async Task ConvertAsync()
    {
        var first = await ConversionAsync(1, 1_234, "EUR", 200_000);
        await PostAsync(TransferKind.Lock, 200_000, first);
        var done = await PostAsync(TransferKind.Convert, 200_000, first);
        await PostAsync(TransferKind.Reconvert, 200_000, first, corrects: done);
        var second = await ConversionAsync(2, 999, "EUR", 133_333);
        await PostAsync(TransferKind.Lock, 133_333, second);
        await PostAsync(TransferKind.Convert, 133_333, second);
    }

    private async Task<Guid> ConversionAsync(int number, long units, string currency, long milli)
    {
        var id = Guid.CreateVersion7();
        await _company.ExecuteAsync($"""
            insert into compensation.conversion_terms (terms_id, version, effective_from, yaml, applied_by, applied_at)
            values ('00000000-0000-7000-8000-000000000011', 1, '2026-01-01', '{CashTerms}', 'test', '2026-01-01')
            on conflict do nothing;
            insert into compensation.conversion (conversion_id, person_id, number, key, form, tax_class, asked_milli,
                amount_milli, units, currency, unit, rate_units, rate_milli, terms_id, window_name, requested_on,
                requested_by, requested_at, lock_until, notice_days)
            values ('{id}', '{_ada.Value}', {number}, 'k{number}', 'cash', 'convertible_cash',
                {milli}, {milli}, {units},
                '{currency}', '{currency}', {units}, {milli}, '00000000-0000-7000-8000-000000000011', 'w',
                    '2026-11-21', 'test',
                now(), now(), 0);
            insert into compensation.conversion_lot (conversion_id, lot, amount_milli) values ('{id}', 2, {milli});
            insert into compensation.conversion_step (conversion_id, number, state, by_name, at)
            values ('{id}', 1, 'locked', 'test', '2026-11-21'), ('{id}', 2, 'settled', 'test', '2026-11-21');
            """);
        return id;
    }

    private async Task<string> ExportAsync(string format, string from = "2026-11-01", string to = "2027-01-01")
    {
        using var response = await _company.Http.GetAsync($"/api/v1/gl/export?format={format}&from={from}&to={to}",
            Company.Ct);
        var text = await response.Content.ReadAsStringAsync(Company.Ct);
        Assert.True(response.IsSuccessStatusCode, text);
        return text;
    }

    private Task ApplyAsync() => PayrollTests.ApplyAsync(_company, PayrollTests.Settings);

    // By account and commodity, in milli-tokens or nano-USD, as positions and the value of each lot's parts have it.
    private async Task<SortedDictionary<string, BigInteger>> ExpectedAsync()
    {
        var expected = new SortedDictionary<string, BigInteger>(StringComparer.Ordinal);
        await using var connection = await _company.Db.OpenConnectionAsync(Company.Ct);
        await using (var command = new NpgsqlCommand("""
            select w, asset, account, sum(n) from (
                select case when lot = 0 and wallet_id = '00000000-0000-7000-8000-000000000001' then 'treasury'
                            when lot = 0 then 'pool' else 'person' end as w, asset, a.account, a.n
                  from ledger.v_entry e
                 cross join lateral (values (e.to_account, e.amount_milli), (e.from_account, -e.amount_milli))
                    as a (account, n)
                 where a.account <> 0) x group by 1, 2, 3
            """, connection))
        {
            await using var row = await command.ExecuteReaderAsync(Company.Ct);
            while (await row.ReadAsync(Company.Ct))
            {
                var account = (row.GetString(0), row.GetInt16(2)) switch
                {
                    ("treasury", _) => "Equity:Tokens:Issued",
                    ("pool", _) => "Assets:Tokens:Pools",
                    (_, 5) => "Assets:Tokens:Unvested",
                    (_, 3) => "Expenses:Tokens:Spent",
                    (_, 4) => "Expenses:Tokens:Expired",
                    (_, 7) => "Expenses:Tokens:Converted",
                    _ => "Assets:Tokens:Held",
                };
                Add(account, row.GetInt16(1) == 1 ? "CTOK" : "RTOK", (BigInteger)row.GetDecimal(3));
            }
        }

        var cashed = await _company.ScalarAsync("select count(*) from compensation.v_conversion_terms") != 0;
        await using (var command = new NpgsqlCommand("""
            select l.tax_class, l.granted_milli, v.usd_nanos, l.spent_milli,
                   l.available_milli + l.escrow_milli + l.locked_milli
              from ledger.v_lot l join compensation.v_lot_value v using (wallet_id, lot)
            """, connection))
        {
            await using var row = await command.ExecuteReaderAsync(Company.Ct);
            while (await row.ReadAsync(Company.Ct))
            {
                BigInteger granted = row.GetInt64(1), value = row.GetInt64(2), held = row.GetInt64(4);
                BigInteger Worth(BigInteger milli) => (2 * milli * value + granted) / (2 * granted);
                if (row.GetString(0) == "work_compute")
                {
                    Add("Expenses:Compute", "USD", Worth(row.GetInt64(3)));
                    Add("Liabilities:Tokens:Clearing", "USD", -Worth(row.GetInt64(3)));
                    continue;
                }

                var isCash = row.GetString(0) == "convertible_cash";
                var owed = cashed && isCash ? (held * 1_234 + 500) / 1_000 : Worth(held);
                Add("Liabilities:Accrued:Tokens", "USD", -owed);
                Add("Expenses:Compensation:Tokens", "USD", owed);
            }
        }

        // 9.99 EUR at 1.08: what the conversions that stand have promised, whatever was accrued for them.
        Add("Liabilities:Payroll:Tokens", "USD", -10_789_200_000);
        Add("Expenses:Compensation:Tokens", "USD", 10_789_200_000);
        return expected;

        void Add(string account, string commodity, BigInteger amount)
        {
            var key = $"{account} {commodity}";
            expected[key] = expected.GetValueOrDefault(key) + amount;
            if (expected[key] == 0) expected.Remove(key);
        }
    }

    private static BigInteger Scaled(string text, string commodity)
    {
        Assert.True(Decimals.TryParse(text, commodity == "USD" ? 9 : 3, out var value), text);
        return value;
    }

    // Python's Decimal writes what is small with an exponent.
    private static BigInteger OfDecimal(string text, string commodity) => new(
        decimal.Parse(text, NumberStyles.Float, CultureInfo.InvariantCulture) * (commodity == "USD" ? 1_000_000_000
            : 1_000));

    private static SortedDictionary<string, BigInteger> Sum(IEnumerable<(string Key, BigInteger Amount)> postings)
    {
        var sums = new SortedDictionary<string, BigInteger>(StringComparer.Ordinal);
        foreach (var (key, amount) in postings) sums[key] = sums.GetValueOrDefault(key) + amount;
        foreach (var zero in sums.Where(s => s.Value == 0).Select(s => s.Key).ToList()) sums.Remove(zero);
        return sums;
    }

    [Fact]
    public async Task Export_OfEveryKindOfMovement_BalancesEachEntryAndClosesAsTheLedgerDoes()
    {
        await ApplyAsync();
        await MoveEverythingAsync();
        await ConvertAsync();

        var csv = await ExportAsync("csv");
        Assert.Contains(",\"'=C;1, ä\",", csv, StringComparison.Ordinal);
        var rows = csv.Replace("\"'=C;1, ä\"", "", StringComparison.Ordinal).TrimEnd().Split("\r\n").Skip(1)
            .Select(l => l.Split(',')).ToList();
        var entries = rows.GroupBy(r => (r[1], r[2], r[4], r[9]));
        Assert.All(entries, e => Assert.Equal(0, e.Select(r => Scaled(r[10], r[9])).Aggregate((a, b) => a + b)));
        Assert.Equal(await ExpectedAsync(), Sum(rows.Select(r => ($"{r[8]} {r[9]}", Scaled(r[10], r[9])))));
        Assert.All(rows, r => Assert.True(TransferId.TryParse(r[2], out _), r[2]));

        // The figures once by hand: lot 1 spends 333,333 and 111,111 less 11,111 of 1,000,003 milli-tokens.
        Assert.Contains(await ExpectedAsync(), e => e.Key == "Expenses:Compute USD" && e.Value == 579_367);
        Assert.DoesNotContain(await _company.VerifyAsync(), f => f.StartsWith("ledger", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Export_InParts_IsTheWhole()
    {
        await ApplyAsync();
        await MoveEverythingAsync();
        var whole = await ExportAsync("csv");
        var parts = "";
        for (var day = new DateOnly(2026, 11, 20); day < new DateOnly(2026, 11, 28); day = day.AddDays(1))
        {
            var part = await ExportAsync("csv", $"{day:yyyy-MM-dd}", $"{day.AddDays(1):yyyy-MM-dd}");
            parts += part[(part.IndexOf('\n', StringComparison.Ordinal) + 1)..];
        }

        Assert.Equal(whole[(whole.IndexOf('\n', StringComparison.Ordinal) + 1)..], parts);
    }

    [Theory]
    [InlineData("hledger")]
    [InlineData("ledger")]
    [InlineData("beancount")]
    public async Task Journal_IsTakenByTheTool_WithTheSameBalances(string tool)
    {
        if (Tool.Find(tool == "beancount" ? "bean-check" : tool) is null) Assert.Skip($"{tool} is not installed.");
        await ApplyAsync();
        await MoveEverythingAsync();
        await ConvertAsync();
        var path = Path.Combine(Path.GetTempPath(), $"guerdon-{Guid.NewGuid():N}.{tool}");
        await File.WriteAllTextAsync(path, await ExportAsync(tool == "beancount" ? tool : "hledger"), Company.Ct);
        try
        {
            Assert.Equal(await ExpectedAsync(), Sum(await BalancesAsync(tool, path)));
        }
        finally
        {
            File.Delete(path);
        }
    }

    private static async Task<List<(string, BigInteger)>> BalancesAsync(string tool, string path)
    {
        if (tool == "hledger") await RunAsync("hledger", "-f", path, "check", "--strict");
        if (tool == "beancount")
        {
            await RunAsync("bean-check", path);
            // As text: a number would be rounded to the decimals that its currency mostly has.
            var rows = await RunAsync("bean-query", "-f", "csv", path,
                "select account, str(sum(number)), currency group by account, currency");
            return [.. rows.Split('\n').Skip(1).Select(r => r.Split(',')).Select(r => (
                $"{r[0].Trim()} {r[2].Trim()}", OfDecimal(r[1].Split('\'')[1], r[2].Trim())))];
        }

        var balances = new List<(string, BigInteger)>();
        foreach (var commodity in (string[])["CTOK", "RTOK", "USD"])
        {
            var text = tool == "hledger"
                ? await RunAsync("hledger", "-f", path, "balance", "--flat", "-N", "-O", "csv", $"cur:{commodity}")
                : await RunAsync("ledger", "-f", path, "--pedantic", "balance", "--flat", "--no-total", "--limit",
                    $"commodity == \"{commodity}\"", "--balance-format", "%(account)|%(display_total)\n");
            foreach (var line in text.Split('\n').Where(l => l.Length > 0 && !l.StartsWith("\"account\"",
                StringComparison.Ordinal)))
            {
                var cells = line.Replace("\"", "", StringComparison.Ordinal).Split(tool == "hledger" ? ',' : '|');
                balances.Add(($"{cells[0]} {commodity}", Scaled(cells[1].Split(' ')[0], commodity)));
            }
        }

        return balances;
    }

    private static async Task<string> RunAsync(params string[] command)
    {
        var result = await Tool.RunAsync([Tool.Find(command[0])!, .. command.Skip(1)], Company.Ct);
        Assert.True(result.Ok, result.Output);
        return result.Output;
    }

    [Fact]
    public async Task Accruals_Now_AreWhatTheLotsHold()
    {
        await ApplyAsync();
        await MoveEverythingAsync();
        var early = _company.Clock.Now.AddDays(-3).AddHours(-2);
        var (_, now) = await _company.GetAsync("/api/v1/gl/accruals");
        var line = Assert.Single(now.GetProperty("lines").EnumerateArray());
        Assert.Equal("convertible_cash", line.GetProperty("taxClass").GetString());
        Assert.Equal(450_000, line.GetProperty("milli").GetInt64()); // 3 × 166,667 vested less 50,001 revoked
        Assert.Equal(450_000, line.GetProperty("inLotsMilli").GetInt64());
        Assert.Equal(601_650, now.GetProperty("totalUsdNanos").GetInt64()); // 935,902 nano-USD for 700,001

        var then = Uri.EscapeDataString(early.ToString("O", CultureInfo.InvariantCulture));
        var (_, past) = await _company.GetAsync($"/api/v1/gl/accruals?at={then}");
        Assert.Empty(past.GetProperty("lines").EnumerateArray());
    }

    [Fact]
    public async Task Export_OfWhatIsWrong_SaysWhat()
    {
        await MoveEverythingAsync();
        await ConvertAsync();
        foreach (var (query, code) in ((string, string)[])
        [
            ("format=xls&from=2026-11-01&to=2026-12-01", "compensation.export_format_unknown"),
            ("format=csv&from=2026-12-01&to=2026-12-01", "compensation.gl_span_invalid"),
            ("format=csv&from=2026-11-01&to=2026-12-01", "compensation.rate_missing"), // no settings, and EUR was paid
        ])
        {
            var (_, body) = await _company.GetAsync($"/api/v1/gl/export?{query}");
            Assert.Equal(code, body.GetProperty("title").GetString());
        }

        foreach (var path in (string[])["gl/export?format=csv&from=2026-11-01&to=2026-12-01", "gl/accruals"])
            Assert.Equal(HttpStatusCode.Forbidden, (await _company.GetAsync($"/api/v1/{path}",
                $"prs_{_ada.Value:N}")).Status);
    }
}
