using System.Security.Claims;
using Guerdon.Kernel;
using Guerdon.Ledger;
using Guerdon.People;
using Guerdon.Storage;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Npgsql;

namespace Guerdon.Grants.Runs;

/// <summary>A run: how far it has come, and its lines a page at a time.</summary>
public static class GetRun
{
    private const int DefaultLimit = 100;
    private const int MaxLimit = 1_000;

    private static readonly string Read = Sql.Read("Grants/Runs/ReadRun.sql");

    private static readonly string List = Read.Replace("r.run_id = $1", """
        ($1 = '' or r.plan = $1) and ($2 = '' or r.period = $2) and r.run_id < $3
         order by r.run_id desc limit $4
        """, StringComparison.Ordinal);

    private static readonly Guid Last = new("ffffffff-ffff-ffff-ffff-ffffffffffff");

    /// <summary>A run as it stands; how many of its lines are posted is its progress.</summary>
    public sealed record Reply(
        RunId RunId, string Plan, int Version, string Period, bool DryRun, int People, int Lines, int Posted,
        int Skipped, long TotalMilli, long TotalUsdNanos, DateTimeOffset PreparedAt)
    {
        /// <summary>plan: for everybody whom it is for; awards: out of the catalogue.</summary>
        public required string Kind { get; init; }

        public required string PreparedBy { get; init; }

        /// <summary>What an approval names: SHA-256 over all that would be posted, as 64 hexadecimal digits; null:
        /// a rehearsal.</summary>
        public string? Digest { get; init; }

        /// <summary>Who may decide it, in words; null: nothing is to be decided.</summary>
        public string? WhoMay { get; init; }

        /// <summary>Whether whoever asks may decide it; null: nothing is to be decided.</summary>
        public bool? YouMay { get; init; }

        /// <summary>The run that these lines were set aside from, for another to decide.</summary>
        public RunId? SetAsideFrom { get; init; }

        /// <summary>Small runs of what was set aside of this one: the grants of whoever prepared or
        /// approved it.</summary>
        public IReadOnlyList<RunId> SetAside { get; init; } = [];

        /// <summary>True where the only administrator approved what they had prepared.</summary>
        public bool DecidedAlone { get; init; }

        /// <summary>True where the only administrator agreed to the reversal that they had asked for.</summary>
        public bool ReversedAlone { get; init; }

        /// <summary>approved, declined, or null while it waits.</summary>
        public string? Decision { get; init; }

        /// <summary>Whether somebody prepared it, by whichever account.</summary>
        public bool IsPreparedBy(Actor by) => by.Is(Preparer);

        internal Actor Preparer { get; init; } = Actor.Guerdon;
        internal Actor? ReversalAsker { get; init; }

        public string? DecidedBy { get; init; }
        public DateTimeOffset? DecidedAt { get; init; }
        public string? ReversalReason { get; init; }
        public string? ReversalBy { get; init; }
        public string? ReversedBy { get; init; }
        public DateTimeOffset? ReversedAt { get; init; }

        /// <summary>Milli-tokens that came back by a reversal; the rest was used. Null in works-council mode.</summary>
        public long? ReturnedMilli { get; init; }

        /// <summary>The same as somebody may see it.</summary>
        internal Reply For(ClaimsPrincipal caller) =>
            Access.IsGroupsOnly(caller) ? this with { ReturnedMilli = null } : this;

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

        /// <summary>The person's name; null: nobody of this id is on file any more.</summary>
        public string? Name { get; init; }

        /// <summary>Their e-mail address; null likewise.</summary>
        public string? Email { get; init; }

        /// <summary>The day it begins to vest; null: it is the person's at once.</summary>
        public DateOnly? VestFrom { get; init; }

        internal static Line Of(StoredLine kept) => new(
            kept.Line, kept.Grant.Person, kept.Grant.Kind, kept.Grant.Amount.Tokens.Milli,
            kept.Grant.Amount.Money.Nanos, kept.Grant.PayCents,
            kept.Grant.Currency, kept.Grant.RateNanos, kept.Grant.TokenValueNanos,
            kept.Grant.Terms.TaxClass, kept.Grant.Terms.ExpiresAt, kept.Grant.Terms.Source, kept.Grant.Explanation,
            kept.Transfer, kept.PostedAt)
        {
            Asset = kept.Grant.Asset == Guerdon.Ledger.Accounts.Asset.Reward ? "reward" : "compute",
            Name = kept.Name, Email = kept.Email,
            VestFrom = kept.Grant.VestFrom,
        };
    }

    /// <param name="Lines">In the order of the run.</param>
    /// <param name="Next">Pass it as <c>after</c> for the next page; null: this was the last.</param>
    public sealed record Page(IReadOnlyList<Line> Lines, int? Next);

    internal static async Task<Results<Ok<Reply>, ProblemHttpResult>> One(
        string id, ClaimsPrincipal caller, RunContext context, CancellationToken ct) =>
        RunId.TryParse(id, out var run) && await FindAsync(run, Actor.Of(caller), context, ct) is { } reply
            ? TypedResults.Ok(reply.For(caller))
            : NotFound(id);

    /// <param name="Runs">The newest first.</param>
    /// <param name="Next">Pass it as <c>after</c> for the next page; null: this was the last.</param>
    public sealed record ListReply(IReadOnlyList<Reply> Runs, RunId? Next);

