using System.Globalization;
using System.Text;

namespace Guerdon.Simulation.Companies;

/// <summary>Somebody of a company.</summary>
/// <param name="Email">Theirs, which nobody else has.</param>
/// <param name="Name">As pages show them.</param>
/// <param name="Team">With the teams above, divided by <c>/</c>.</param>
/// <param name="Role">Their job.</param>
/// <param name="Level">1 to 10.</param>
/// <param name="Country">Two letters.</param>
/// <param name="CostCentre">Where their pay is booked.</param>
/// <param name="HiredOn">Their first day.</param>
/// <param name="BasePayCents">A year's, in <paramref name="Currency"/>.</param>
/// <param name="TotalPayCents">A year's with all that is paid besides.</param>
/// <param name="Currency">Three letters.</param>
public sealed record SimulatedPerson(
    string Email, string Name, string Team, string Role, int Level, string Country, string CostCentre,
    DateOnly HiredOn, long BasePayCents, long TotalPayCents, string Currency)
{
    /// <summary>Their last day; null: none is known.</summary>
    public DateOnly? LeftOn { get; init; }

    /// <summary>Whether they are there on a day, and nobody knows of an end.</summary>
    public bool IsStaff(DateOnly day) => HiredOn <= day && LeftOn is null;
}

/// <summary>People as the file that they are imported from.</summary>
internal static class PeopleCsv
{
    public static string Of(IEnumerable<SimulatedPerson> people)
    {
        var csv = new StringBuilder(
            "email,name,team,role,level,country,cost_centre,hired_on,left_on,base_pay,total_pay,currency\n");
        foreach (var p in people)
            csv.Append(CultureInfo.InvariantCulture,
                $"{p.Email},{p.Name},{p.Team},{p.Role},L{p.Level},{p.Country},{p.CostCentre},{p.HiredOn:yyyy-MM-dd},")
                .Append(CultureInfo.InvariantCulture,
                    $"{p.LeftOn:yyyy-MM-dd},{Money(p.BasePayCents)},{Money(p.TotalPayCents)},{p.Currency}\n");
        return csv.ToString();
    }

    private static string Money(long cents) =>
        string.Create(CultureInfo.InvariantCulture, $"{cents / 100}.{cents % 100:00}");
}
