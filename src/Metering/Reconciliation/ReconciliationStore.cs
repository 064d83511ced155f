using Guerdon.Approvals;
using Guerdon.Kernel;
using Guerdon.Storage;
using Npgsql;

namespace Guerdon.Metering.Reconciliation;

/// <summary>A reconciliation as it was shown, and what became of it.</summary>
internal sealed record StoredReconciliation(ReconciliationId Id, Scope Scope, byte[] Content, int Corrections)
{
    /// <summary>Who asked for it.</summary>
    public required Actor Maker { get; init; }

    public required DateTimeOffset MadeAt { get; init; }

    /// <summary>What would go back to wallets, in milli-tokens, as it was shown.</summary>
    public required long RefundMilli { get; init; }

    /// <summary>What wallets would be charged further.</summary>
    public required long ChargeMilli { get; init; }

    /// <summary>Null: nobody decided it.</summary>
    public Decided? Decision { get; init; }

    public Asked Asked => AskedOf(Id, Maker);

    /// <summary>What a decision may name beside the id: 64 hexadecimal digits over all that would be corrected.
    /// </summary>
    public string Digest => Convert.ToHexStringLower(Content);

    /// <param name="IsApplied">Else it was declined.</param>
    /// <param name="By">Who decided.</param>
    /// <param name="At">When.</param>
    /// <param name="Reason">Why it was declined; null: it was applied.</param>
    public sealed record Decided(bool IsApplied, Actor By, DateTimeOffset At, string? Reason);

    /// <summary>Whether it is known to correct the calls of one person alone.</summary>
    /// <param name="now">What would be corrected now; null: it is not known.</param>
    /// <param name="person">Who; null: nobody on file.</param>
    public bool IsOnlyOf(Reconciled? now, Guid? person) => person is not null && now?.IsStill(this) == true
        && now.Corrections.All(c => c.Call.Wallet.Value == person);

    public static Asked AskedOf(ReconciliationId id, Actor maker) =>
        new(maker, $"{maker.Name} asked for {id}", $"{maker.Name}, who asked for it")
        {
            Permission = Permissions.ReconciliationApply, Beneficiaries = [],
            LoneAllowed = true, // own calls are set aside
        };

    /// <summary>Why a digest that somebody names is not this one's; null: it is, or none is named.</summary>
    public Refused? Differs(string? named) => named is null
        || string.Equals(named.Trim(), Digest, StringComparison.OrdinalIgnoreCase) ? null
        : MeteringRefusals.ReconciliationDiffers.With($"{Id} has the digest {Digest}, not the one that was named.");

    /// <summary>That it was decided before, and how.</summary>
    public static Refused Before(ReconciliationId id, Decided made) => made.IsApplied
        ? MeteringRefusals.ReconciliationApplied.With($"{made.By.Name} applied {id} on {Wording.Utc(made.At)}.")
        : MeteringRefusals.ReconciliationDeclined.With(
            $"{made.By.Name} declined {id} on {Wording.Utc(made.At)}: {made.Reason}");

    public static Refused Unknown(string id) =>
        MeteringRefusals.ReconciliationNotFound.With($"There is no reconciliation {id}.");
}

/// <summary>Reconciliations in the database.</summary>
internal static class ReconciliationStore
{
    private const string One = """
        select r.reconciliation_id, r.provider, r.from_day, r.to_day, r.content, r.corrections, r.refund_milli,
               r.charge_milli, r.made_by, r.made_by_account, r.made_by_person, r.made_at, d.is_applied, d.reason,
               d.decided_by, d.decided_by_account, d.decided_by_person, d.decided_at
          from metering.reconciliation r
          left join metering.v_reconciliation_decision d using (reconciliation_id)
         where r.reconciliation_id = $1
        """;

    private const string Waiting = """
        select reconciliation_id, provider, from_day, to_day, corrections, refund_milli, charge_milli, made_by,
               made_by_account, made_by_person, made_at
          from metering.v_reconciliation_waiting
         where made_at > $2
         order by made_at, reconciliation_id
         limit $1
        """;

    private const string Same = """
        select reconciliation_id from metering.v_reconciliation_waiting
         where provider = $1 and from_day = $2 and to_day = $3 and content = $4 and made_by = $5
           and made_by_account is not distinct from $6::uuid and made_at > $7
         order by made_at limit 1
        """;

