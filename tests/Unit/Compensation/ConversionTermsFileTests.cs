using Stipend.Compensation;
using Stipend.Unit.Architecture;

namespace Stipend.Unit.Compensation;

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
        var (terms, errors) = ConversionTermsFile.Read(Good);

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

    [Fact]
    public void Read_Example_IsGood() =>
        Assert.Empty(ConversionTermsFile.Read(Repository.Read("examples/conversion.yaml")).Errors);

    [Theory]
    [InlineData("lock: 72h", "lock: 91d", "3:7: lock is '91d', not hours or days such as 72h or 7d, up to 90 days.")]
    [InlineData("lock: 72h", "lock: 0h", "3:7: lock is '0h', not hours or days such as 72h or 7d, up to 90 days.")]
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
    [InlineData("EUR: 0.00092", "EUX: 0.00092", "15:10: cash.rates.EUX is no currency of ISO 4217, such as EUR.")]
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

        var (terms, errors) = ConversionTermsFile.Read(yaml);

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
        var windows = ConversionTermsFile.Read(Good).Terms!.Windows;

        Assert.Equal(open, windows.Select(w => w.On(date)).SingleOrDefault(o => o is not null)?.Name);
        Assert.Equal(next, windows.Select(w => w.After(date)).Where(o => o is not null)
            .OrderBy(o => o!.Value.From).First()!.Value.Name);
    }
}
