using System.Text.RegularExpressions;
using Guerdon.Kernel;

namespace Guerdon.Unit.Architecture;

/// <summary>Who reports to whom is asked in one place, <c>Readable</c> of People: what answers without a database is
/// asked only for permissions that no role has for a team.</summary>
public sealed partial class TeamReachTests
{
    [Fact]
    public void May_OfAPersonWithoutADatabase_IsAskedOnlyWhereNoRoleHasATeam()
    {
        var asked =
            (from file in Repository.Files("src", ".cs").Concat(Repository.Files("src", ".razor"))
             from Match call in Asked().Matches(Repository.Read(file))
             select (File: file, Name: call.Groups[1].Value)).ToList();
        Assert.True(asked.Count > 5, $"Only {asked.Count} were found.");
        Assert.Empty(asked.Where(call => HasTeam(call.Name)).Select(call => $"{call.File}: {call.Name}"));
        Assert.True(HasTeam(nameof(Permissions.SpendRead)));
    }

    private static bool HasTeam(string field)
    {
        var line = Permissions.Of((string)typeof(Permissions).GetField(field)!.GetRawConstantValue()!);
        return Roles.Names.Any(role => line.In(role) == Reach.Team);
    }

    [GeneratedRegex("Access\\.May\\(\\s*\\w+(?:\\.\\w+)?,\\s*Permissions\\.(\\w+),\\s*[\\w.]")]
    private static partial Regex Asked();
}
