using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Guerdon.Kernel;
using Guerdon.Pricing.Book;
using Guerdon.Pricing.PriceImports;
using Guerdon.Storage;
using Npgsql;

namespace Guerdon.Pricing.Proposals;

/// <summary>Proposals in the database.</summary>
internal static class ProposalStore
{
    public const int MostListed = 200;

    /// <summary>Whoever writes to the book does so alone, so that what was compared is what is changed.</summary>
    public const string BookLock = "pricing.book";

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
        "select " + Columns + " from pricing.v_proposal where is_approved is null "
        + "order by imported_at, proposal_id limit $1";
    private const string One = "select " + Columns + ", lines, skips from pricing.v_proposal where proposal_id = $1";

    private const string Waiting = """
        select proposal_id from pricing.v_proposal where content = $1 and is_approved is null
         order by imported_at limit 1
        """;

    private const string Decide = """
        insert into pricing.decision (proposal_id, is_approved, decided_by, decided_at, effective_from,
                                      accepted_outliers, decided_by_account, decided_by_person, decided_alone)
        values ($1, $2, $3, $4, $5, $6, $7, $8, $9)
        """;

    /// <summary>A line as it is stored; what differs is computed when it is read.</summary>
    private sealed record Stored(ListPrices.Row? Was, ListPrices.Row Becomes, IReadOnlyList<string> Outliers);

    /// <summary>A proposal with all it would change and all it left out.</summary>
    public sealed record Full(Proposal Proposal, IReadOnlyList<ProposalLine> Lines, IReadOnlyList<Skip> Skips);

    /// <summary>Saves a proposal, unless one that would change the same is waiting. Where there is nothing to change it
    /// saves nothing.</summary>
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
        await using var transaction = await connection.BeginAsync(ct);
        await Locks.InTransactionAsync(connection, BookLock, ct);
        if (await connection.ScalarAsync<Guid?>(Waiting, [content], ct) is { } before
            && await FindAsync(connection, new ProposalId(before), ct) is { } waiting)
            return (waiting.Proposal, false, lines);

        await connection.ExecuteAsync(Insert,
            [
                id.Value, proposal.Format, proposal.Name, proposal.ImportedBy, proposal.ImportedAt, content, json,
                JsonSerializer.Serialize(skips, Json), proposal.NewCount, proposal.ChangedCount,
                proposal.UnchangedCount, proposal.OutlierCount, proposal.Importer.Account, proposal.Importer.Person,
            ], ct);
        await transaction.CommitAsync(ct);
        return (proposal, true, lines);
    }

    public static async Task<IReadOnlyList<Proposal>> ListAsync(NpgsqlDataSource db, CancellationToken ct) =>
        await db.ReadAsync(List, ProposalOf, [MostListed], ct);

    /// <summary>Those that nobody decided, the oldest first.</summary>
    public static async Task<IReadOnlyList<Proposal>> WaitingAsync(
        NpgsqlDataSource db, int most, CancellationToken ct) =>
        await db.ReadAsync(Undecided, ProposalOf, [most], ct);

    public static Task<Full?> FindAsync(NpgsqlConnection connection, ProposalId id, CancellationToken ct) =>
        connection.FirstAsync(One, FullOf, [id.Value], ct);

    private static Full FullOf(Row row)
    {
        var lines = JsonSerializer.Deserialize<List<Stored>>(row.Text("lines"), Json)!;
        var skips = JsonSerializer.Deserialize<List<Skip>>(row.Text("skips"), Json)!;
        return new Full(ProposalOf(row), [.. lines.Select(LineOf)], skips);
    }

    /// <summary>Writes down a decision, inside the caller's transaction and under <see cref="BookLock"/>.</summary>
    public static Task DecideAsync(
        NpgsqlConnection connection, ProposalId id, Decision decision, CancellationToken ct) =>
        connection.ExecuteAsync(Decide,
            [
                id.Value, decision.IsApproved, decision.By, decision.At, decision.EffectiveFrom,
                decision.AcceptedOutliers, decision.Decider.Account, decision.Decider.Person, decision.Alone,
            ], ct);

    private static ProposalLine LineOf(Stored kept)
    {
        var was = kept.Was is null ? null : ListPrices.PriceOf(kept.Was);
        var changes = PriceChanges.Between(was, ListPrices.PriceOf(kept.Becomes));
        return new(kept.Becomes.Model, kept.Becomes.Provider, kept.Was, kept.Becomes, changes, kept.Outliers);
    }

    private static Proposal ProposalOf(Row row)
    {
        var decision = row.IsNull("is_approved") ? null : new Decision(
            row.Bool("is_approved"), row.Text("decided_by"), row.Instant("decided_at"),
            row.InstantOrNull("effective_from"), row.Bool("accepted_outliers"))
        {
            Alone = row.Bool("decided_alone"), Decider = row.Actor("decided_by"),
        };
        return new(
            row.Id<ProposalId>("proposal_id"), row.Text("format"), row.Text("name"), row.Text("imported_by"),
            row.Instant("imported_at"), row.Int4("new_count"), row.Int4("changed_count"), row.Int4("same_count"),
            row.Int4("outlier_count"), decision)
        { Importer = row.Actor("imported_by") };
    }
}
