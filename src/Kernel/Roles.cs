namespace Guerdon.Kernel;

/// <summary>What accounts are given: sets of permissions (<see cref="Permissions"/>). An account may have several, and
/// they add up. Stored by these names.</summary>
public static class Roles
{
    /// <summary>Has a wallet: sees and spends it, and asks for what is theirs.</summary>
    public const string Employee = "employee";

    /// <summary>Sees what those spend who report to them, today, directly or not.</summary>
    public const string Manager = "manager";

    /// <summary>Keeps people, plans and offers, and prepares grants.</summary>
    public const string People = "people";

    /// <summary>Approves what pays, and does the books: conversions, claims, payroll, prices.</summary>
    public const string Finance = "finance";

    /// <summary>Votes on phases.</summary>
    public const string Board = "board";

    /// <summary>Reads everything, and writes nothing.</summary>
    public const string Auditor = "auditor";

    /// <summary>Runs the gateway: providers, policies, stops, keys.</summary>
    public const string Platform = "platform";

    /// <summary>Opens accounts and gives roles, never to themselves.</summary>
    public const string Administrator = "administrator";

    /// <summary>All of them, in the order in which they are shown.</summary>
    public static readonly IReadOnlyList<string> Names =
        [Employee, Manager, People, Finance, Board, Auditor, Platform, Administrator];

    /// <summary>What a founder has who does everything: all but to audit themselves, and to be somebody's
    /// manager, which depends on who reports to whom.</summary>
    public static readonly IReadOnlyList<string> Founder =
        [Employee, People, Finance, Board, Platform, Administrator];

    /// <summary>As somebody was called before roles were several, for programs that read it: <c>admin</c> for whoever
    /// runs a part of the programme, else <c>employee</c>.</summary>
    public static string FormerWord(IEnumerable<string> roles) =>
        roles.Any(role => role is not (Employee or Manager)) ? "admin" : Employee;

    public static bool IsKnown(string? role) => role is not null && Names.Contains(role);
}
