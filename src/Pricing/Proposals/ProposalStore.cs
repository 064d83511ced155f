using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Guerdon.Kernel;
using Guerdon.Pricing.Book;
using Guerdon.Pricing.PriceImports;
using Npgsql;

namespace Guerdon.Pricing.Proposals;

/// <summary>Proposals in the database.</summary>
internal static class ProposalStore
{
    public const int MostListed = 200;

    /// <summary>Whoever writes to the book does so alone, so that what was compared is what is changed.</summary>
    public const string LockBook = "select pg_advisory_xact_lock(hashtextextended('pricing.book', 0))";

    /// <summary>Told to every node by the commit.</summary>
    public const string TellNodes = $"select pg_notify('{PriceBookWatch.Channel}', '')";

    private static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web);
    private static readonly string Insert = Sql.Read("Pricing/Proposals/InsertProposal.sql");

    private const string Columns = """
        proposal_id, format, name, imported_by, imported_at, new_count, changed_count, same_count, outlier_count,
        is_approved, decided_by, decided_at, effective_from, accepted_outliers, imported_by_account, imported_by_person,
        decided_by_account, decided_by_person, decided_alone
        """;

    // Those that wait come first, the oldest on top: whatever is cut off, they can be decided.
    private const string List =
        "select " + Columns + " from pricing.v_proposal order by is_approved is not null, "
        + "case when is_approved is null then imported_at end, imported_at desc, proposal_id limit $1";
    private const string Undecided =
        "select " + Columns + " from pricing.v_proposal where is_approved is null order by imported_at, proposal_id"
        + " limit $1";
    private const string One =
        "select " + Columns + ", lines, skips from pricing.v_proposal where proposal_id = $1";

    private const string Waiting = """
        select proposal_id from pricing.v_proposal where content = $1 and is_approved is null
         order by imported_at limit 1
        """;

    private const string Decide = """
        insert into pricing.decision (proposal_id, is_approved, decided_by, decided_at, effective_from,
                                      accepted_outliers, decided_by_account, decided_by_person, decided_alone)
        values ($1, $2, $3, $4, $5, $6, $7, $8, $9)
        """;

    /// <summary>A line as it is kept; what differs is computed when it is read.</summary>
    private sealed record Stored(ListPrices.Row? Was, ListPrices.Row Becomes, IReadOnlyList<string> Outliers);

    /// <summary>A proposal with all it would change and all it left out.</summary>
    public sealed record Full(Proposal Proposal, IReadOnlyList<ProposalLine> Lines, IReadOnlyList<Skip> Skips);

    /// <summary>Keeps a proposal, unless one that would change the same is waiting. Nothing to change: keeps
    /// nothing.</summary>
    /// <returns>The proposal that waits, whether it is new, and its lines.</returns>
    public static async Task<(Proposal Proposal, bool Added, IReadOnlyList<ProposalLine> Lines)> AddAsync(
        NpgsqlDataSource db, Proposal proposal, PriceDiff diff, IReadOnlyList<Skip> skips, CancellationToken ct)
    {
        var kept = diff.Lines.Select(l => new Stored(
            l.Was is null ? null : ListPrices.RowOf(l.Was), ListPrices.RowOf(l.Becomes), l.Outliers)).ToList();
        IReadOnlyList<ProposalLine> lines = [.. kept.Select(LineOf)];
        if (proposal.Id is not { } id) return (proposal, false, lines);

        var json = JsonSerializer.Serialize(kept, Json);
        var content = SHA256.HashData(Encoding.UTF8.GetBytes(json));
        await using var connection = await db.OpenConnectionAsync(ct);
        await using var transaction = await connection.BeginTransactionAsync(ct);
        await ExecuteAsync(connection, LockBook, [], ct);
        await using (var find = Command(connection, Waiting, content))
        {
            if (await find.ExecuteScalarAsync(ct) is Guid before)
                return ((await FindAsync(connection, new ProposalId(before), ct))!.Proposal, false, lines);
        }

        await ExecuteAsync(connection, Insert,
            [
                id.Value, proposal.Format, proposal.Name, proposal.ImportedBy, proposal.ImportedAt, content, json,
                JsonSerializer.Serialize(skips, Json), proposal.NewCount, proposal.ChangedCount,
                proposal.UnchangedCount, proposal.OutlierCount, proposal.Importer.Account, proposal.Importer.Person,
            ], ct);
        await transaction.CommitAsync(ct);
        return (proposal, true, lines);
    }

    public static Task<IReadOnlyList<Proposal>> ListAsync(NpgsqlDataSource db, CancellationToken ct) =>
        ReadAsync(db, List, MostListed, ct);

    /// <summary>Those that nobody decided, the oldest first.</summary>
    public static Task<IReadOnlyList<Proposal>> WaitingAsync(NpgsqlDataSource db, int most, CancellationToken ct) =>
        ReadAsync(db, Undecided, most, ct);

    private static async Task<IReadOnlyList<Proposal>> ReadAsync(
        NpgsqlDataSource db, string sql, int most, CancellationToken ct)
    {
        await using var connection = await db.OpenConnectionAsync(ct);
        await using var command = Command(connection, sql, most);
        await using var reader = await command.ExecuteReaderAsync(ct);
        var proposals = new List<Proposal>();
        while (await reader.ReadAsync(ct)) proposals.Add(ProposalOf(reader));
        return proposals;
    }

    public static async Task<Full?> FindAsync(NpgsqlConnection connection, ProposalId id, CancellationToken ct)
    {
        await using var command = Command(connection, One, id.Value);
        await using var reader = await command.ExecuteReaderAsync(ct);
        if (!await reader.ReadAsync(ct)) return null;
        var lines = JsonSerializer.Deserialize<List<Stored>>(reader.GetString(19), Json)!;
        var skips = JsonSerializer.Deserialize<List<Skip>>(reader.GetString(20), Json)!;
        return new Full(ProposalOf(reader), [.. lines.Select(LineOf)], skips);
    }

    /// <summary>Writes down a decision, inside the caller's transaction and under <see cref="LockBook"/>.</summary>
    public static Task DecideAsync(
        NpgsqlConnection connection, ProposalId id, Decision decision, CancellationToken ct) =>
        ExecuteAsync(connection, Decide,
            [
                id.Value, decision.IsApproved, decision.By, decision.At, decision.EffectiveFrom,
                decision.AcceptedOutliers, decision.Decider.Account, decision.Decider.Person, decision.Alone,
            ], ct);

    public static async Task ExecuteAsync(
        NpgsqlConnection connection, string sql, object?[] values, CancellationToken ct)
    {
        await using var command = Command(connection, sql, values);
        await command.ExecuteNonQueryAsync(ct);
    }

    public static NpgsqlCommand Command(NpgsqlConnection connection, string sql, params ReadOnlySpan<object?> values)
    {
        var command = new NpgsqlCommand(sql, connection);
        foreach (var value in values) command.Parameters.Add(new NpgsqlParameter { Value = value ?? DBNull.Value });
        return command;
    }

    private static ProposalLine LineOf(Stored kept)
    {
        var was = kept.Was is null ? null : ListPrices.PriceOf(kept.Was);
        var changes = PriceChanges.Between(was, ListPrices.PriceOf(kept.Becomes));
        return new(kept.Becomes.Model, kept.Becomes.Provider, kept.Was, kept.Becomes, changes, kept.Outliers);
    }

    // In the order of Columns.
    private static Proposal ProposalOf(NpgsqlDataReader row)
    {
        var decision = row.IsDBNull(9) ? null : new Decision(
            row.GetBoolean(9), row.GetString(10), row.GetFieldValue<DateTimeOffset>(11),
            row.IsDBNull(12) ? null : row.GetFieldValue<DateTimeOffset>(12), row.GetBoolean(13))
        {
            Alone = row.GetBoolean(18), Decider = ActorOf(row.GetString(10), 16),
        };
        return new(
            new ProposalId(row.GetGuid(0)), row.GetString(1), row.GetString(2), row.GetString(3),
            row.GetFieldValue<DateTimeOffset>(4), row.GetInt32(5), row.GetInt32(6), row.GetInt32(7), row.GetInt32(8),
            decision)
        { Importer = ActorOf(row.GetString(3), 14) };

        Actor ActorOf(string name, int column) => new(name, Optional(column + 1)) { Account = Optional(column) };
        Guid? Optional(int column) => row.IsDBNull(column) ? null : row.GetGuid(column);
    }
}
