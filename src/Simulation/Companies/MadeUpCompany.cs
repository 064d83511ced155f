using System.Globalization;

namespace Guerdon.Simulation.Companies;

/// <summary>A made-up company of 200, the same at every run.</summary>
public static class MadeUpCompany
{
    public const int Size = 200;

    private static readonly string[] First =
    [
        "Ada", "Bruno", "Chiara", "Deniz", "Elif", "Farid", "Grace", "Hana", "Ivan", "Jonas", "Kemi", "Lucia", "Mateo",
        "Noor", "Olga", "Pavel", "Qi", "Rosa", "Sven", "Tara",
    ];

    private static readonly string[] Last =
        ["Adeyemi", "Bergman", "Costa", "Dubois", "Eriksen", "Fischer", "Garcia", "Haddad", "Ito", "Jansen"];

    private static readonly (string Team, string Role)[] Teams =
    [
        ("Engineering/Platform", "Engineer"), ("Engineering/Product", "Engineer"),
        ("Engineering/Data", "Data Scientist"),
        ("Design", "Designer"), ("Research", "Researcher"), ("Finance", "Analyst"), ("Support", "Support Engineer"),
    ];

    private static readonly string[] Countries = ["US", "US", "CA", "GB", "DE"];

    /// <summary>Everybody.</summary>
    public static IReadOnlyList<SimulatedPerson> People { get; } = [.. Enumerable.Range(0, Size).Select(Person)];

    private static SimulatedPerson Person(int i)
    {
        var (first, last) = (First[i % First.Length], Last[i / First.Length]);
        var (team, role) = Teams[i % Teams.Length];
        var level = i % 7 + 2;
        var pay = 60_000 + level * 15_000 + i * 37;
        return new(
            $"{first.ToLowerInvariant()}.{last.ToLowerInvariant()}@example.com",
            $"{first} {last}", team, role, level, Countries[i % Countries.Length],
            string.Create(CultureInfo.InvariantCulture, $"CC-{i % Teams.Length + 100}"),
            new DateOnly(2018 + i % 8, i % 9 + 1, 15), pay * 100L, (pay + 20_000) * 100L, "USD");
    }
}
