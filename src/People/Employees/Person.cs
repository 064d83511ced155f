using Guerdon.People.Spans;

namespace Guerdon.People.Employees;

/// <summary>Somebody the programme is for, as they are on some day: today, where none is named.</summary>
/// <param name="Id">The person, and their wallet.</param>
/// <param name="Email">Lower-cased; what the person has at the moment; who they are is the id.</param>
/// <param name="Name">As the company writes it.</param>
/// <param name="Team">Path in the tree of teams: <c>Engineering/Platform</c>.</param>
/// <param name="Role">Free text: <c>Engineer</c>.</param>
/// <param name="Level">L1 to L10.</param>
/// <param name="Country">ISO 3166-1 alpha-2.</param>
/// <param name="CostCentre">Finance's code.</param>
/// <param name="HiredOn">First day of employment.</param>
/// <param name="LeftOn">Last day of employment; null: none is known.</param>
/// <param name="BasePayCents">Base pay of a year, in the smallest unit: hundredths, thousandths for KWD and its like
/// (<see cref="Guerdon.Kernel.Currencies"/>).</param>
/// <param name="TotalPayCents">All pay of a year, base included, in hundredths of the currency.</param>
/// <param name="Currency">ISO 4217.</param>
/// <param name="IsBot">An account that works but is not paid and never scored.</param>
public sealed record Person(
    PersonId Id, string Email, string Name, string Team, string Role, string Level, string Country, string CostCentre,
    DateOnly HiredOn, DateOnly? LeftOn, long BasePayCents, long TotalPayCents, string Currency, bool IsBot)
{
    /// <summary>Which company of the group employs them; null: not stated.</summary>
    public string? LegalEntity { get; init; }

    /// <summary>Whom they report to; null: nobody, or not stated.</summary>
    public PersonId? Manager { get; init; }

    /// <summary>That person's address.</summary>
    public string? ManagerEmail { get; init; }

    /// <summary>employee or contractor.</summary>
    public string Employment { get; init; } = Standing.Employee;

    /// <summary>Part of full time, in hundredths of a percent. Pay is what is paid for it.</summary>
    public int PartTimeBp { get; init; } = Standing.FullTimeBp;

    /// <summary>The kind of leave they are on; null: none.</summary>
    public string? Leave { get; init; }

    /// <summary>paid or unpaid; null where they are not on leave.</summary>
    public string? LeavePay { get; init; }

    /// <summary>Unpaid leave, both ends included, that had not ended by the first of the days that were asked for; of
    /// somebody who was asked for on one day, none.</summary>
    public IReadOnlyList<(DateOnly First, DateOnly Last)> UnpaidLeave { get; init; } = [];

    /// <summary>Where they work, by its name in the IANA list; null: not stated.</summary>
    public string? TimeZone { get; init; }

    /// <summary>Days of employment within a span of days, both ends included.</summary>
    public int DaysEmployed(DateOnly first, DateOnly last)
    {
        var from = HiredOn > first ? HiredOn : first;
        var to = LeftOn is { } left && left < last ? left : last;
        return Math.Max(0, to.DayNumber - from.DayNumber + 1);
    }

    /// <summary>Days of unpaid leave on which they are employed within a span of days, both ends included.</summary>
    public int DaysOnUnpaidLeave(DateOnly first, DateOnly last) => UnpaidLeave.Sum(leave => DaysEmployed(
        leave.First > first ? leave.First : first, leave.Last < last ? leave.Last : last));

    /// <summary>When keys, sessions and tokens end; null: no last day is known.</summary>
    public DateTimeOffset? AccessEndsAt => LeftOn is { } last ? AccessEnd.After(last) : null;
}
