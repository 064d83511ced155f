using Guerdon.Kernel;
using Guerdon.Ledger;
using Guerdon.Storage;
using Npgsql;

namespace Guerdon.Metering.UsageImports;

/// <summary>What an import must know of the database before it books.</summary>
internal sealed class ImportReader(NpgsqlDataSource db)
{
    private static readonly string KnownSql = Sql.Read("Metering/UsageImports/KnownRows.sql");

    private const string UserIdsSql = "select value, person_id from people.v_identity where kind = 'provider_user_id'";

    private const string AvailableSql = """
        select wallet_id, sum(amount_milli)::bigint as milli
          from ledger.v_lot_position
         where wallet_id = any ($1) and asset = ledger.asset_compute()
           and account = ledger.account_available() and (expires_at is null or expires_at > $2)
         group by wallet_id
        """;

    /// <summary>What an earlier import booked for these rows, by their keys in hex.</summary>
    public async Task<Dictionary<string, BookedRow>> KnownAsync(
        string source, IReadOnlyList<UsageRow> rows, CancellationToken ct)
    {
        await using var command = Db.Command(
            db, KnownSql, source, rows.Select(r => r.Key).ToArray(), rows.Select(r => r.Time).ToArray());
        command.CommandTimeout = 0; // as long as there are rows
        var known = await command.ReadAsync(row => (Key: row.Bytes("row_key"), Row: BookedOf(row)), ct);
        return known.ToDictionary(k => Convert.ToHexString(k.Key), k => k.Row);
    }

    private static BookedRow BookedOf(Row row) => new(
        row.Id<WalletId>("wallet_id"), row.Get<DateTime>("started_at"), row.Bigint("input"), row.Bigint("cached_input"),
        row.Bigint("output"), row.Text("model"));

    /// <summary>People by the ids that providers know them by.</summary>
    public async Task<Dictionary<string, Guid>> UserIdsAsync(CancellationToken ct)
    {
        var ids = await db.ReadAsync(
            UserIdsSql, row => (Value: row.Text("value"), Person: row.Uuid("person_id")), [], ct);
        return ids.ToDictionary(r => r.Value, r => r.Person, StringComparer.OrdinalIgnoreCase);
    }

    public async Task<Dictionary<WalletId, Tokens>> AvailableAsync(
        IReadOnlyList<WalletId> wallets, DateTimeOffset now, CancellationToken ct)
    {
        var available = await db.ReadAsync(
            AvailableSql, row => (Wallet: row.Id<WalletId>("wallet_id"), Tokens: row.Tokens("milli")),
            [wallets.Select(w => w.Value).ToArray(), now], ct);
        return available.ToDictionary(a => a.Wallet, a => a.Tokens);
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
