using System.Security.Claims;
using Guerdon.Kernel;
using Guerdon.Metering.Requests;
using Guerdon.Storage;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Npgsql;

namespace Guerdon.Metering.Reconciliation;

/// <summary>
/// What was charged at a price that may not cover it, and what was counted and has no price at all: what the price book
/// lacks. No person is in it.
/// </summary>
internal static class ListProvisional
{
    private const int MostListed = 200;

    private static readonly string GroupsSql = Sql.Read("Metering/Reconciliation/ProvisionalGroups.sql");
    private static readonly string NewestSql = Sql.Read("Metering/Reconciliation/ProvisionalNewest.sql");

    /// <param name="From">First day (UTC).</param>
    /// <param name="To">Last day.</param>
    /// <param name="Groups">What is doubtful, most calls first; 200 at most.</param>
    /// <param name="Newest">The parts themselves, newest first; 200 at most, and none in works-council mode.</param>
    public sealed record Reply(DateOnly From, DateOnly To, IReadOnlyList<Group> Groups, IReadOnlyList<Line> Newest);

    /// <param name="Model">As callers named it.</param>
    /// <param name="Name">The model, tool or counter, as answers name it.</param>
    /// <param name="PricedAs">The model of the price row that stood in.</param>
    /// <param name="Doubts">Why its price may not cover it.</param>
    /// <param name="Calls">In how many calls; null in works-council mode, as are the next three.</param>
    /// <param name="Tokens">In and out.</param>
    /// <param name="Uses">Of a tool, or of what is not known.</param>
    /// <param name="CostNanos">What was computed for it, rounded up.</param>
    public sealed record Group(
        string Model, string Name, string PricedAs, IReadOnlyList<string> Doubts, long? Calls, long? Tokens, long? Uses,
        long? CostNanos);

    /// <summary>One part of one request; see <see cref="Group"/>.</summary>
    public sealed record Line(
        RequestId Request, DateTimeOffset StartedAt, string Model, string Name, IReadOnlyList<string> Doubts,
        long Tokens, long Uses, long CostNanos);

    internal static async Task<Results<Ok<Reply>, ProblemHttpResult>> Handle(
        DateOnly? from, DateOnly? to, ClaimsPrincipal caller, NpgsqlDataSource db, TimeProvider clock,
        CancellationToken ct)
    {
        if (!ScopeOf.Read("all", from, to, clock).Is(out var asked, out var no)) return no.ToProblem();

        var (first, until) = asked.Span;
        await using var connection = await db.OpenConnectionAsync(ct);
        object?[] span = [first, until, MostListed];
        var groups = await connection.ReadAsync(GroupsSql, GroupOf, span, ct);
        if (Access.IsGroupsOnly(caller)) // what the price book lacks, by name
            return TypedResults.Ok(new Reply(asked.From, asked.To,
                [.. groups.Select(g => g with { Calls = null, Tokens = null, Uses = null, CostNanos = null })
                    .OrderBy(g => g.Model, StringComparer.Ordinal)], []));
        var lines = await connection.ReadAsync(NewestSql, LineOf, span, ct);
        return TypedResults.Ok(new Reply(asked.From, asked.To, groups, lines));
    }

    private static Group GroupOf(Row row) => new(
        row.Text("model"), row.Text("name"), row.Text("priced_as"), DoubtsOf(row), row.Bigint("calls"),
        row.Bigint("tokens"), row.Bigint("uses"), row.Bigint("cost_nanos"));

    private static Line LineOf(Row row) => new(
        row.Id<RequestId>("request_id"), row.Instant("started_at"), row.Text("model"), row.Text("name"), DoubtsOf(row),
        row.Bigint("tokens"), row.Bigint("uses"), row.Bigint("cost_nanos"));

    private static IReadOnlyList<string> DoubtsOf(Row row) => DoubtWords.Of((Doubts)row.Smallint("doubts"));
}
