using System.Globalization;
using System.Text;

namespace Guerdon.Host.Demo;

/// <summary>A made-up company, the same at every run, with a plan for it.</summary>
internal static class DemoCompany
{
    public const int People = 200;
    public const string Plan = "allowance";

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

    /// <summary>E-mail of a person, 0 to 199.</summary>
    public static string Email(int i) => string.Create(CultureInfo.InvariantCulture,
        $"{First[i % First.Length].ToLowerInvariant()}.{Last[i / First.Length].ToLowerInvariant()}@example.com");

    /// <summary>Everybody's e-mails.</summary>
    public static string[] Emails { get; } = [.. Enumerable.Range(0, People).Select(Email)];

    public static string Csv()
    {
        var csv = new StringBuilder(
            "email,name,team,role,level,country,cost_centre,hired_on,left_on,base_pay,total_pay,currency\n");
        for (var i = 0; i < People; i++)
        {
            var (team, role) = Teams[i % Teams.Length];
            var level = i % 7 + 2;
            var pay = 60_000 + level * 15_000 + i * 37;
            csv.Append(CultureInfo.InvariantCulture,
                $"{Email(i)},{First[i % First.Length]} {Last[i / First.Length]},{team},{role},L{level},")
                .Append(CultureInfo.InvariantCulture, $"{Countries[i % Countries.Length]},CC-{i % Teams.Length + 100},")
                .Append(CultureInfo.InvariantCulture,
                    $"{2018 + i % 8}-0{i % 9 + 1}-15,,{pay}.00,{pay + 20_000}.00,USD\n");
        }

        return csv.ToString();
    }

    /// <summary>A quarter of base pay on top, month by month, from the period's first day.</summary>
    public static string PlanYaml(DateOnly from) => string.Create(CultureInfo.InvariantCulture, $$"""
        name: {{Plan}}
        effective_from: {{from:yyyy-MM-dd}}
        pool: company

        allowance:
          share: 25%
          basis: base
          mode: on-top
          period: month
          expires_after: P3M
          tax_class: work_compute

        signing_bonus:
          amount_usd: 2000
          within_days_of_hire: 30
          expires_after: P1Y
          tax_class: taxable_compute
        """);
}
