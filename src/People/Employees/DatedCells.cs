using Guerdon.People.Spans;

namespace Guerdon.People.Employees;

/// <summary>
/// What a row says beside the columns that every file has: from which day on it holds, and what else has a date of
/// effect. Null: the file has no such column, and says nothing about it. Empty text: nobody, or none.
/// </summary>
internal sealed record DatedCells
{
    public const string EffectiveOn = "effective_on", LegalEntity = "legal_entity", Manager = "manager_email",
        Employment = "employment", PartTime = "part_time", Leave = "leave", TimeZone = "time_zone";

    /// <summary>The columns that a file may have.</summary>
    public static readonly string[] Columns =
        [EffectiveOn, LegalEntity, Manager, Employment, PartTime, Leave, TimeZone];

    /// <summary>The first day that the row holds; null: today.</summary>
    public DateOnly? From { get; init; }

    /// <summary>An e-mail address, lower-cased, or an id of a person.</summary>
    public string? ManagerText { get; init; }

    public string? LegalEntityText { get; init; }
    public string? EmploymentText { get; init; }
    public int? PartTimeBp { get; init; }
    public string? LeaveText { get; init; }
    public string? TimeZoneText { get; init; }

    /// <summary>Those of a row. A column that is declared as a kind of identity stays that.</summary>
    public static DatedCells Read(Cells cells, IReadOnlyList<IdentityKind> kinds)
    {
        return new DatedCells
        {
            From = Has(EffectiveOn) ? cells.Date(EffectiveOn, required: false) : null,
            ManagerText = Has(Manager) ? cells.Manager(Manager) : null,
            LegalEntityText = Has(LegalEntity) ? cells.Optional(LegalEntity) ?? "" : null,
            EmploymentText = Has(Employment) ? cells.Employment(Employment) : null,
            PartTimeBp = Has(PartTime) ? cells.PartTime(PartTime) : null,
            LeaveText = Has(Leave) ? cells.Leave(Leave) : null,
            TimeZoneText = Has(TimeZone) ? cells.TimeZone(TimeZone) : null,
        };

        bool Has(string column) => cells.Has(column) && kinds.All(kind => kind.Kind != column);
    }

    /// <summary>What is true by the row, of somebody of whom something was.</summary>
    /// <param name="was">Before.</param>
    /// <param name="manager">Who <see cref="ManagerText"/> is.</param>
    public Standing Over(Standing was, PersonId? manager) => was with
    {
        Manager = ManagerText is null ? was.Manager : manager,
        LegalEntity = Said(LegalEntityText, was.LegalEntity),
        Employment = EmploymentText ?? was.Employment,
        PartTimeBp = PartTimeBp ?? was.PartTimeBp,
        Leave = Said(LeaveText, was.Leave),
        TimeZone = Said(TimeZoneText, was.TimeZone),
    };

    private static string? Said(string? text, string? was) => text switch { null => was, "" => null, _ => text };
}
