using System.Globalization;
using Guerdon.Host.Running;
using Guerdon.Host.Simulated;
using Guerdon.Simulation;
using Guerdon.Simulation.Companies;
using Guerdon.Simulation.Year;
using Guerdon.Tests;

namespace Guerdon.Database.Simulation;

/// <summary>The company of the year gets through its months, however small it is.</summary>
public sealed class YearTests
{
    private const int Lived = 2028;

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    internal static IEnumerable<string> Salaries => Enumerable.Range(0, 40).Select(i => string.Create(
        CultureInfo.InvariantCulture,
        $"2025,SE,FT,Data Engineer,{60_000 + i * 1_500},{(i % 3 == 0 ? "EUR" : "USD")},0,US,0,US,M"))
        .Prepend("work_year,experience_level,employment_type,job_title,salary,salary_currency,salary_in_usd,"
            + "employee_residence,remote_ratio,company_location,company_size");

    [Theory]
    [InlineData(SalariedCompany.LeastPeople)]
    [InlineData(24)]
    public async Task Play_UntilTheFirstConversions_BooksAndPays(int people)
    {
        await using var database = await TestDatabase.CreateAsync();
        var clock = new TurnedClock(new DateTimeOffset(Lived, 1, 1, 0, 0, 0, TimeSpan.Zero));
        await using var app = GuerdonApp.Build(
            database.Db, ["http://127.0.0.1:0"], new Dictionary<string, string?>(), clock);
        await GuerdonApp.PrepareAsync(app, Ct);
        await app.StartAsync(Ct);
        using var year = await PlayedYear.OpenAsync(
            new PlayedServer(app), clock, SalariedCompany.Of(Salaries, people, Lived), Lived, Ct);

        await year.BeginAsync(Ct);
        var told = "";
        for (var month = 1; month <= 4; month++) told = (await year.PlayAsync(new(Lived, month, 1), Ct)).Events;

        Assert.Contains("conversions", told, StringComparison.Ordinal);
        Assert.True((await year.Books.AccrualsAsync(Ct)).Nanos > 0);
        await app.StopAsync(Ct);
    }
}
