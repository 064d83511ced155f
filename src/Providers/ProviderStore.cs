using Dapper;
using Npgsql;

namespace Guerdon.Providers;

/// <summary>A provider as administrators last set it.</summary>
internal sealed record ProviderRow
{
    public string Name { get; init; } = "";
    public int Version { get; init; }
    public string Change { get; init; } = "";
    public string Dialect { get; init; } = "";
    public string Base_Url { get; init; } = "";
    public string Serves { get; init; } = "";
    public int Weight { get; init; }
    public string Cap_Member { get; init; } = "";
    public DateTime Changed_At { get; init; }
    public string Changed_By { get; init; } = "";

    public bool IsRemoved => Change == ProviderChange.Removed;
}

/// <summary>A key that is in use.</summary>
internal sealed record ProviderKeyRow
{
    public Guid Key_Id { get; init; }
    public string Provider { get; init; } = "";
    public byte[] Sealed { get; init; } = [];
    public string Hint { get; init; } = "";
    public string Fingerprint { get; init; } = "";
    public DateTime Set_At { get; init; }
    public string Set_By { get; init; } = "";
    public DateTime? Retires_At { get; init; }
}

/// <summary>What a version of a provider was made for.</summary>
internal static class ProviderChange
{
    public const string Set = "set";
    public const string Rotated = "rotated";
    public const string Retired = "retired";
    public const string Removed = "removed";
}

/// <summary>Providers and their keys in the database. Rows of providers are added, keys are erased.</summary>
internal static class ProviderStore
{
    /// <summary>Where nodes hear that there is something new.</summary>
    public const string Channel = "gateway_provider";

    private const string Newest = """
        select distinct on (name) name, version, change, dialect, base_url, serves, weight, cap_member, changed_at,
               changed_by
          from gateway.provider order by name, version desc
        """;

    private const string Keys = """
        select key_id, provider, sealed, hint, fingerprint, set_at, set_by, retires_at from gateway.provider_key
         where sealed is not null and (retires_at is null or retires_at > @now)
        """;

    private const string OneAtATime = "select pg_advisory_xact_lock(hashtextextended('gateway.provider', 0))";

    // Told to every node by the commit.
    private const string TellNodes = $"select pg_notify('{Channel}', '')";

    private const string InsertVersion = """
        insert into gateway.provider
               (name, version, change, dialect, base_url, serves, weight, cap_member, changed_at, changed_by)
        values (@name, @version, @change, @dialect, @baseUrl, @serves, @weight, @capMember, @now, @by)
        """;

    private const string InsertKey = """
        insert into gateway.provider_key (key_id, provider, sealed, hint, fingerprint, set_at, set_by)
        values (@id, @provider, @sealed, @hint, @fingerprint, @now, @by)
        """;

    private const string EraseSecond = """
        update gateway.provider_key set sealed = null, erased_at = @now
         where provider = @provider and sealed is not null and retires_at is not null
        """;

    private const string EraseAll = """
        update gateway.provider_key set sealed = null, erased_at = @now
         where provider = @provider and sealed is not null
        """;

    private const string FirstBecomesSecond = """
        update gateway.provider_key set retires_at = @until
         where provider = @provider and sealed is not null and retires_at is null
        """;

    private const string EraseRetired = """
        update gateway.provider_key set sealed = null, erased_at = @now
         where sealed is not null and retires_at <= @now
        """;

    /// <summary>Every provider's last version, removed ones too, and the keys in use.</summary>
    public static async Task<ProviderRows> ReadAsync(NpgsqlDataSource db, DateTimeOffset now, CancellationToken ct)
    {
        await using var connection = await db.OpenConnectionAsync(ct);
        return await ReadAsync(connection, now, ct);
    }

    /// <summary>Erases keys whose time has passed. Safe to repeat, and from several nodes.</summary>
    public static async Task EraseRetiredAsync(NpgsqlDataSource db, DateTimeOffset now, CancellationToken ct)
    {
        await using var connection = await db.OpenConnectionAsync(ct);
        await RunAsync(connection, EraseRetired, new { now = now.UtcDateTime }, ct);
    }