    internal static async Task<Results<Ok<ListReply>, ProblemHttpResult>> All(
        string? plan, string? period, string? after, int? limit, ClaimsPrincipal caller, NpgsqlDataSource db,
        CancellationToken ct)
    {
        var wanted = limit ?? DefaultLimit;
        if (wanted is < 1 or > MaxLimit)
            return GrantRefusals.PageInvalid.ToProblem($"The limit {wanted} is out of range.");
        if (period is not null && !Period.TryParse(period, out _))
            return KernelRefusals.PeriodInvalid.ToProblem($"'{period}' is not a month from 2020 on.");
        RunId? last = null;
        if (after is not null)
        {
            if (!RunId.TryParse(after, out var run)) return NotFound(after);
            last = run;
        }

        var list = await ListAsync(db, plan, period, last, wanted, ct);
        return TypedResults.Ok(list with { Runs = [.. list.Runs.Select(run => run.For(caller))] });
    }

    /// <summary>Runs, the newest first.</summary>
    /// <param name="db">The database.</param>
    /// <param name="plan">Of one plan; null: of all.</param>
    /// <param name="period">Of one month; null: of all.</param>
    /// <param name="after">Those older than this one.</param>
    /// <param name="limit">At most so many.</param>
    /// <param name="ct">Stops it.</param>
    public static async Task<ListReply> ListAsync(
        NpgsqlDataSource db, string? plan, string? period, RunId? after, int limit, CancellationToken ct)
    {
        var runs = await db.ReadAsync(List, ReplyOf, [Text(plan), Text(period), after?.Value ?? Last, limit + 1], ct);
        var more = runs.Count > limit;
        if (more) runs.RemoveAt(limit);
        return new ListReply(runs, more ? runs[^1].RunId : null);

        static string Text(string? text) => (text ?? "").Replace("\0", "?", StringComparison.Ordinal);
    }

    internal static async Task<Results<Ok<Page>, ProblemHttpResult>> Lines(
        string id, int? after, int? limit, NpgsqlDataSource db, CancellationToken ct)
    {
        var wanted = limit ?? DefaultLimit;
        if (wanted is < 1 or > MaxLimit)
            return GrantRefusals.PageInvalid.ToProblem($"The limit {wanted} is out of range.");
        if (!RunId.TryParse(id, out var run) || await FindAsync(run, db, ct) is null) return NotFound(id);

        return TypedResults.Ok(await LinesAsync(db, run, after ?? 0, wanted, ct));
    }

    /// <summary>Lines of a run, those after a number.</summary>
    public static async Task<Page> LinesAsync(
        NpgsqlDataSource db, RunId run, int after, int limit, CancellationToken ct)
    {
        var lines = await GrantLines.PageAsync(db, run, after, limit + 1, ct);
        var more = lines.Count > limit;
        if (more) lines.RemoveAt(limit);
        return new Page([.. lines.Select(Line.Of)], more ? lines[^1].Line : null);
    }

    internal static ProblemHttpResult NotFound(string id) =>
        GrantRefusals.RunNotFound.ToProblem($"There is no run '{id}'.");

    /// <summary>A run as it stands, or null.</summary>
    public static Task<Reply?> FindAsync(RunId run, NpgsqlDataSource db, CancellationToken ct) =>
        db.FirstAsync(Read, ReplyOf, [run.Value], ct);

    /// <summary>A run as it stands, with whether somebody may decide it; or null.</summary>
    public static async Task<Reply?> FindAsync(RunId run, Actor reader, RunContext context, CancellationToken ct) =>
        await FindAsync(run, context.Db, ct) is { } reply
            ? await RunRights.WithAsync(reply, reader, context, ct) : null;

    private static Reply ReplyOf(Row row) => new(
        row.Id<RunId>("run_id"), row.Text("plan"), row.Int4("version"), row.Text("period"), row.Bool("rehearsal"),
        row.Int4("people"), row.Int4("lines"), row.Int4("posted"), row.Int4("skipped"), row.Bigint("total_milli"),
        row.Bigint("total_usd_nanos"), row.Instant("prepared_at"))
    {
        Kind = row.Text("kind"), PreparedBy = row.Text("prepared_by"), Decision = row.TextOrNull("decision"),
        DecidedBy = row.TextOrNull("decided_by"), DecidedAt = row.InstantOrNull("decided_at"),
        ReversalReason = row.TextOrNull("reversal_reason"), ReversalBy = row.TextOrNull("reversal_by"),
        ReversedBy = row.TextOrNull("reversed_by"), ReversedAt = row.InstantOrNull("reversed_at"),
        ReturnedMilli = row.Bigint("returned_milli"),
        Digest = row.BytesOrNull("content") is { } content ? RunDigest.Text(content) : null,
        DecidedAlone = row.Bool("decided_alone"), SetAsideFrom = row.IdOrNull<RunId>("set_aside_from"),
        SetAside = [.. row.Get<Guid[]>("set_aside").Select(own => new RunId(own))],
        Preparer = row.Actor("prepared_by"), ReversalAsker = row.ActorOrNull("reversal_by"),
        ReversedAlone = row.Bool("reversed_alone"),
    };
}
