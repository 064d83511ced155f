using System.Globalization;
using Guerdon.Kernel;
using Guerdon.Ledger;
using Guerdon.Ledger.Accounts;
using Guerdon.Ledger.Transfers;
using Guerdon.Plans;
using Guerdon.Storage;
using Microsoft.Extensions.Logging;
using Npgsql;

namespace Guerdon.Grants.Runs;

/// <summary>
/// Applies a plan's rollover cap: when an allowance is granted, what is left of earlier ones beyond so much of it
/// lapses, what expires first going first. Once per chunk of a run.
/// </summary>
internal sealed partial class Rollover(NpgsqlDataSource db, LedgerWriter ledger, ILogger<Rollover> log)
{
    private const int AtOnce = 64;

    private const string Open = """
        select c.run_id, c.chunk, p.yaml
          from compensation.grant_chunk c
          join compensation.grant_run r on r.run_id = c.run_id
          join compensation.plan p on p.plan_id = r.plan_id
         where c.posted_at is not null and not c.rolled and r.kind = 'plan' and r.reversed_at is null
         order by c.run_id, c.chunk
        """;

    private static readonly string Left = Sql.Read("Grants/Runs/LeftOfAllowances.sql");

    private const string MarkRolled =
        "update compensation.grant_chunk set rolled = true where run_id = $1 and chunk = $2";

    /// <summary>Goes on with every chunk that was posted and not looked at since.</summary>
    public async Task FinishAsync(CancellationToken ct)
    {
        foreach (var (run, chunk, plan) in await OpenAsync(ct))
        {
            if (plan.Allowance?.RolloverPpm is { } cap) await LapseAsync(run, chunk, cap, ct);
            await db.ExecuteAsync(MarkRolled, [run.Value, chunk], ct);
        }
    }

    /// <summary>What of somebody's earlier lots lapses, those that expire first first. No I/O.</summary>
    /// <param name="grantMilli">The grant that came.</param>
    /// <param name="capPpm">How much may be left, in millionths of it.</param>
    /// <param name="lots">What is available of each earlier lot, in spending order.</param>
    internal static IEnumerable<(int Lot, long Milli)> Excess(
        long grantMilli, int capPpm, IReadOnlyList<(int Lot, long Milli)> lots)
    {
        var over = lots.Sum(l => l.Milli) - (long)((Int128)grantMilli * capPpm / Factors.One);
        foreach (var (lot, milli) in lots)
        {
            if (over <= 0) yield break;
            yield return (lot, Math.Min(milli, over));
            over -= milli;
        }
    }

    private async Task LapseAsync(RunId run, int chunk, int cap, CancellationToken ct)
    {
        var lapses = (await LeftAsync(run, chunk, ct)).GroupBy(l => (l.Line, l.Wallet, l.GrantMilli, l.Asset))
            .SelectMany(of => Excess(of.Key.GrantMilli, cap, [.. of.Select(l => (l.Lot, l.Milli))])
                .Select(excess => new Transfer
                {
                    Kind = TransferKind.Lapse, Wallet = of.Key.Wallet, Asset = of.Key.Asset, Lot = excess.Lot,
                    Amount = new Tokens(excess.Milli), AtLeast = Tokens.Zero,
                    Key = string.Create(CultureInfo.InvariantCulture, $"lapse:{run}:{of.Key.Line}:{excess.Lot}"),
                    SourceId = run.Value,
                }));
        await Parallel.ForEachAsync(
            lapses, new ParallelOptions { MaxDegreeOfParallelism = AtOnce, CancellationToken = ct },
            async (transfer, token) =>
            {
                // Refused where an attempt that was cut off had come so far and something was spent since.
                if ((await ledger.PostAsync(transfer, token)).Refused is { } refused)
                    Log.Refused(log, transfer.Wallet.Value, transfer.Key, refused.Refusal.Code);
            });
    }

    private Task<List<(RunId Run, int Chunk, Plan Plan)>> OpenAsync(CancellationToken ct)
    {
        var (read, plan) = ("", default(Plan));
        return db.ReadAsync(
            Open, row => (row.Id<RunId>("run_id"), row.Int4("chunk"), PlanOf(row.Text("yaml"))), [], ct);

        // Chunks of one run follow each other, and have one plan.
        Plan PlanOf(string yaml)
        {
            if (plan is null || yaml != read) (read, plan) = (yaml, PlanFile.ReadApplied(yaml));
            return plan;
        }
    }

    private Task<List<LeftLot>> LeftAsync(RunId run, int chunk, CancellationToken ct) =>
        db.ReadAsync(
            Left,
            row => new LeftLot(
                row.Int4("line"), row.Id<WalletId>("person_id"), row.Bigint("amount_milli"),
                (Asset)row.Smallint("asset"), row.Int4("lot"), row.Bigint("available_milli")),
            [run.Value, chunk], ct);

    private readonly record struct LeftLot(
        int Line, WalletId Wallet, long GrantMilli, Asset Asset, int Lot, long Milli);

    private static partial class Log
    {
        [LoggerMessage(Level = LogLevel.Warning, Message = "{Key} of wallet {Wallet} did not lapse: {Code}")]
        public static partial void Refused(ILogger log, Guid wallet, string key, string code);
    }
}
