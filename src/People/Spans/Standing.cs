using Guerdon.Kernel;

namespace Guerdon.People.Spans;

/// <summary>What is true of somebody for a while: all that has a date of effect.</summary>
/// <param name="Team">Path in the tree of teams.</param>
/// <param name="Role">Free text.</param>
/// <param name="Level">L1 to L10.</param>
/// <param name="Country">ISO 3166-1 alpha-2.</param>
/// <param name="CostCentre">Finance's code.</param>
/// <param name="BasePayCents">Base pay of a year, in the currency's smallest unit.</param>
/// <param name="TotalPayCents">All pay of a year, base included, likewise.</param>
/// <param name="Currency">ISO 4217.</param>
public sealed record Standing(
    string Team, string Role, string Level, string Country, string CostCentre, long BasePayCents, long TotalPayCents,
    string Currency)
{
    /// <summary>Who works for a company of the group directly.</summary>
    public const string Employee = "employee";

    /// <summary>Who is paid by invoice.</summary>
    public const string Contractor = "contractor";

    /// <summary>Full time, in hundredths of a percent.</summary>
    public const int FullTimeBp = 10_000;

    /// <summary>Leave on which they are paid as ever.</summary>
    public const string Paid = "paid";

    /// <summary>Leave on which they are not paid.</summary>
    public const string Unpaid = "unpaid";

    /// <summary>Which company of the group employs them; null: not stated.</summary>
    public string? LegalEntity { get; init; }

    /// <summary>Whom they report to; null: nobody, or not stated.</summary>
    public PersonId? Manager { get; init; }

    /// <summary><see cref="Employee"/> or <see cref="Contractor"/>.</summary>
    public string Employment { get; init; } = Employee;

    /// <summary>Part of full time, in hundredths of a percent. Pay is what is paid for it.</summary>
    public int PartTimeBp { get; init; } = FullTimeBp;

    /// <summary>Which kind of leave they are on, such as <c>parental</c>; null: none.</summary>
    public string? Leave { get; init; }

    /// <summary><see cref="Paid"/> or <see cref="Unpaid"/>; null where they are not on leave.</summary>
    public string? LeavePay { get; init; }

    /// <summary>Where they work, by its name in the IANA list; null: not stated.</summary>
    public string? TimeZone { get; init; }
}

/// <summary>Who changes what is true of people, and when.</summary>
internal readonly record struct Maker(Actor By, DateTimeOffset At)
{
    public DateOnly Today => At.UtcDay();
}

/// <summary>What is true from a day until the person's next span begins; the first span also before its day.</summary>
internal sealed record PersonSpan(DateOnly StartsOn, Standing Standing);
