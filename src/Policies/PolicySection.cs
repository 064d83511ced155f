namespace Guerdon.Policies;

/// <summary>The rules for those of a plan, of a team and the teams under it, or of both at once.</summary>
/// <param name="Plan">Null: of any plan or none.</param>
/// <param name="Team">Null: of any team.</param>
/// <param name="Rules">What binds them: the section's own rules, and those for all that it does not replace.</param>
public sealed record PolicySection(string? Plan, string? Team, Policy Rules)
{
    public bool Includes(Membership member) =>
        (Plan is null || member.Plans.Contains(Plan)) && (Team is null || IsUnder(member.Team, Team));

    /// <summary>Such as <c>plan pilot in team Engineering</c>.</summary>
    public static string Words(string? plan, string? team) => (plan, team) switch
    {
        ({ } p, { } t) => $"plan {p} in team {t}",
        ({ } p, null) => $"plan {p}",
        _ => $"team {team}",
    };

    private static bool IsUnder(string path, string team) =>
        path.StartsWith(team, StringComparison.Ordinal) && (path.Length == team.Length || path[team.Length] == '/');
}
