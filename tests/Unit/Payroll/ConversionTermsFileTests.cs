using Guerdon.Payroll.Settings;
using Guerdon.Payroll.Terms;
using Guerdon.Unit.Architecture;

namespace Guerdon.Unit.Payroll;

public class ConversionTermsFileTests
{
    internal const string Good = """
        effective_from: 2026-11-01
        notice_days: 14
        lock: 72h
        approval: required
        windows:
          - name: autumn
            from: 2026-11-01
            to: 2026-11-30
          - name: turn of the year
            yearly_from: 12-15
            yearly_to: 01-15
        cash:
          rates:
            USD: 0.001
            EUR: 0.00092
          least: 10
          most_per_window: 5000
          most_per_year: 8000.5
        time_off:
          tokens_per_day: 250000
          levels: [L5]
        equity:
          unit: RSU
          tokens_per_unit: 100
          countries: [DE]
        claims:
          services: [ChatGPT Plus]
          within_days: 90
        """;

    [Fact]
    public void Read_GoodTerms_IsExact()
    {
        var (terms, errors) = ConversionTermsFile.Read(Good, book: null);

        Assert.Empty(errors);
        Assert.Equal((14, TimeSpan.FromHours(72), true), (terms!.NoticeDays, terms.LockFor, terms.NeedsApproval));
        Assert.Equal(["autumn", "turn of the year"], terms.Windows.Select(w => w.Name));
        var cash = terms.Forms[0];
        Assert.Equal(new ConversionRate(920_000, 10_000_000_000), cash.Rates["EUR"]);
        Assert.Equal((10_000, 5_000_000, 8_000_500),
            (cash.LeastMilli, cash.MostPerWindowMilli, cash.MostPerYearMilli));
        Assert.Equal(new ConversionRate(100, 250_000_000), terms.Forms[1].Rates[""]);
        Assert.Equal(("days", "L5"), (terms.Forms[1].Unit, terms.Forms[1].Levels[0]));
        Assert.Equal(("RSU", "DE", new ConversionRate(1, 100_000)),
            (terms.Forms[2].Unit, terms.Forms[2].Countries[0], terms.Forms[2].Rates[""]));
        Assert.Equal(90, terms.Claims!.WithinDays);
    }

    private static readonly RateBook Book = new(
        TokenNanos: 1_000, PayrollSettingsFile.ReadApplied(Repository.Read("examples/payroll.yaml")));

    private static readonly string Fair = Good
        .Replace("most_per_window: 5000", "most_per_window: 5000000", StringComparison.Ordinal)
        .Replace("most_per_year: 8000.5", "most_per_year: 8000000", StringComparison.Ordinal)
        .Replace("USD: 0.001", "USD: 0.000001", StringComparison.Ordinal)
        .Replace("EUR: 0.00092", "EUR: 0.000000925", StringComparison.Ordinal)
        .Replace("tokens_per_day: 250000", "tokens_per_day: 400000000\n  usd_per_day: 400", StringComparison.Ordinal)
        .Replace("tokens_per_unit: 100", "tokens_per_unit: 50000000\n  usd_per_unit: 50", StringComparison.Ordinal);

