using System.Globalization;
using Guerdon.Grants.Lines;
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
/// Reverses a run: of every grant what has not vested and what is left, by transfers linked to those that made it, and
/// the pool's money is returned. What was spent stays spent. Killed anywhere, it goes on where it stopped.
/// </summary>
internal sealed partial class GrantReversal(
    NpgsqlDataSource db, LedgerWriter ledger, TimeProvider clock, ILogger<GrantReversal> log)
{
    private const int AtOnce = 64;

    // For a day, so that what gateways return from escrow meanwhile is revoked too.
    private static readonly TimeSpan Again = TimeSpan.FromDays(1);

    private const string Open = """
        select c.run_id, c.chunk, p.yaml
          from compensation.grant_chunk c
          join compensation.grant_run r on r.run_id = c.run_id
          join compensation.plan p on p.plan_id = r.plan_id
         where r.reversed_at is not null and c.posted_at is not null and ($1::uuid is null or c.run_id = $1)
           and (c.returned_milli is null or c.returned_milli < c.total_milli and r.reversed_at > $2)
         order by c.run_id, c.chunk
        """;

    private const string Standing = """
        select l.line, l.person_id, g.lot, g.transfer_id, l.asset, v.granted_milli, v.available_milli, v.unvested_milli,
               v.escrow_milli, v.spent_milli, v.expired_milli, v.locked_milli, v.converted_milli
          from compensation.grant_line l
          join ledger.v_entry g
            on g.wallet_id = l.person_id and g.key = l.key and g.from_account = ledger.account_elsewhere()
          join ledger.v_lot v on v.wallet_id = l.person_id and v.lot = g.lot
         where l.run_id = $1 and l.chunk = $2
         order by l.line
        """;

    private const string MarkReturned =
        "update compensation.grant_chunk set returned_milli = $3 where run_id = $1 and chunk = $2";

    private const string StopVesting = """
        update compensation.vesting v set next_on = null from compensation.grant_line l
         where l.run_id = $1 and l.chunk = $2 and v.run_id = l.run_id and v.line = l.line and v.next_on is not null
        """;

    /// <summary>Goes on with every run that is being reversed, or with one.</summary>
    public async Task FinishAsync(RunId? run, CancellationToken ct)
    {
        foreach (var (of, chunk, pool) in await OpenAsync(run, ct)) await ReverseAsync(of, chunk, pool, ct);
    }

    private async Task ReverseAsync(RunId run, int chunk, PoolId pool, CancellationToken ct)
    {
        await db.ExecuteAsync(StopVesting, [run.Value, chunk], ct);
        await Parallel.ForEachAsync(
            await StandingAsync(run, chunk, ct),
            new ParallelOptions { MaxDegreeOfParallelism = AtOnce, CancellationToken = ct },
            async (grant, token) => await ReverseAsync(run, grant, pool, token));
        var returned = (await StandingAsync(run, chunk, ct)).Sum(g => g.ReturnedMilli);
        await db.ExecuteAsync(MarkReturned, [run.Value, chunk, returned], ct);
    }

    private async Task ReverseAsync(RunId run, Grant grant, PoolId pool, CancellationToken ct)
    {
        // What has come back so far numbers the attempt, so that a repeat is the same transfer.
        var key = string.Create(CultureInfo.InvariantCulture, $"{run}:{grant.Line}:{grant.ReturnedMilli}");
        var back = new PoolReturn(grant.Wallet, grant.Asset, grant.Lot, pool, grant.Transfer);
        var transfers = new List<Transfer>(4);
        if (grant.UnvestedMilli > 0)
            transfers.AddRange(back.Of(TransferKind.Forfeit, new Tokens(grant.UnvestedMilli), "forfeit:" + key));
        if (grant.AvailableMilli > 0)
            transfers.AddRange(back.Of(TransferKind.Revoke, new Tokens(grant.AvailableMilli), "revoke:" + key));
        if (transfers.Count == 0) return;

        var posted = await ledger.PostAsync(transfers, with: null, ct);
        if (posted.FirstOrDefault(p => !p.Done)?.Refused is { } refused) // spent meanwhile; the next pass looks again
            Log.Refused(log, run.Value, grant.Line, refused.Refusal.Code);
    }

    private Task<List<(RunId Run, int Chunk, PoolId Pool)>> OpenAsync(RunId? run, CancellationToken ct) =>
        db.ReadAsync(
            Open,
            row => (row.Id<RunId>("run_id"), row.Int4("chunk"), PoolId.Of(PlanFile.ReadApplied(row.Text("yaml")).Pool)),
            [run?.Value, clock.GetUtcNow() - Again], ct);

    private Task<List<Grant>> StandingAsync(RunId run, int chunk, CancellationToken ct) =>
        db.ReadAsync(
            Standing,
            row => new Grant(
                row.Int4("line"), row.Id<WalletId>("person_id"), row.Int4("lot"), row.Id<TransferId>("transfer_id"),
                (Asset)row.Smallint("asset"), row.Bigint("available_milli"), row.Bigint("unvested_milli"),
                row.Bigint("granted_milli") - Places.Sum(row.Bigint)),
            [run.Value, chunk], ct);

    // Wherever something of a grant can be; what is in none of them has come back.
    private static readonly string[] Places =
    [
        "available_milli", "unvested_milli", "escrow_milli", "spent_milli", "expired_milli", "locked_milli",
        "converted_milli",
    ];

    private readonly record struct Grant(
        int Line, WalletId Wallet, int Lot, TransferId Transfer, Asset Asset, long AvailableMilli, long UnvestedMilli,
        long ReturnedMilli);

    private static partial class Log
    {
        [LoggerMessage(Level = LogLevel.Warning, Message = "Line {Line} of grant run {Run} was not reversed: {Code}")]
        public static partial void Refused(ILogger log, Guid run, int line, string code);
    }
}