    /// <summary>Begins a change; nobody else changes providers until it is committed or disposed.</summary>
    public static async Task<Edit> BeginAsync(
        NpgsqlDataSource db, DateTimeOffset now, string by, CancellationToken ct)
    {
        var connection = await db.OpenConnectionAsync(ct);
        try
        {
            var transaction = await connection.BeginTransactionAsync(ct);
            await RunAsync(connection, OneAtATime, null, ct);
            return new Edit(connection, transaction, await ReadAsync(connection, now, ct), now, by);
        }
        catch
        {
            await connection.DisposeAsync(); // and the transaction with it
            throw;
        }
    }

    private static async Task<ProviderRows> ReadAsync(
        NpgsqlConnection connection, DateTimeOffset now, CancellationToken ct)
    {
        var providers = await connection.QueryAsync<ProviderRow>(new CommandDefinition(Newest, cancellationToken: ct));
        var keys = await connection.QueryAsync<ProviderKeyRow>(
            new CommandDefinition(Keys, new { now = now.UtcDateTime }, cancellationToken: ct));
        return new(providers.AsList(), keys.AsList());
    }

    private static Task<int> RunAsync(NpgsqlConnection connection, string sql, object? values, CancellationToken ct) =>
        connection.ExecuteAsync(new CommandDefinition(sql, values, cancellationToken: ct));

    /// <summary>A change under way: what stands, and what is written.</summary>
    internal sealed class Edit(
        NpgsqlConnection connection, NpgsqlTransaction transaction, ProviderRows rows, DateTimeOffset now, string by)
        : IAsyncDisposable
    {
        public ProviderRows Rows => rows;

        public Task AddVersionAsync(string name, string change, ProviderOptions settings, CancellationToken ct) =>
            RunAsync(connection, InsertVersion, new
            {
                name, change, version = (rows.Last(name)?.Version ?? 0) + 1, dialect = settings.Dialect.Name,
                baseUrl = settings.BaseUrl, serves = settings.Serves, weight = settings.Weight,
                capMember = settings.CapMember, now = now.UtcDateTime, by,
            }, ct);

        public Task AddKeyAsync(string provider, byte[] @sealed, KeyMark mark, CancellationToken ct) =>
            RunAsync(connection, InsertKey, new
            {
                id = Guid.CreateVersion7(now), provider, @sealed, hint = mark.Hint, fingerprint = mark.Fingerprint,
                now = now.UtcDateTime, by,
            }, ct);

        public Task EraseSecondAsync(string provider, CancellationToken ct) =>
            RunAsync(connection, EraseSecond, new { provider, now = now.UtcDateTime }, ct);

        public Task EraseAllAsync(string provider, CancellationToken ct) =>
            RunAsync(connection, EraseAll, new { provider, now = now.UtcDateTime }, ct);

        /// <summary>The first key becomes the second until then, in place of one that was it.</summary>
        public async Task FirstBecomesSecondAsync(string provider, DateTimeOffset until, CancellationToken ct)
        {
            await EraseSecondAsync(provider, ct);
            await RunAsync(connection, FirstBecomesSecond, new { provider, until = until.UtcDateTime }, ct);
        }

        public async Task CommitAsync(CancellationToken ct)
        {
            await RunAsync(connection, TellNodes, null, ct);
            await transaction.CommitAsync(ct);
        }

        public async ValueTask DisposeAsync()
        {
            await transaction.DisposeAsync();
            await connection.DisposeAsync();
        }
    }
}

/// <summary>What the database has of providers.</summary>
internal sealed record ProviderRows(IReadOnlyList<ProviderRow> Providers, IReadOnlyList<ProviderKeyRow> Keys)
{
    /// <summary>The last version, be it that it was removed; null: there never was one.</summary>
    public ProviderRow? Last(string name) => Providers.FirstOrDefault(row => row.Name == name);

    /// <summary>The version that holds, or null.</summary>
    public ProviderRow? Find(string name) => Last(name) is { IsRemoved: false } row ? row : null;

    public ProviderKeyRow? First(string name) =>
        Keys.FirstOrDefault(key => key.Provider == name && key.Retires_At is null);

    public ProviderKeyRow? Second(string name) =>
        Keys.FirstOrDefault(key => key.Provider == name && key.Retires_At is not null);
}