    // A token is worth 0.000001 USD. More than twice or less than half of it needs a reason; a worth that nobody stated
    // too.
    [Theory]
    [InlineData("USD: 0.000001", "USD: 0.000001", null)]
    [InlineData("USD: 0.000001", "USD: 0.000002", null)]
    [InlineData("USD: 0.000001", "USD: 0.000002001", "14:10: cash.rates.USD pays 2.001 USD for a million tokens, which "
        + "are worth 1.00 USD. Correct the rate, or say under 'reason' why it is so.")]
    [InlineData("USD: 0.000001", "USD: 0.0000005", null)]
    [InlineData("USD: 0.000001", "USD: 0.000000499", "14:10: cash.rates.USD pays 0.499 USD for a million tokens, which "
        + "are worth 1.00 USD. Correct the rate, or say under 'reason' why it is so.")]
    [InlineData("USD: 0.000001", "USD: 0.001",
        "14:10: cash.rates.USD pays 1,000.00 USD for a million tokens, which are "
        + "worth 1.00 USD. Correct the rate, or say under 'reason' why it is so.")]
    [InlineData("EUR: 0.000000925", "EUR: 0.00092", "15:10: cash.rates.EUR pays 993.60 USD for a million tokens, which "
        + "are worth 1.00 USD. Correct the rate, or say under 'reason' why it is so.")]
    [InlineData("EUR: 0.000000925", "CHF: 0.000000925", "15:10: cash.rates.CHF cannot be compared with a token's "
        + "value: payroll settings do not say what CHF is worth. Add it to their 'currencies', or say under 'reason' "
        + "why it is so.")]
    [InlineData("tokens_per_day: 400000000", "tokens_per_day: 250000",
        "20:19: time_off.tokens_per_day pays 1,600.00 USD "
        + "for a million tokens, which are worth 1.00 USD. Correct it or 'usd_per_day', or say under 'reason' "
        + "why it is "
        + "so.")]
    [InlineData("  usd_per_day: 400\n", "",
        "20:19: time_off.tokens_per_day cannot be compared with a token's value: say "
        + "under 'usd_per_day' what one is worth in USD, or say under 'reason' why it is so.")]
    [InlineData("usd_per_unit: 50", "usd_per_unit: 1",
        "25:20: equity.tokens_per_unit pays 0.02 USD for a million tokens, "
        + "which are worth 1.00 USD. Correct it or 'usd_per_unit', or say under 'reason' why it is so.")]
    public void Read_ARateFarFromATokensValue_NeedsAReason(string good, string bad, string? error)
    {
        var yaml = Fair.Replace(good, bad, StringComparison.Ordinal);

        var errors = ConversionTermsFile.Read(yaml, Book).Errors;
        var explained = ConversionTermsFile.Read(
            yaml.Replace("  least: 10\n", "  least: 10\n  reason: A pilot.\n", StringComparison.Ordinal)
                .Replace("  levels: [L5]\n", "  levels: [L5]\n  reason: A pilot.\n", StringComparison.Ordinal)
                .Replace("  unit: RSU\n", "  unit: RSU\n  reason: A pilot.\n", StringComparison.Ordinal), Book);

        Assert.Equal(error is null ? [] : [error], errors.Select(e => $"{e.Line}:{e.Column}: {e.Reason}"));
        Assert.Empty(explained.Errors);
        Assert.All(explained.Terms!.Forms, form => Assert.Equal("A pilot.", form.Reason));
    }

    // What is good and can never be used is an error. Terms of before stay readable.
    [Theory]
    [InlineData("most_per_window: 5000000", "most_per_window: 10500", "cash.most_per_window is below the 10,810.811 "
        + "tokens that the smallest conversion to EUR takes; nobody could convert.")]
    [InlineData("most_per_window: 5000000", "most_per_window: 10811", null)]
    [InlineData("  levels: [L5]", "  most_per_year: 3999999\n  levels: [L5]", "time_off.most_per_year is below the "
        + "4,000,000 tokens that the smallest conversion takes; nobody could convert.")]
    [InlineData("  levels: [L5]", "  most_per_year: 4000000\n  levels: [L5]", null)]
    [InlineData("  countries: [DE]", "  least: 60000000\n  most_per_window: 99999999",
        "equity.most_per_window is below the 100,000,000 tokens that the smallest conversion takes; nobody could "
        + "convert.")]
    [InlineData("  countries: [DE]", "  least: 60000000\n  most_per_window: 100000000", null)]
    [InlineData("[ChatGPT Plus]", "[ChatGPT Plus, ' Claude']",
        "claims.services has ' Claude', not a service's name of 1 to 100 characters, without blanks around it.")]
    public void Read_TermsByWhichNobodyEverCould_AreRefusedWhenNew(string good, string bad, string? error)
    {
        var yaml = Fair.Replace(good, bad, StringComparison.Ordinal);

        Assert.Equal(error is null ? [] : [error], ConversionTermsFile.Read(yaml, Book).Errors.Select(e => e.Reason));
        Assert.Empty(ConversionTermsFile.Read(yaml, book: null).Errors);
    }

