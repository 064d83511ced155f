using Dapper;
using Guerdon.Kernel;
using Guerdon.Ledger;
using Npgsql;

namespace Guerdon.Tuning;

/// <summary>Whose training files and tuning jobs are whose, and how far the jobs are.</summary>
internal sealed class TuningStore(NpgsqlDataSource db)
{
    private const string AddFileSql = """
        insert into gateway.tuning_file (wallet_id, file_id, provider, name, bytes, created_at)
        values (@wallet, @id, @provider, @name, @bytes, @createdAt)
        """;

    private const string FileSql = """
        select file_id as Id, provider, name, bytes, created_at as CreatedAt from gateway.tuning_file
         where wallet_id = @wallet and file_id = @id and deleted_at is null
        """;

    private const string FilesSql = """
        select file_id as Id, provider, name, bytes, created_at as CreatedAt from gateway.tuning_file
         where wallet_id = @wallet and deleted_at is null
         order by created_at desc, file_id desc limit @limit
        """;

    private const string DeleteFileSql =
        "update gateway.tuning_file set deleted_at = @now where wallet_id = @wallet and file_id = @id";

    private const string JobSql =
        "select * from gateway.tuning_job where wallet_id = @wallet and upstream_id = @id";

    private const string JobAgainSql = "select * from gateway.tuning_job where wallet_id = @wallet and job_id = @id";

    // Behind one job, where one is named: newest first.
    private const string JobsSql = """
        select j.* from gateway.tuning_job j
         where j.wallet_id = @wallet and j.upstream_id is not null
           and (@after::text is null or (j.created_at, j.job_id) < (
                select a.created_at, a.job_id from gateway.tuning_job a
                 where a.wallet_id = @wallet and a.upstream_id = @after))
         order by j.created_at desc, j.job_id desc limit @limit
        """;

    private const string NoteSql = """
        update gateway.tuning_job
           set upstream_id = coalesce(upstream_id, @upstream), seen = coalesce(@seen, seen), warning = @warning,
               missing_since = @missing, next_check_at = @next
         where wallet_id = @wallet and job_id = @id and ended_at is null
        """;

    private static readonly string ClaimSql = Sql.Read("Tuning/ClaimJob.sql");
    private static readonly string InsertSql = Sql.Read("Tuning/InsertJob.sql");

    public Task AddFileAsync(WalletId wallet, TuningFile file, CancellationToken ct) => ExecuteAsync(AddFileSql, new
    {
        wallet = wallet.Value, id = file.Id, provider = file.Provider, name = file.Name, bytes = file.Bytes,
        createdAt = file.CreatedAt,
    }, ct);

    public async Task<TuningFile?> FileAsync(WalletId wallet, string id, CancellationToken ct)
    {
        await using var connection = await db.OpenConnectionAsync(ct);
        return await connection.QuerySingleOrDefaultAsync<TuningFile>(
            new CommandDefinition(FileSql, new { wallet = wallet.Value, id }, cancellationToken: ct));
    }

    /// <summary>The newest first.</summary>
    public async Task<IReadOnlyList<TuningFile>> FilesAsync(WalletId wallet, int limit, CancellationToken ct)
    {
        await using var connection = await db.OpenConnectionAsync(ct);
        return (await connection.QueryAsync<TuningFile>(
            new CommandDefinition(FilesSql, new { wallet = wallet.Value, limit }, cancellationToken: ct))).AsList();
    }

    public Task DeleteFileAsync(WalletId wallet, string id, DateTime now, CancellationToken ct) =>
        ExecuteAsync(DeleteFileSql, new { wallet = wallet.Value, id, now }, ct);

    /// <summary>The command that is run in the commit of the job's hold.</summary>
    public static NpgsqlBatchCommand Insert(TuningJob job)
    {
        var command = new NpgsqlBatchCommand(InsertSql);
        object[] values =
        [
            job.Wallet.Value, job.Id.Value, job.KeyId.Value, job.Provider, job.FileId, job.Model, job.PriceId,
            job.TokenValueNanos, job.Epochs, job.BoundTokens, job.Held.Milli, job.CreatedAt, job.NextCheckAt,
        ];
        foreach (var value in values) command.Parameters.Add(new NpgsqlParameter { Value = value });
        return command;
    }

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
        OneAsync(JobSql, new { wallet = wallet.Value, id = upstreamId }, ct);

