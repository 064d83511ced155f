using Guerdon.Storage;
using Npgsql;

namespace Guerdon.Providers;

/// <summary>A provider as administrators last set it.</summary>
internal sealed record ProviderRow(
    string Name, int Version, string Change, string Dialect, string BaseUrl, string Serves, int Weight,
    string CapMember, DateTimeOffset ChangedAt, string ChangedBy)
{
    public bool IsRemoved => Change == ProviderChange.Removed;
}

/// <summary>A key that is in use.</summary>
internal sealed record ProviderKeyRow(
    string Provider, byte[] Sealed, string Hint, string Fingerprint, DateTimeOffset SetAt, string SetBy,
    DateTimeOffset? RetiresAt);

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
         where sealed is not null and (retires_at is null or retires_at > $1)
        """;

    private const string OneAtATime = "gateway.provider";

    private const string InsertVersion = """
        insert into gateway.provider
               (name, version, change, dialect, base_url, serves, weight, cap_member, changed_at, changed_by)
        values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)
        """;

    private const string InsertKey = """
        insert into gateway.provider_key (key_id, provider, sealed, hint, fingerprint, set_at, set_by)
        values ($1, $2, $3, $4, $5, $6, $7)
        """;

    private const string EraseSecond = """
        update gateway.provider_key set sealed = null, erased_at = $2
         where provider = $1 and sealed is not null and retires_at is not null
        """;

    private const string EraseAll = """
        update gateway.provider_key set sealed = null, erased_at = $2
         where provider = $1 and sealed is not null
        """;

    private const string FirstBecomesSecond = """
        update gateway.provider_key set retires_at = $2
         where provider = $1 and sealed is not null and retires_at is null
        """;

    private const string EraseRetired = """
        update gateway.provider_key set sealed = null, erased_at = $1
         where sealed is not null and retires_at <= $1
        """;

    /// <summary>Every provider's last version, removed ones too, and the keys in use.</summary>
    public static async Task<ProviderRows> ReadAsync(NpgsqlDataSource db, DateTimeOffset now, CancellationToken ct)
    {
        await using var connection = await db.OpenConnectionAsync(ct);
        return await ReadAsync(connection, now, ct);
    }

    /// <summary>Erases keys whose time has passed. Safe to repeat, and from several nodes.</summary>
    public static Task EraseRetiredAsync(NpgsqlDataSource db, DateTimeOffset now, CancellationToken ct) =>
        db.ExecuteAsync(EraseRetired, [now], ct);

    /// <summary>Begins a change; nobody else changes providers until it is committed or disposed.</summary>
    public static async Task<Edit> BeginAsync(NpgsqlDataSource db, DateTimeOffset now, string by, CancellationToken ct)
    {
        var connection = await db.OpenConnectionAsync(ct);
        try
        {
            var transaction = await connection.BeginAsync(ct);
            await LockAsync(connection, ct);
            return new Edit(connection, transaction, await ReadAsync(connection, now, ct), now, by);
        }
        catch
        {
            await connection.DisposeAsync(); // and the transaction with it
            throw;
        }
    }

    /// <summary>Waits until nobody else changes providers; nobody does until the transaction ends.</summary>
    public static Task LockAsync(NpgsqlConnection at, CancellationToken ct) =>
        Locks.InTransactionAsync(at, OneAtATime, ct);

    /// <summary>The same as the other, on the caller's connection.</summary>
    public static async Task<ProviderRows> ReadAsync(
        NpgsqlConnection connection, DateTimeOffset now, CancellationToken ct)
    {
        var providers = await connection.ReadAsync(
            Newest,
            row => new ProviderRow(
                row.Text("name"), row.Int4("version"), row.Text("change"), row.Text("dialect"), row.Text("base_url"),
                row.Text("serves"), row.Int4("weight"), row.Text("cap_member"), row.Instant("changed_at"),
                row.Text("changed_by")), [], ct);
        var keys = await connection.ReadAsync(
            Keys,
            row => new ProviderKeyRow(
                row.Text("provider"), row.Bytes("sealed"), row.Text("hint"), row.Text("fingerprint"),
                row.Instant("set_at"), row.Text("set_by"), row.InstantOrNull("retires_at")), [now], ct);
        return new(providers, keys);
    }

    /// <summary>A change under way: what stands, and what is written.</summary>
    /// <param name="connection">In a transaction.</param>
    /// <param name="transaction">That; null: it is the caller's, who commits it.</param>
    /// <param name="rows">What stands.</param>
    /// <param name="now">The present.</param>
    /// <param name="by">Who changes it.</param>
    internal sealed class Edit(
        NpgsqlConnection connection, NpgsqlTransaction? transaction, ProviderRows rows, DateTimeOffset now, string by)
        : IAsyncDisposable
    {
        public ProviderRows Rows => rows;

        public Task AddVersionAsync(string name, string change, ProviderOptions settings, CancellationToken ct) =>
            connection.ExecuteAsync(
                InsertVersion,
                [
                    name, (rows.Last(name)?.Version ?? 0) + 1, change, settings.Dialect.Name, settings.BaseUrl,
                    settings.Serves, settings.Weight, settings.CapMember, now, by,
                ], ct);

        public Task AddKeyAsync(string provider, byte[] @sealed, KeyMark mark, CancellationToken ct) =>
            connection.ExecuteAsync(
                InsertKey, [Guid.CreateVersion7(now), provider, @sealed, mark.Hint, mark.Fingerprint, now, by], ct);

        public Task EraseSecondAsync(string provider, CancellationToken ct) =>
            connection.ExecuteAsync(EraseSecond, [provider, now], ct);

        public Task EraseAllAsync(string provider, CancellationToken ct) =>
            connection.ExecuteAsync(EraseAll, [provider, now], ct);

        /// <summary>The first key becomes the second until then, in place of one that was it.</summary>
        public async Task FirstBecomesSecondAsync(string provider, DateTimeOffset until, CancellationToken ct)
        {
            await EraseSecondAsync(provider, ct);
            await connection.ExecuteAsync(FirstBecomesSecond, [provider, until], ct);
        }

        public async Task CommitAsync(CancellationToken ct)
        {
            await Notify.InTransactionAsync(connection, Channel, ct);
            if (transaction is not null) await transaction.CommitAsync(ct);
        }

        public async ValueTask DisposeAsync()
        {
            if (transaction is null) return;
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
        Keys.FirstOrDefault(key => key.Provider == name && key.RetiresAt is null);

    public ProviderKeyRow? Second(string name) =>
        Keys.FirstOrDefault(key => key.Provider == name && key.RetiresAt is not null);
}
