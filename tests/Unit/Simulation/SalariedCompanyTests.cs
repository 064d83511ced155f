using System.Globalization;
using Guerdon.Simulation;
using Guerdon.Simulation.Companies;

namespace Guerdon.Unit.Simulation;

/// <summary>The company of the year, which must live through it whatever its size.</summary>
public sealed class SalariedCompanyTests
{
    private const int Year = 2028;

    private static IEnumerable<string> Salaries(int rows) => Enumerable.Range(0, rows).Select(i => string.Create(
        CultureInfo.InvariantCulture,
        $"2025,SE,FT,Data Engineer,{60_000 + i},{(i % 3 == 0 ? "EUR" : "USD")},0,US,0,US,M"))
        .Prepend("work_year,experience_level,employment_type,job_title,salary,salary_currency,salary_in_usd,"
            + "employee_residence,remote_ratio,company_location,company_size");

    // Awards turn by number among four kinds, of which one cannot be converted. So of two neighbours one can convert.
    [Fact]
    public void Turn_AnySize_KeepsNeighboursWithAccountsUntilTheLastWindow()
    {
        var sizes = Enumerable.Range(SalariedCompany.LeastPeople, 200).Append(500).Append(2_000);
        Assert.All(sizes, size =>
        {
            var company = SalariedCompany.Of(Salaries(2_000), size, Year);
            var (joined, left) = (0, 0);
            for (var month = new DateOnly(Year, 1, 1); month.Year == Year; month = month.AddMonths(1))
            {
                var (joining, leaving, _) = company.Turn(month);
                (joined, left) = (joined + joining, left + leaving);
                var own = company.WithAccounts.Where(n => company.People[n].LeftOn is null).ToHashSet();
                if (month.Month <= 10) Assert.Contains(own, n => own.Contains(n + 1));
            }

            Assert.True(joined > 0 && left > 0, $"Of {size} people {joined} joined and {left} left.");
            Assert.Equal(left, company.People.Count(p => p.LeftOn is not null));
        });
    }

    [Fact]
    public void Of_FewerThanTheLeastOrThanTheList_IsRefused()
    {
        Assert.Throws<ArgumentOutOfRangeException>(() =>
            SalariedCompany.Of(Salaries(50), SalariedCompany.LeastPeople - 1, Year));
        Assert.Equal("The list has 50 usable rows, not 51.",
            Assert.Throws<SimulationException>(() => SalariedCompany.Of(Salaries(50), 51, Year)).Message);
    }

    [Fact]
    public void Csv_OfAMonth_HasWhoIsOnFileByItsEnd()
    {
        var company = SalariedCompany.Of(Salaries(40), 24, Year);
        var lines = company.Csv(new DateOnly(Year, 1, 1)).TrimEnd().Split('\n');

        Assert.Equal(1 + 18, lines.Length); // six join later
        Assert.Equal("person0@year.example,Person 0,Data,Data Engineer,L7,US,CC-0,2026-11-27,,60000.00,66000.00,EUR",
            lines[1]);
    }
}
