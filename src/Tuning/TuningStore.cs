using Guerdon.Gateway.Keys;
using Guerdon.Kernel;
using Guerdon.Ledger;
using Guerdon.Storage;
using Npgsql;

namespace Guerdon.Tuning;

/// <summary>Whose training files and tuning jobs are whose, and how far the jobs are.</summary>
internal sealed class TuningStore(NpgsqlDataSource db)
{
    private const string AddFileSql = """
        insert into gateway.tuning_file (wallet_id, file_id, provider, name, bytes, created_at)
        values ($1, $2, $3, $4, $5, $6)
        """;

    private const string FileSql = """
        select file_id, provider, name, bytes, created_at from gateway.tuning_file
         where wallet_id = $1 and file_id = $2 and deleted_at is null
        """;

    private const string FilesSql = """
        select file_id, provider, name, bytes, created_at from gateway.tuning_file
         where wallet_id = $1 and deleted_at is null
         order by created_at desc, file_id desc limit $2
        """;

    private const string DeleteFileSql =
        "update gateway.tuning_file set deleted_at = $3 where wallet_id = $1 and file_id = $2";

    private const string JobSql = "select * from gateway.tuning_job where wallet_id = $1 and upstream_id = $2";

    private const string JobAgainSql = "select * from gateway.tuning_job where wallet_id = $1 and job_id = $2";

    private const string JobsSql = """
        select j.* from gateway.tuning_job j
         where j.wallet_id = $1 and j.upstream_id is not null
           and ($2::text is null or (j.created_at, j.job_id) < (
                select a.created_at, a.job_id from gateway.tuning_job a
                 where a.wallet_id = $1 and a.upstream_id = $2))
         order by j.created_at desc, j.job_id desc limit $3
        """;

    private const string NoteSql = """
        update gateway.tuning_job
           set upstream_id = coalesce(upstream_id, $3), seen = coalesce($4, seen), warning = $5,
               missing_since = $6, next_check_at = $7
         where wallet_id = $1 and job_id = $2 and ended_at is null
        """;

    private static readonly string ClaimSql = Sql.Read("Tuning/ClaimJob.sql");
    private static readonly string InsertSql = Sql.Read("Tuning/InsertJob.sql");

    public Task AddFileAsync(WalletId wallet, TuningFile file, CancellationToken ct) => db.ExecuteAsync(
        AddFileSql, [wallet.Value, file.Id, file.Provider, file.Name, file.Bytes, file.CreatedAt], ct);

    public Task<TuningFile?> FileAsync(WalletId wallet, string id, CancellationToken ct) =>
        db.FirstAsync(FileSql, FileOf, [wallet.Value, id], ct);

    /// <summary>The newest first.</summary>
    public async Task<IReadOnlyList<TuningFile>> FilesAsync(WalletId wallet, int limit, CancellationToken ct) =>
        await db.ReadAsync(FilesSql, FileOf, [wallet.Value, limit], ct);

    public Task DeleteFileAsync(WalletId wallet, string id, DateTime now, CancellationToken ct) =>
        db.ExecuteAsync(DeleteFileSql, [wallet.Value, id, now], ct);

    /// <summary>The command that is run in the commit of the job's hold.</summary>
    public static NpgsqlBatchCommand Insert(TuningJob job) => Db.InBatch(
        InsertSql,
        job.Wallet.Value, job.Id.Value, job.KeyId.Value, job.Provider, job.FileId, job.Model, job.PriceId,
        job.TokenValueNanos, job.Epochs, job.BoundTokens, job.Held.Milli, job.CreatedAt, job.NextCheckAt);

    /// <summary>The command that is run in the commit that settles the job.</summary>
    public static NpgsqlBatchCommand End(TuningJob job) => new("""
        update gateway.tuning_job
           set ended_at = $3, trained_tokens = $4, charged_milli = $5, warning = $6, seen = $7
         where wallet_id = $1 and job_id = $2 and ended_at is null
        """)
    {
        Parameters =
        {
            new() { Value = job.Wallet.Value }, new() { Value = job.Id.Value }, new() { Value = job.EndedAt },
            new() { Value = job.TrainedTokens ?? (object)DBNull.Value }, new() { Value = job.Charged!.Value.Milli },
            new() { Value = job.Warning ?? (object)DBNull.Value, DataTypeName = "text" },
            new() { Value = job.Seen ?? (object)DBNull.Value, DataTypeName = "text" },
        },
    };

    /// <summary>The wallet's job by the provider's id.</summary>
    public Task<TuningJob?> JobAsync(WalletId wallet, string upstreamId, CancellationToken ct) =>
        db.FirstAsync(JobSql, JobOf, [wallet.Value, upstreamId], ct);

    /// <summary>A job as it is now.</summary>
    public Task<TuningJob?> AgainAsync(TuningJob job, CancellationToken ct) =>
        db.FirstAsync(JobAgainSql, JobOf, [job.Wallet.Value, job.Id.Value], ct);

    /// <summary>Those that the provider created, the newest first.</summary>
    /// <param name="wallet">Whose.</param>
    /// <param name="after">The provider's id of the job before them; null: from the newest on.</param>
    /// <param name="limit">How many at most.</param>
    /// <param name="ct">Stops it.</param>
    public async Task<IReadOnlyList<TuningJob>> JobsAsync(
        WalletId wallet, string? after, int limit, CancellationToken ct) =>
        await db.ReadAsync(JobsSql, JobOf, [wallet.Value, after, limit], ct);

    /// <summary>Takes one job that is due, and puts its next turn off; null where none is due.</summary>
    public Task<TuningJob?> ClaimAsync(DateTime now, DateTime until, CancellationToken ct) =>
        db.FirstAsync(ClaimSql, JobOf, [now, until], ct);

    /// <summary>Writes down how an open job is; an ended one stays as it is.</summary>
    public Task NoteAsync(TuningJob job, CancellationToken ct) => db.ExecuteAsync(
        NoteSql,
        [
            job.Wallet.Value, job.Id.Value, job.UpstreamId, job.Seen, job.Warning, job.MissingSince, job.NextCheckAt,
        ], ct);

    private static TuningFile FileOf(Row row) => new(
        row.Text("file_id"), row.Text("provider"), row.Text("name"), row.Bigint("bytes"),
        row.Get<DateTime>("created_at"));

    private static TuningJob JobOf(Row row) => new()
    {
        Wallet = row.Id<WalletId>("wallet_id"), Id = row.Id<TuningId>("job_id"), KeyId = row.Id<KeyId>("key_id"),
        Provider = row.Text("provider"), UpstreamId = row.TextOrNull("upstream_id"), FileId = row.Text("file_id"),
        Model = row.Text("model"), PriceId = row.Uuid("price_id"), TokenValueNanos = row.Bigint("token_value_nanos"),
        Epochs = row.Int4("epochs"), BoundTokens = row.Bigint("bound_tokens"), Held = row.Tokens("held_milli"),
        Seen = row.TextOrNull("seen"), CreatedAt = row.Get<DateTime>("created_at"),
        NextCheckAt = row.Get<DateTime>("next_check_at"), Checks = row.Int4("checks"),
        MissingSince = row.Get<DateTime?>("missing_since"), Warning = row.TextOrNull("warning"),
        EndedAt = row.Get<DateTime?>("ended_at"), TrainedTokens = row.BigintOrNull("trained_tokens"),
        Charged = row.BigintOrNull("charged_milli") is { } charged ? new Tokens(charged) : null,
    };
}