    private const string Insert = """
        insert into metering.reconciliation (reconciliation_id, provider, from_day, to_day, content, corrections,
                                             refund_milli, charge_milli, made_by, made_at, made_by_account,
                                             made_by_person)
        values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11::uuid, $12::uuid)
        """;

    private const string InsertDeclined = """
        insert into metering.reconciliation_declined (
            reconciliation_id, reason, declined_by, declined_at, declined_by_account, declined_by_person, withdrawn)
        values ($1, $2, $3, $4, $5::uuid, $6::uuid, $7)
        """;

    /// <summary>How long one that nobody decided waits, in days: as many as a preview covers by itself.</summary>
    private const int MostDays = 35;

    public static Task<StoredReconciliation?> FindAsync(
        NpgsqlConnection connection, ReconciliationId id, CancellationToken ct) =>
        connection.FirstAsync(
            One,
            row => new StoredReconciliation(
                row.Id<ReconciliationId>("reconciliation_id"),
                new(row.Text("provider"), row.Date("from_day"), row.Date("to_day")), row.Bytes("content"),
                row.Int4("corrections"))
            {
                Maker = row.Actor("made_by"), MadeAt = row.Instant("made_at"),
                RefundMilli = row.Bigint("refund_milli"), ChargeMilli = row.Bigint("charge_milli"),
                Decision = row.ActorOrNull("decided_by") is not { } by ? null
                    : new(row.Bool("is_applied"), by, row.Instant("decided_at"), row.TextOrNull("reason")),
            }, [id.Value], ct);

    /// <summary>Those that wait to be decided, the oldest first.</summary>
    public static async Task<IReadOnlyList<T>> WaitingAsync<T>(
        NpgsqlDataSource db, Func<Row, T> map, int most, DateTimeOffset now, CancellationToken ct) =>
        await db.ReadAsync(Waiting, map, [most, now.AddDays(-MostDays)], ct);

    /// <summary>Saves what a comparison would correct; the same again by the same account, while it waits, is the same
    /// one.</summary>
    public static async Task<(ReconciliationId Id, bool Added)> AddAsync(
        NpgsqlDataSource db, Scope scope, Reconciled outcome, (Actor By, TimeProvider Clock) made,
        CancellationToken ct)
    {
        var (content, now) = (outcome.Content(), made.Clock.GetUtcNow());
        var waiting = await db.ReadAsync(
            Same, row => row.Id<ReconciliationId>("reconciliation_id"),
            [
                scope.Provider, scope.From, scope.To, content, made.By.Name, made.By.Account, now.AddDays(-MostDays),
            ], ct);
        if (waiting is [var same]) return (same, false);

        var id = Guerdon.Kernel.Id.New<ReconciliationId>(made.Clock);
        var moves = outcome.Corrections.Select(c => (c.Due - c.Call.NowCharged).Milli).ToList();
        await db.ExecuteAsync(
            Insert,
            [
                id.Value, scope.Provider, scope.From, scope.To, content, outcome.Corrections.Count,
                moves.Where(m => m < 0).Sum(m => -m), moves.Where(m => m > 0).Sum(), made.By.Name, now,
                made.By.Account, made.By.Person,
            ], ct);
        return (id, true);
    }

    /// <summary>Declines one that nobody decided.</summary>
    /// <param name="db">Where it is.</param>
    /// <param name="id">Which.</param>
    /// <param name="made">By whom, and why.</param>
    /// <param name="isWithdrawn">Whether they had asked for it.</param>
    /// <param name="ct">Stops it.</param>
    /// <returns>False: somebody has decided it meanwhile.</returns>
    public static async Task<bool> DeclineAsync(
        NpgsqlDataSource db, ReconciliationId id, StoredReconciliation.Decided made, bool isWithdrawn,
        CancellationToken ct)
    {
        try
        {
            await db.ExecuteAsync(
                InsertDeclined,
                [id.Value, made.Reason, made.By.Name, made.At, made.By.Account, made.By.Person, isWithdrawn], ct);
            return true;
        }
        catch (PostgresException e) when (e.SqlState == PostgresErrorCodes.UniqueViolation)
        {
            return false;
        }
    }
}
