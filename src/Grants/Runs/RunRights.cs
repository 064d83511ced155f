using Guerdon.Approvals;
using Guerdon.Kernel;

namespace Guerdon.Grants.Runs;

/// <summary>
/// Who may decide a run as it stands, for pages and replies. <see cref="RunContext"/> is what decides.
/// </summary>
internal static class RunRights
{
    /// <summary>The run with who may decide it, and whether its reader may.</summary>
    public static async Task<GetRun.Reply> WithAsync(
        GetRun.Reply run, Actor reader, RunContext context, CancellationToken ct)
    {
        if (await AskedAsync(run, context, ct) is not { } asked) return run;
        var right = await context.FourEyes.RightAsync(asked, reader, ct);
        return run with { WhoMay = right.WhoMay, YouMay = right.YouMay };
    }

    private static async Task<Asked?> AskedAsync(GetRun.Reply run, RunContext context, CancellationToken ct)
    {
        if (run.State == "reversal-awaiting") return RunAsked.OfReversal(run.RunId, run.ReversalAsker!);
        if (run.State != "awaiting") return null;
        await using var connection = await context.Db.OpenConnectionAsync(ct);
        return await RunAsked.OfAsync(connection, run.RunId, run.Preparer, ct);
    }
}
