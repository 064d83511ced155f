using Guerdon.People.Spans;

namespace Guerdon.People.Employees;

/// <summary>
/// What a row says beside the columns that every file has: from which day on it holds, and what else has a date of
/// effect. Null: the file has no such column, and says nothing about it. Empty text: nobody, or none.
/// </summary>
internal sealed record DatedCells
{
    public const string EffectiveOn = "effective_on", LegalEntity = "legal_entity", Manager = "manager_email",
        Employment = "employment", PartTime = "part_time", Leave = "leave", LeavePay = "leave_pay",
        LeaveFrom = "leave_from", LeaveUntil = "leave_until", TimeZone = "time_zone";

    private const string NoLeave = "is of a leave; write its kind into leave, or leave this blank.";

    /// <summary>The columns that a file may have.</summary>
    public static readonly string[] Columns =
    [
        EffectiveOn, LegalEntity, Manager, Employment, PartTime, Leave, LeavePay, LeaveFrom, LeaveUntil, TimeZone,
    ];

    /// <summary>The first day that the row holds; null: today.</summary>
    public DateOnly? From { get; init; }

    /// <summary>An e-mail address, lower-cased, or an id of a person.</summary>
    public string? ManagerText { get; init; }

    public string? LegalEntityText { get; init; }
    public string? EmploymentText { get; init; }
    public int? PartTimeBp { get; init; }
    public string? LeaveText { get; init; }
    public string? LeavePayText { get; init; }

    /// <summary>The leave's first day; null: the day from which on the row holds.</summary>
    public DateOnly? LeaveFirst { get; init; }

    /// <summary>The leave's last day; null: as for all else, until something else is known.</summary>
    public DateOnly? LeaveLast { get; init; }

    public string? TimeZoneText { get; init; }

    /// <summary>Those of a row. A column that is declared as a kind of identity stays that.</summary>
    public static DatedCells Read(Cells cells, IReadOnlyList<IdentityKind> kinds)
    {
        var dated = new DatedCells
        {
            From = Has(EffectiveOn) ? cells.Date(EffectiveOn, required: false) : null,
            ManagerText = Has(Manager) ? cells.Manager(Manager) : null,
            LegalEntityText = Has(LegalEntity) ? cells.Optional(LegalEntity) ?? "" : null,
            EmploymentText = Has(Employment) ? cells.Employment(Employment) : null,
            PartTimeBp = Has(PartTime) ? cells.PartTime(PartTime) : null,
            LeaveText = Has(Leave) ? cells.Leave(Leave) : null,
            LeavePayText = Has(LeavePay) ? cells.LeavePay(LeavePay) : null,
            LeaveFirst = Has(LeaveFrom) ? cells.Date(LeaveFrom, required: false) : null,
            LeaveLast = Has(LeaveUntil) ? cells.Date(LeaveUntil, required: false) : null,
            TimeZoneText = Has(TimeZone) ? cells.TimeZone(TimeZone) : null,
        };
        CheckLeave(cells, dated);
        return dated;

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
        Leave = HasLeaveDays ? was.Leave : Said(LeaveText, was.Leave),
        LeavePay = HasLeaveDays ? was.LeavePay : PayOf(Said(LeaveText, was.Leave), was),
        TimeZone = Said(TimeZoneText, was.TimeZone),
    };

    /// <summary>The leave of a row that says its days, and these; null: it says none, or only one that is over.
    /// </summary>
    /// <param name="from">From when on the row holds.</param>
    public (DateOnly From, DateOnly? Until)? LeaveDays(DateOnly from) =>
        HasLeaveDays && (LeaveFirst ?? from) is var first && !(LeaveLast < first) ? (first, LeaveLast) : null;

    /// <summary>What is true with that leave.</summary>
    public Standing OnLeave(Standing was) =>
        was with { Leave = LeaveText, LeavePay = PayOf(LeaveText, was) };

    private bool HasLeaveDays => (LeaveFirst ?? LeaveLast) is not null;

    // Paid, where nothing says otherwise.
    private string? PayOf(string? leave, Standing was) =>
        leave is null ? null
            : LeavePayText is { Length: > 0 } pay ? pay
            : LeavePayText is null && leave == was.Leave ? was.LeavePay : Standing.Paid;

    private static void CheckLeave(Cells cells, DatedCells dated)
    {
        if (dated.LeaveText is not { Length: > 0 })
        {
            if (dated.LeavePayText is { Length: > 0 }) cells.Wrong(LeavePay, NoLeave);
            if (dated.LeaveFirst is not null) cells.Wrong(LeaveFrom, NoLeave);
            if (dated.LeaveLast is not null) cells.Wrong(LeaveUntil, NoLeave);
        }
        else if (dated.LeaveLast < dated.LeaveFirst)
        {
            cells.Wrong(LeaveUntil, $"{dated.LeaveLast:yyyy-MM-dd} is before leave_from; it is the leave's last day.");
        }
    }

    private static string? Said(string? text, string? was) => text switch { null => was, "" => null, _ => text };
}