    [Fact]
    public void Read_Example_IsGood() =>
        Assert.Empty(ConversionTermsFile.Read(Repository.Read("examples/conversion.yaml"), Book).Errors);

    [Theory]
    [InlineData("lock: 72h", "lock: 91d", "3:7: lock is '91d', not hours or days such as 72h or 7d, up to 90 days.")]
    [InlineData("lock: 72h", "lock: 0h", "3:7: lock is '0h', not hours or days such as 72h or 7d, up to 90 days.")]
    [InlineData("lock: 72h", "lock: \u0663d", // digits, but not ASCII
        "3:7: lock is '\u0663d', not hours or days such as 72h or 7d, up to 90 days.")]
    [InlineData("approval: required", "approval: yes", "4:11: approval is 'yes', not required or none.")]
    [InlineData("notice_days: 14\n", "", "1:1: notice_days is missing.")]
    [InlineData("to: 2026-11-30", "to: 2026-10-30", "8:9: windows[1].to is before the window's first day.")]
    [InlineData("to: 2026-11-30", "to: 2026-12-15",
        "9:11: windows[2].name is 'turn of the year', which overlaps 'autumn': a day can lie in one window.")]
    [InlineData("to: 2026-11-30", "to: 2028-01-01",
        "9:11: windows[2].name is 'turn of the year', which overlaps 'autumn': a day can lie in one window.")]
    [InlineData("name: turn of the year", "name: autumn", "9:11: windows[2].name is 'autumn' a second time.")]
    [InlineData("yearly_from: 12-15", "yearly_from: 02-29",
        "10:18: windows[2].yearly_from is '02-29', not a month and day such as 03-01, but 29 February.")]
    [InlineData("EUR: 0.00092", "EUX: 0.00092", "15:10: cash.rates.EUX is not a currency of ISO 4217, such as EUR.")]
    [InlineData("most_per_window: 5000", "most_per_window: 5",
        "17:20: cash.most_per_window is below 'least'; nobody could convert.")]
    [InlineData("tokens_per_day: 250000", "tokens_per_day: 0",
        "20:19: time_off.tokens_per_day is '0', not tokens above 0 and up to 1000000000000, with at most three "
        + "decimals.")]
    [InlineData("levels: [L5]", "levels: [L11]", "21:12: time_off.levels has 'L11', not a level from L1 to L10.")]
    [InlineData("services: [ChatGPT Plus]", "services: []",
        "27:13: claims.services needs at least one service, such as [ChatGPT Plus].")]
    [InlineData("within_days: 90", "within_days: 90\n  most: 3",
        "29:3: claims.most is unknown here. Known: services, within_days.")]
    public void Read_WrongLine_NamesIt(string was, string becomes, string error)
    {
        var yaml = Good.Replace(was, becomes, StringComparison.Ordinal);

        var (terms, errors) = ConversionTermsFile.Read(yaml, book: null);

        Assert.Null(terms);
        var only = Assert.Single(errors);
        Assert.Equal(error, $"{only.Line}:{only.Column}: {only.Reason}");
    }

    [Theory]
    [InlineData("2026-10-31", null, "autumn")]
    [InlineData("2026-11-01", "autumn", "turn of the year")]
    [InlineData("2026-11-30", "autumn", "turn of the year")]
    [InlineData("2026-12-14", null, "turn of the year")]
    [InlineData("2026-12-31", "turn of the year", "turn of the year")]
    [InlineData("2027-01-15", "turn of the year", "turn of the year")]
    [InlineData("2027-01-16", null, "turn of the year")]
    public void Windows_Day_LiesInOneAtMost(string day, string? open, string next)
    {
        var date = DateOnly.ParseExact(day, "yyyy-MM-dd", null);
        var windows = ConversionTermsFile.Read(Good, book: null).Terms!.Windows;

        Assert.Equal(open, windows.Select(w => w.On(date)).SingleOrDefault(o => o is not null)?.Name);
        Assert.Equal(next, windows.Select(w => w.After(date)).Where(o => o is not null)
            .OrderBy(o => o!.Value.From).First()!.Value.Name);
    }
}
