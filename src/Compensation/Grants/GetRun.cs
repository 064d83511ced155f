using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Npgsql;
using Stipend.Kernel;
using Stipend.Ledger;
using Stipend.People;

namespace Stipend.Compensation;

/// <summary>A run: how far it has come, and its lines a page at a time.</summary>
public static class GetRun
{
    private const int DefaultLimit = 100;
    private const int MaxLimit = 1_000;

    private static readonly string Read = Sql.Read("Compensation/Grants/ReadRun.sql");

    /// <summary>A run as it stands; how many of its lines are posted is its progress.</summary>
    public sealed record Reply(
        RunId RunId, string Plan, int Version, string Period, bool DryRun, int People, int Lines, int Posted,
        int Skipped, long TotalMilli, long TotalUsdNanos, DateTimeOffset PreparedAt)
    {
        /// <summary>plan: for everybody whom it is for; awards: out of the catalogue.</summary>
        public required string Kind { get; init; }

        public required string PreparedBy { get; init; }

        /// <summary>approved, declined, or null while it waits.</summary>
        public string? Decision { get; init; }

        public string? DecidedBy { get; init; }
        public DateTimeOffset? DecidedAt { get; init; }
        public string? ReversalReason { get; init; }
        public string? ReversalBy { get; init; }
        public string? ReversedBy { get; init; }
        public DateTimeOffset? ReversedAt { get; init; }

        /// <summary>Milli-tokens that came back by a reversal; the rest was used.</summary>
        public long ReturnedMilli { get; init; }

        /// <summary>rehearsal, awaiting, declined, posting, posted, reversal-awaiting or reversed.</summary>
        public string State => this switch
        {
            { DryRun: true } => "rehearsal",
            { ReversedAt: not null } => "reversed",
            { Decision: "declined" } => "declined",
            { Decision: null } => "awaiting",
            { ReversalBy: not null } => "reversal-awaiting",
            _ => Posted < Lines ? "posting" : "posted",
        };
    }

    /// <summary>One grant: amounts in milli-tokens and nano-USD, pay in hundredths of its currency.</summary>
    public sealed record Line(
        int Number, PersonId Person, string Kind, long AmountMilli, long UsdNanos, long PayCents, string Currency,
        long RateNanos, long TokenValueNanos, string TaxClass, DateTimeOffset? ExpiresAt, string Source,
        string Explanation, TransferId? Transfer, DateTimeOffset? PostedAt)
    {
        /// <summary>compute or reward.</summary>
        public required string Asset { get; init; }

        /// <summary>The day it begins to vest; null: it is the person's at once.</summary>
        public DateOnly? VestFrom { get; init; }

        internal static Line Of(KeptLine kept) => new(
            kept.Line, kept.Grant.Person, kept.Grant.Kind, kept.Grant.Amount.Tokens.Milli,
            kept.Grant.Amount.Money.Nanos, kept.Grant.PayCents,
            kept.Grant.Currency, kept.Grant.RateNanos, kept.Grant.TokenValueNanos,
            kept.Grant.Terms.TaxClass, kept.Grant.Terms.ExpiresAt, kept.Grant.Terms.Source, kept.Grant.Explanation,
            kept.Transfer, kept.PostedAt)
        {
            Asset = kept.Grant.Asset == Stipend.Ledger.Asset.Reward ? "reward" : "compute",
            VestFrom = kept.Grant.VestFrom,
        };
    }

    /// <param name="Lines">In the order of the run.</param>
    /// <param name="Next">Pass it as <c>after</c> for the next page; null: this was the last.</param>
    public sealed record Page(IReadOnlyList<Line> Lines, int? Next);

    internal static async Task<Results<Ok<Reply>, ProblemHttpResult>> One(
        string id, NpgsqlDataSource db, CancellationToken ct) =>
        RunId.TryParse(id, out var run) && await FindAsync(run, db, ct) is { } reply
            ? TypedResults.Ok(reply)
            : NotFound(id);

    internal static async Task<Results<Ok<Page>, ProblemHttpResult>> Lines(
        string id, int? after, int? limit, NpgsqlDataSource db, CancellationToken ct)
    {
        var wanted = limit ?? DefaultLimit;
        if (wanted is < 1 or > MaxLimit)
            return CompensationRefusals.PageInvalid.ToProblem($"The limit {wanted} is out of range.");
        if (!RunId.TryParse(id, out var run) || await FindAsync(run, db, ct) is null) return NotFound(id);

        var lines = await GrantLines.PageAsync(db, run, after ?? 0, wanted + 1, ct);
        var more = lines.Count > wanted;
        if (more) lines.RemoveAt(wanted);
        return TypedResults.Ok(new Page([.. lines.Select(Line.Of)], more ? lines[^1].Line : null));
    }

    internal static ProblemHttpResult NotFound(string id) =>
        CompensationRefusals.RunNotFound.ToProblem($"There is no run '{id}'.");

    internal static async Task<Reply?> FindAsync(RunId run, NpgsqlDataSource db, CancellationToken ct)
    {
        await using var connection = await db.OpenConnectionAsync(ct);
        await using var command = Db.Command(connection, Read, run.Value);
        await using var row = await command.ExecuteReaderAsync(ct);
        if (!await row.ReadAsync(ct)) return null;

        return new Reply(
            run, row.GetString(0), row.GetInt32(1), row.GetString(2), row.GetBoolean(3), row.GetInt32(4),
            row.GetInt32(5), row.GetInt32(6), row.GetInt32(7), row.GetInt64(8), row.GetInt64(9),
            row.GetFieldValue<DateTimeOffset>(10))
        {
            Kind = row.GetString(11), PreparedBy = row.GetString(12), Decision = Text(13), DecidedBy = Text(14),
            DecidedAt = At(15), ReversalReason = Text(16), ReversalBy = Text(17), ReversedBy = Text(18),
            ReversedAt = At(19), ReturnedMilli = row.GetInt64(20),
        };

        string? Text(int column) => row.IsDBNull(column) ? null : row.GetString(column);
        DateTimeOffset? At(int column) => row.IsDBNull(column) ? null : row.GetFieldValue<DateTimeOffset>(column);
    }
}
