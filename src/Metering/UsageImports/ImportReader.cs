using Dapper;
using Guerdon.Kernel;
using Guerdon.Ledger;
using Npgsql;

namespace Guerdon.Metering.UsageImports;

/// <summary>What an import must know of the database before it books.</summary>
internal sealed class ImportReader(NpgsqlDataSource db)
{
    private static readonly string KnownSql = Sql.Read("Metering/UsageImports/KnownRows.sql");

    private const string AvailableSql = """
        select wallet_id, sum(amount_milli)::bigint
          from ledger.v_lot_position
         where wallet_id = any (@wallets) and asset = ledger.asset_compute()
           and account = ledger.account_available() and (expires_at is null or expires_at > @now)
         group by wallet_id
        """;

    /// <summary>What an earlier import booked for these rows, by their keys in hex.</summary>
    public async Task<Dictionary<string, BookedRow>> KnownAsync(
        string source, IReadOnlyList<UsageRow> rows, CancellationToken ct)
    {
        await using var connection = await db.OpenConnectionAsync(ct);
        var known = await connection.QueryAsync<Known>(new CommandDefinition(
            KnownSql,
            new { source, keys = rows.Select(r => r.Key).ToArray(), times = rows.Select(r => r.Time).ToArray() },
            commandTimeout: 0, cancellationToken: ct));
        return known.ToDictionary(k => Convert.ToHexString(k.Row_Key), k => new BookedRow(
            new(k.Wallet_Id), k.Started_At, k.Input, k.Cached_Input, k.Output, k.Model));
    }

    private sealed record Known(
        byte[] Row_Key, Guid Wallet_Id, DateTime Started_At, long Input, long Cached_Input, long Output, string Model);

    /// <summary>People by the ids that providers know them by.</summary>
    public async Task<Dictionary<string, Guid>> UserIdsAsync(CancellationToken ct)
    {
        await using var connection = await db.OpenConnectionAsync(ct);
        var rows = await connection.QueryAsync<(string Value, Guid Person)>(new CommandDefinition(
            "select value, person_id from people.v_identity where kind = 'provider_user_id'", cancellationToken: ct));
        return rows.ToDictionary(r => r.Value, r => r.Person, StringComparer.OrdinalIgnoreCase);
    }

    public async Task<Dictionary<WalletId, Tokens>> AvailableAsync(
        IReadOnlyList<WalletId> wallets, DateTimeOffset now, CancellationToken ct)
    {
        await using var connection = await db.OpenConnectionAsync(ct);
        var rows = await connection.QueryAsync<(Guid Wallet, long Milli)>(new CommandDefinition(
            AvailableSql, new { wallets = wallets.Select(w => w.Value).ToArray(), now = now.UtcDateTime },
            cancellationToken: ct));
        return rows.ToDictionary(r => new WalletId(r.Wallet), r => new Tokens(r.Milli));
    }
}

/// <summary>A row as an earlier import booked it; its input includes what was cached.</summary>
internal sealed record BookedRow(
    WalletId Wallet, DateTime Time, long Input, long Cached, long Output, string Model)
{
    /// <summary>Where the file differs from what was booked, with both figures; null
    /// where it does not differ.</summary>
    /// <param name="row">The row of the file.</param>
    /// <param name="model">Its model.</param>
    /// <param name="wallet">Whose it is by its own words; null where it names nobody.</param>
    public string? Differs(UsageRow row, string model, WalletId? wallet)
    {
        var parts = new List<string>();
        Compare("time", $"{Time:yyyy-MM-dd'T'HH:mm:ss.FFFFFF}Z", $"{row.Time:yyyy-MM-dd'T'HH:mm:ss.FFFFFF}Z");
        Compare("input", $"{Input:#,0}", $"{row.Input:#,0}");
        Compare("cached", $"{Cached:#,0}", $"{row.Cached:#,0}");
        Compare("output", $"{Output:#,0}", $"{row.Output:#,0}");
        Compare("model", Model, model);
        if (wallet is { } whose) Compare("wallet", Wallet.ToString(), whose.ToString());
        return parts.Count == 0 ? null : string.Join("; ", parts);

        void Compare(string what, string booked, string now)
        {
            if (booked != now) parts.Add($"{what} was booked as {booked}, the file has {now}");
        }
    }
}
