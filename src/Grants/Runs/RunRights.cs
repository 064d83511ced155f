using Guerdon.Kernel;
using Guerdon.Storage;
using Npgsql;

namespace Guerdon.Grants.Runs;

/// <summary>
/// Who may decide a run as it stands, for pages and replies. <see cref="RunContext"/> is what decides.
/// </summary>
internal static class RunRights
{
    // The one person that all of a run's lines are for, where there is one.
    private const string OnlyOne = """
        select l.person_id, p.email from compensation.grant_line l
          left join people.v_person p on p.person_id = l.person_id
         where l.run_id = $1 and not exists (
            select from compensation.grant_line o where o.run_id = $1 and o.person_id <> l.person_id)
         limit 1
        """;

    /// <summary>The run with who may decide it, and whether its reader may.</summary>
    public static async Task<GetRun.Reply> WithAsync(
        GetRun.Reply run, Actor reader, RunContext context, CancellationToken ct) => run.State switch
        {
            "awaiting" => await AwaitingAsync(run, reader, context, ct),
            "reversal-awaiting" => await OfAsync(
                run, reader, run.ReversalAsker!, $"{run.ReversalBy}, who asked for the reversal", context, ct),
            _ => run,
        };

    private static async Task<GetRun.Reply> AwaitingAsync(
        GetRun.Reply run, Actor reader, RunContext context, CancellationToken ct)
    {
        var asked = await OfAsync(run, reader, run.Preparer, $"{run.PreparedBy}, who prepared it", context, ct);
        if (await OnlyOneAsync(run.RunId, context.Db, ct) is not { } paid) return asked;

        var isOwn = (await context.FourEyes.KnownAsync(reader, ct)).Person == paid.Person;
        return asked with
        {
            WhoMay = $"{asked.WhoMay}, and nobody whom it pays ({paid.Email})",
            YouMay = asked.YouMay == true && !isOwn,
        };
    }

    private static async Task<GetRun.Reply> OfAsync(
        GetRun.Reply run, Actor reader, Actor asker, string who, RunContext context, CancellationToken ct)
    {
        var isAlone = await context.FourEyes.AllowsAloneAsync(ct);
        return run with
        {
            WhoMay = isAlone ? "the only administrator, saying that they decide alone"
                : $"an administrator other than {who}",
            YouMay = isAlone || !await context.FourEyes.AreOneAsync(reader, asker, ct),
        };
    }

    private static async Task<(Guid Person, string Email)?> OnlyOneAsync(
        RunId run, NpgsqlDataSource db, CancellationToken ct)
    {
        await using var connection = await db.OpenConnectionAsync(ct);
        await using var command = Db.Command(connection, OnlyOne, run.Value);
        await using var row = await command.ExecuteReaderAsync(ct);
        return await row.ReadAsync(ct) ? (row.GetGuid(0), row.IsDBNull(1) ? "" : row.GetString(1)) : null;
    }
}