    /// <summary>A job as it is now.</summary>
    public Task<TuningJob?> AgainAsync(TuningJob job, CancellationToken ct) =>
        OneAsync(JobAgainSql, new { wallet = job.Wallet.Value, id = job.Id.Value }, ct);

    /// <summary>Those that the provider created, the newest first.</summary>
    /// <param name="wallet">Whose.</param>
    /// <param name="after">The provider's id of the job before them; null: from the newest on.</param>
    /// <param name="limit">How many at most.</param>
    /// <param name="ct">Stops it.</param>
    public async Task<IReadOnlyList<TuningJob>> JobsAsync(
        WalletId wallet, string? after, int limit, CancellationToken ct)
    {
        await using var connection = await db.OpenConnectionAsync(ct);
        var rows = await connection.QueryAsync<Row>(
            new CommandDefinition(JobsSql, new { wallet = wallet.Value, after, limit }, cancellationToken: ct));
        return [.. rows.Select(JobOf)];
    }

    /// <summary>Takes one job that is due, and puts its next turn off; null where none is due.</summary>
    public Task<TuningJob?> ClaimAsync(DateTime now, DateTime until, CancellationToken ct) =>
        OneAsync(ClaimSql, new { now, until }, ct);

    /// <summary>Writes down how an open job is; an ended one stays as it is.</summary>
    public Task NoteAsync(TuningJob job, CancellationToken ct) => ExecuteAsync(NoteSql, new
    {
        wallet = job.Wallet.Value, id = job.Id.Value, upstream = job.UpstreamId, seen = job.Seen,
        warning = job.Warning, missing = job.MissingSince, next = job.NextCheckAt,
    }, ct);

    private async Task ExecuteAsync(string sql, object values, CancellationToken ct)
    {
        await using var connection = await db.OpenConnectionAsync(ct);
        await connection.ExecuteAsync(new CommandDefinition(sql, values, cancellationToken: ct));
    }

    private async Task<TuningJob?> OneAsync(string sql, object values, CancellationToken ct)
    {
        await using var connection = await db.OpenConnectionAsync(ct);
        var row = await connection.QuerySingleOrDefaultAsync<Row>(
            new CommandDefinition(sql, values, cancellationToken: ct));
        return row is null ? null : JobOf(row);
    }

    private static TuningJob JobOf(Row r) => new()
    {
        Wallet = new(r.Wallet_Id), Id = new(r.Job_Id), KeyId = new(r.Key_Id), Provider = r.Provider,
        UpstreamId = r.Upstream_Id, FileId = r.File_Id, Model = r.Model, PriceId = r.Price_Id,
        TokenValueNanos = r.Token_Value_Nanos, Epochs = r.Epochs, BoundTokens = r.Bound_Tokens,
        Held = new(r.Held_Milli), Seen = r.Seen, CreatedAt = r.Created_At, NextCheckAt = r.Next_Check_At,
        Checks = r.Checks, MissingSince = r.Missing_Since, Warning = r.Warning, EndedAt = r.Ended_At,
        TrainedTokens = r.Trained_Tokens, Charged = r.Charged_Milli is { } charged ? new Tokens(charged) : null,
    };

    // Filled by name.
    private sealed record Row
    {
        public Guid Wallet_Id { get; init; }
        public Guid Job_Id { get; init; }
        public Guid Key_Id { get; init; }
        public string Provider { get; init; } = "";
        public string? Upstream_Id { get; init; }
        public string File_Id { get; init; } = "";
        public string Model { get; init; } = "";
        public Guid Price_Id { get; init; }
        public long Token_Value_Nanos { get; init; }
        public int Epochs { get; init; }
        public long Bound_Tokens { get; init; }
        public long Held_Milli { get; init; }
        public string? Seen { get; init; }
        public DateTime Created_At { get; init; }
        public DateTime Next_Check_At { get; init; }
        public int Checks { get; init; }
        public DateTime? Missing_Since { get; init; }
        public string? Warning { get; init; }
        public DateTime? Ended_At { get; init; }
        public long? Trained_Tokens { get; init; }
        public long? Charged_Milli { get; init; }
    }
}
