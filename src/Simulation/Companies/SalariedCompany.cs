using System.Globalization;

namespace Guerdon.Simulation.Companies;

/// <summary>
/// A company for a year, drawn from a list of salaries: the same people, joiners, leavers and promotions for the same
/// list. The first of them have accounts of their own.
/// </summary>
public sealed class SalariedCompany
{
    /// <summary>With fewer there is not one of each kind: who stays, leaves, joins, converts.</summary>
    public const int LeastPeople = 8;

    public const int MostPeople = 100_000;

    private const int Columns = 11;
    private const int MostWithAccounts = 30;
    private const int JoinersPerMonth = 7;
    private const int MostLeaversPerMonth = 4;
    private const int MostPromotedPerQuarter = 12;
    private const int RaisePercent = 8;

    private static readonly string[] Currencies = ["USD", "EUR", "GBP"];
    private readonly SimulatedPerson[] _people;
    private readonly int _joiners;

    private SalariedCompany(SimulatedPerson[] people, int joiners) => (_people, _joiners) = (people, joiners);

    /// <summary>Everybody who ever was there, by number.</summary>
    public IReadOnlyList<SimulatedPerson> People => _people;

    /// <summary>Numbers of those with an account of their own: all of them are there from the first day.</summary>
    internal IEnumerable<int> WithAccounts => Enumerable.Range(0, Math.Min(MostWithAccounts, Founders));

    private int Founders => _people.Length - _joiners;

    /// <summary>People of a list of salaries, spread evenly over it.</summary>
    /// <param name="csv">work_year, experience_level, employment_type, job_title, salary, salary_currency, …</param>
    /// <param name="count">How many, from <see cref="LeastPeople"/> on.</param>
    /// <param name="year">The year they are to live through.</param>
    /// <exception cref="SimulationException">The list has too few that can be used.</exception>
    public static SalariedCompany Of(IEnumerable<string> csv, int count, int year)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(count, LeastPeople);
        var rows = csv.Skip(1).Select(line => line.Split(',')).Where(IsUsable).ToArray();
        if (rows.Length < count) throw new SimulationException($"The list has {rows.Length} usable rows, not {count}.");
        var joiners = Math.Min(count / 4, JoinersPerMonth * 11);
        var people = Enumerable.Range(0, count)
            .Select(i => Person(i, rows[(long)i * rows.Length / count], HiredOn(i - (count - joiners), i, year)));
        return new SalariedCompany([.. people], joiners);
    }

    /// <summary>What happens on the first of a month: who leaves in it, who is promoted at a quarter's start.</summary>
    /// <returns>How many joined, leave and were promoted.</returns>
    public (int Joined, int Leaving, int Promoted) Turn(DateOnly month)
    {
        var (leaving, promoted) = (0, 0);
        for (var i = 0; i < LeaversIn(month.Month); i++)
        {
            var at = (month.Month * 37 + i * 101) % Founders;
            if (_people[at].LeftOn is not null) continue;
            _people[at] = _people[at] with { LeftOn = month.AddDays(3 + i * 7) };
            leaving++;
        }

        for (var i = 0; i < PromotedIn(month.Month); i++)
        {
            var at = (month.Month * 53 + i * 29) % Founders;
            if (_people[at] is not { LeftOn: null, Level: < 10 } one) continue;
            _people[at] = Paid(one with { Level = one.Level + 1 }, one.BasePayCents * (100 + RaisePercent) / 100);
            promoted++;
        }

        var joined = _people.Count(p => p.HiredOn.Year == month.Year && p.HiredOn.Month == month.Month);
        return (joined, leaving, promoted);
    }

    /// <summary>Who is on file by a month's end, as the file that they are imported from.</summary>
    public string Csv(DateOnly month) => PeopleCsv.Of(_people.Where(p => p.HiredOn < month.AddMonths(1)));

    // Of a small company a quarter of those who were there on the first day leaves within the year, one here and one
    // there: whoever is to convert in its autumn must not have left in its spring.
    private int LeaversIn(int month)
    {
        var inYear = Math.Min(MostLeaversPerMonth * 12, Founders / 4);
        return inYear * month / 12 - inYear * (month - 1) / 12;
    }

    private int PromotedIn(int month) =>
        month is 4 or 7 or 10 ? Math.Clamp(Founders / 8, 1, MostPromotedPerQuarter) : 0;

    // In the middle of months, at their ends and on a leap year's last day of February, since
    // those go wrong most easily.
    private static DateOnly HiredOn(int joiner, int number, int year)
    {
        if (joiner < 0) return new DateOnly(year, 1, 1).AddDays(-400 - number % 1_200);
        var month = new DateOnly(year, 2 + joiner / JoinersPerMonth, 1);
        return joiner % JoinersPerMonth == 0
            ? month.AddMonths(1).AddDays(-1) : month.AddDays(joiner % JoinersPerMonth * 4);
    }

    private static bool IsUsable(string[] row) =>
        row.Length == Columns && row[2] == "FT" && Currencies.Contains(row[5])
        && row[7].Length == 2 && row[7].All(char.IsAsciiLetterUpper)
        && long.TryParse(row[4], NumberStyles.None, CultureInfo.InvariantCulture, out var pay)
        && pay is >= 20_000 and <= 900_000 && !row[3].Contains('"');

    private static SimulatedPerson Person(int number, string[] row, DateOnly hired) => Paid(
        new(string.Create(CultureInfo.InvariantCulture, $"person{number}@year.example"),
            string.Create(CultureInfo.InvariantCulture, $"Person {number}"), Team(row[3], number), row[3].Trim(),
            Level(row[1]), row[7], string.Create(CultureInfo.InvariantCulture, $"CC-{number % 9}"), hired,
            BasePayCents: 0, TotalPayCents: 0, row[5]),
        long.Parse(row[4], CultureInfo.InvariantCulture) * 100);

    private static SimulatedPerson Paid(SimulatedPerson person, long cents) =>
        person with { BasePayCents = cents, TotalPayCents = cents * 11 / 10 };

    private static int Level(string experience) => experience switch { "EN" => 3, "MI" => 5, "SE" => 7, _ => 9 };

    private static string Team(string title, int number) => title switch
    {
        _ when title.Contains("Data", StringComparison.Ordinal) => "Data",
        _ when title.Contains("Research", StringComparison.Ordinal)
            || title.Contains("Scientist", StringComparison.Ordinal) => "Research",
        _ when title.Contains("Engineer", StringComparison.Ordinal) =>
            number % 2 == 0 ? "Engineering/Platform" : "Engineering/Web",
        _ => "Operations",
    };
}
