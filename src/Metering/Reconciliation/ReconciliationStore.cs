using Guerdon.Approvals;
using Guerdon.Kernel;
using Guerdon.Storage;
using Npgsql;

namespace Guerdon.Metering.Reconciliation;

/// <summary>A reconciliation as it was shown, and by whom it was applied.</summary>
internal sealed record StoredReconciliation(
    ReconciliationId Id, Scope Scope, byte[] Content, int Corrections, string? AppliedBy, DateTimeOffset? AppliedAt)
{
    /// <summary>Who asked for it.</summary>
    public required Actor Maker { get; init; }

    public Actor? Applier { get; init; }

    public Asked Asked => AskedOf(Id, Maker);

    public static Asked AskedOf(ReconciliationId id, Actor maker) =>
        new(maker, $"{maker.Name} asked for {id}", $"{maker.Name}, who asked for it")
        {
            Beneficiaries = [], LoneAllowed = true, // own calls are set aside
        };
}

/// <summary>Reconciliations in the database.</summary>
internal static class ReconciliationStore
{
    private const string Columns = """
        select r.reconciliation_id, r.provider, r.from_day, r.to_day, r.content, r.corrections, a.applied_by,
               a.applied_at, r.made_by, r.made_by_account, r.made_by_person, a.applied_by_account, a.applied_by_person
          from metering.reconciliation r
          left join metering.reconciliation_applied a using (reconciliation_id)
        """;

    private const string One = Columns + " where r.reconciliation_id = $1";
    private const string Waiting = Columns + """
         where r.provider = $1 and r.from_day = $2 and r.to_day = $3 and r.content = $4 and a.applied_at is null
           and r.made_by = $5 and r.made_by_account is not distinct from $6::uuid
         order by r.made_at limit 1
        """;

    private const string Insert = """
        insert into metering.reconciliation (reconciliation_id, provider, from_day, to_day, content, corrections,
                                             refund_milli, charge_milli, made_by, made_at, made_by_account,
                                             made_by_person)
        values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11::uuid, $12::uuid)
        """;

    public static Task<StoredReconciliation?> FindAsync(
        NpgsqlConnection connection, ReconciliationId id, CancellationToken ct) =>
        connection.FirstAsync(One, ReconciliationOf, [id.Value], ct);

    /// <summary>Saves what a comparison would correct; the same again by the same account, while it waits, is the same
    /// one.</summary>
    public static async Task<(ReconciliationId Id, bool Added)> AddAsync(
        NpgsqlConnection connection, Scope scope, Reconciled outcome, (Actor By, TimeProvider Clock) made,
        CancellationToken ct)
    {
        var content = outcome.Content();
        var waiting = await connection.FirstAsync(
            Waiting, ReconciliationOf,
            [scope.Provider, scope.From, scope.To, content, made.By.Name, made.By.Account], ct);
        if (waiting is not null) return (waiting.Id, false);

        var id = Guerdon.Kernel.Id.New<ReconciliationId>(made.Clock);
        var moves = outcome.Corrections.Select(c => (c.Due - c.Call.NowCharged).Milli).ToList();
        await connection.ExecuteAsync(Insert,
            [
                id.Value, scope.Provider, scope.From, scope.To, content, outcome.Corrections.Count,
                moves.Where(m => m < 0).Sum(m => -m), moves.Where(m => m > 0).Sum(), made.By.Name,
                made.Clock.GetUtcNow(), made.By.Account, made.By.Person,
            ], ct);
        return (id, true);
    }

    private static StoredReconciliation ReconciliationOf(Row row)
    {
        var applier = row.ActorOrNull("applied_by");
        return new(
            row.Id<ReconciliationId>("reconciliation_id"),
            new(row.Text("provider"), row.Date("from_day"), row.Date("to_day")), row.Bytes("content"),
            row.Int4("corrections"), applier?.Name, row.InstantOrNull("applied_at"))
        {
            Maker = row.Actor("made_by"), Applier = applier,
        };
    }
}
