using System.Globalization;
using Guerdon.Host.Demo;
using Guerdon.Host.Running;
using Guerdon.Tests;

namespace Guerdon.Database.Host;

/// <summary>The company of the year gets through its months, however small it is.</summary>
public sealed class YearTests
{
    private const int Lived = 2028;

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    private static IEnumerable<string> Salaries => Enumerable.Range(0, 40).Select(i => string.Create(
        CultureInfo.InvariantCulture,
        $"2025,SE,FT,Data Engineer,{60_000 + i * 1_500},{(i % 3 == 0 ? "EUR" : "USD")},0,US,0,US,M"))
        .Prepend("work_year,experience_level,employment_type,job_title,salary,salary_currency,salary_in_usd,"
            + "employee_residence,remote_ratio,company_location,company_size");

    [Fact]
    public async Task Play_UntilTheFirstConversions_BooksAndPays()
    {
        await using var database = await TestDatabase.CreateAsync();
        var clock = new YearClock(new DateTimeOffset(Lived, 1, 1, 0, 0, 0, TimeSpan.Zero));
        await using var app = GuerdonApp.Build(
            database.Db, ["http://127.0.0.1:0"], new Dictionary<string, string?>(), clock);
        await GuerdonApp.PrepareAsync(app, Ct);
        await app.StartAsync(Ct);
        using var year = await Year.OpenAsync(
            app, clock, YearCompany.Of(Salaries, 24, Lived), Lived, app.Urls.First(), Ct);

        await year.BeginAsync(Ct);
        var told = "";
        for (var month = 1; month <= 4; month++) told = (await year.PlayAsync(new(Lived, month, 1), Ct)).Events;

        Assert.Contains("conversions", told, StringComparison.Ordinal);
        Assert.True((await new YearBooks(year.Admin, Lived).AccrualsAsync(Ct)).Nanos > 0);
        await app.StopAsync(Ct);
    }
}
