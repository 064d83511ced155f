using System.Globalization;
using System.Text;
using Guerdon.People;

namespace Guerdon.Host.Demo;

/// <summary>Somebody of the company, drawn from a row of the file of salaries.</summary>
internal sealed record YearPerson(
    int Number, string Team, string Role, int Level, string Country, long PayCents, string Currency, DateOnly HiredOn)
{
    public string Email => string.Create(CultureInfo.InvariantCulture, $"person{Number}@year.example");
    public DateOnly? LeftOn { get; init; }
}

/// <summary>A company for a year: the same people, joiners, leavers and promotions for the same file.</summary>
internal sealed class YearCompany
{
    private const int Columns = 11;
    private const int JoinersPerMonth = 7;
    private const int LeaversPerMonth = 4;
    private const int PromotedPerQuarter = 12;
    private const int RaisePercent = 8;

    private static readonly string[] Currencies = ["USD", "EUR", "GBP"];
    private readonly YearPerson[] _people;
    private readonly int _joiners;

    private YearCompany(YearPerson[] people, int joiners) => (_people, _joiners) = (people, joiners);

    /// <summary>Everybody who ever was there.</summary>
    public IReadOnlyList<YearPerson> People => _people;

    /// <summary>People of a file of salaries, spread evenly over it.</summary>
    /// <param name="csv">work_year, experience_level, employment_type, job_title, salary, salary_currency, …</param>
    /// <param name="count">How many.</param>
    /// <param name="year">The year they are to live through.</param>
    public static YearCompany Of(IEnumerable<string> csv, int count, int year)
    {
        var rows = csv.Skip(1).Select(line => line.Split(',')).Where(IsUsable).ToArray();
        if (rows.Length < count) throw new YearException($"The file has {rows.Length} usable rows, not {count}.");
        var joiners = Math.Min(count / 4, JoinersPerMonth * 11);
        var people = Enumerable.Range(0, count).Select(i => Person(i, rows[(long)i * rows.Length / count], new DateOnly(
            year, 1, 1).AddDays(-400 - i % 1_200))).ToArray();
        for (var i = count - joiners; i < count; i++) people[i] = people[i] with
        {
            HiredOn = Joins(i - (count - joiners), year)
        };
        return new YearCompany(people, joiners);
    }

    /// <summary>What happens on the first of a month: who leaves in it, who is promoted at a quarter's start.</summary>
    /// <returns>How many joined, leave and were promoted.</returns>
    public (int Joined, int Leaving, int Promoted) Turn(DateOnly month)
    {
        var (staff, leaving, promoted) = (_people.Length - _joiners, 0, 0);
        for (var i = 0; i < LeaversPerMonth; i++)
        {
            var at = (month.Month * 37 + i * 101) % staff;
            if (_people[at].LeftOn is not null) continue;
            _people[at] = _people[at] with { LeftOn = month.AddDays(3 + i * 7) };
            leaving++;
        }

        for (var i = 0; month.Month % 3 == 1 && month.Month > 1 && i < PromotedPerQuarter; i++)
        {
            var at = (month.Month * 53 + i * 29) % staff;
            if (_people[at] is not { LeftOn: null, Level: < 10 } one) continue;
            _people[at] = one with { Level = one.Level + 1, PayCents = one.PayCents * (100 + RaisePercent) / 100 };
            promoted++;
        }

        var joined = _people.Count(p => p.HiredOn.Year == month.Year && p.HiredOn.Month == month.Month);
        return (joined, leaving, promoted);
    }

    /// <summary>Who is on file by a month's end.</summary>
    public string Csv(DateOnly month)
    {
        var csv = new StringBuilder(
            "email,name,team,role,level,country,cost_centre,hired_on,left_on,base_pay,total_pay,currency\n");
        foreach (var p in _people.Where(p => p.HiredOn < month.AddMonths(1)))
            csv.Append(CultureInfo.InvariantCulture,
                $"{p.Email},Person {p.Number},{p.Team},{p.Role},L{p.Level},{p.Country},CC-{p.Number % 9},")
                .Append(CultureInfo.InvariantCulture,
                    $"{p.HiredOn:yyyy-MM-dd},{p.LeftOn:yyyy-MM-dd},{Money(p.PayCents)},{Money(p.PayCents * 11 / 10)},")
                .Append(p.Currency).Append('\n');
        return csv.ToString();
    }

    // In the middle of months, at their ends and on a leap year's last day of February too.
    private static DateOnly Joins(int i, int year)
    {
        var month = new DateOnly(year, 2 + i / JoinersPerMonth, 1);
        return i % JoinersPerMonth == 0 ? month.AddMonths(1).AddDays(-1) : month.AddDays(i % JoinersPerMonth * 4);
    }

    private static bool IsUsable(string[] row) =>
        row.Length == Columns && row[2] == "FT" && Currencies.Contains(row[5]) && Codes.IsCountry(row[7])
        && long.TryParse(row[4], NumberStyles.None, CultureInfo.InvariantCulture, out var pay)
        && pay is >= 20_000 and <= 900_000 && !row[3].Contains('"');

    private static YearPerson Person(int number, string[] row, DateOnly hired) => new(
        number, Team(row[3], number), row[3].Trim(), Level(row[1]), row[7],
        long.Parse(row[4], CultureInfo.InvariantCulture) * 100, row[5], hired);

    private static int Level(string experience) => experience switch { "EN" => 3, "MI" => 5, "SE" => 7, _ => 9 };

    private static string Team(string title, int number) => title switch
    {
        _ when title.Contains("Data", StringComparison.Ordinal) => "Data",
        _ when title.Contains("Research", StringComparison.Ordinal) || title.Contains("Scientist",
            StringComparison.Ordinal) =>
            "Research",
        _ when title.Contains("Engineer", StringComparison.Ordinal) =>
            number % 2 == 0 ? "Engineering/Platform" : "Engineering/Web",
        _ => "Operations",
    };

    private static string Money(long cents) =>
        string.Create(CultureInfo.InvariantCulture, $"{cents / 100}.{cents % 100:00}");
}
