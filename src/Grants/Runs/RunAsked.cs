using Guerdon.Approvals;
using Guerdon.Kernel;
using Guerdon.Storage;
using Npgsql;

namespace Guerdon.Grants.Runs;

/// <summary>A run, and the reversal of one, as somebody asked for them.</summary>
internal static class RunAsked
{
    // Only where all lines are for one person may that person not decide: of a run for many, their
    // own lines are set aside.
    private const string OnlyOne = """
        select l.person_id, p.email
          from (select person_id from compensation.grant_line where run_id = $1 limit 1) l
          left join people.v_person p on p.person_id = l.person_id
         where not exists (
            select from compensation.grant_line o where o.run_id = $1 and o.person_id <> l.person_id)
        """;

    /// <summary>A run that waits.</summary>
    public static async Task<Asked> OfAsync(
        NpgsqlConnection connection, RunId run, Actor preparer, CancellationToken ct)
    {
        var (only, email) = await connection.FirstAsync(
            OnlyOne, row => ((Guid?)row.Uuid("person_id"), row.TextOrNull("email") ?? ""), [run.Value], ct);
        return Of(run, preparer, only, email);
    }

    /// <summary>The same, where the one person is known whom it pays; null: it pays several.</summary>
    public static Asked Of(RunId run, Actor preparer, Guid? only, string? email) =>
        new(preparer, $"{preparer.Name} prepared {run}", $"{preparer.Name}, who prepared it")
        {
            Permission = Permissions.GrantsApprove, Beneficiaries = only is { } person ? [person] : [],
            Benefit = $"{run} pays you and nobody else", LoneAllowed = true,
            NotWho = only is null ? null : $"nobody whom it pays ({email})",
        };

    /// <summary>A run that is to be reversed.</summary>
    public static Asked OfReversal(RunId run, Actor asker) => new(
        asker, $"{asker.Name} asked for {run} to be reversed", $"{asker.Name}, who asked for the reversal")
    {
        Permission = Permissions.GrantsApprove, Beneficiaries = [], LoneAllowed = true,
    };
}
