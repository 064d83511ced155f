using System.Security.Claims;
using Guerdon.Approvals.Inputs;
using Guerdon.Kernel;
using Guerdon.Pricing.Book;
using Guerdon.Pricing.TokenValue;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Npgsql;

namespace Guerdon.Metering.TokenValue;

/// <summary>
/// Calibrates what a compute token is worth, each quarter, by a Laspeyres index over what the company used in an
/// earlier one: a token goes on buying the same basket. Showing it changes nothing; applying it proposes one value.
/// </summary>
internal static class CalibrateTokenValue
{
    private const int MaxBufferPpm = 1_000_000;
    private static readonly Usd ExampleAllowance = new(1_000_000_000_000); // a thousand dollars

    /// <param name="Quarter">Which quarter the value is for, as <c>2027Q1</c>.</param>
    /// <param name="Base">Whose usage is the basket, as <c>2026Q4</c>; null: the quarter before.</param>
    /// <param name="From">The first instant of the value, in that quarter and not past.</param>
    public sealed record Request(string Quarter, string? Base, DateTimeOffset From);

    /// <param name="Quarter">Which it is for.</param>
    /// <param name="Base">Whose usage is the basket.</param>
    /// <param name="IsBaseOver">False: the base quarter still runs, and its basket may change.</param>
    /// <param name="Basket">By model and class; none in works-council mode.</param>
    /// <param name="LeftOut">Models used that the book does not price in both quarters.</param>
    /// <param name="Index">The basket's cost now over its cost then.</param>
    /// <param name="BaseValueNanos">What a token was worth at the end of the base quarter.</param>
    /// <param name="ValueNanos">What it becomes.</param>
    /// <param name="BufferPpm">The buffer b, in millionths.</param>
    /// <param name="TopUp">What a thousand dollars of allowance become.</param>
    public sealed record Reply(
        string Quarter, string Base, bool IsBaseOver, IReadOnlyList<BasketRow> Basket, IReadOnlyList<string> LeftOut,
        LaspeyresIndex Index, long BaseValueNanos, long ValueNanos, int BufferPpm, AllowanceTopUp TopUp);

    /// <param name="Calibration">What it was computed from.</param>
    /// <param name="From">The first instant of the value.</param>
    /// <param name="Added">False where it was set before.</param>
    public sealed record Applied(Reply Calibration, DateTimeOffset From, bool Added);

    internal static async Task<Results<Ok<Reply>, ProblemHttpResult>> Show(
        string? quarter, string? @base, int? bufferPpm, ClaimsPrincipal caller, [AsParameters] Services books,
        CancellationToken ct)
    {
        var result = await RunAsync(quarter, @base, bufferPpm ?? 0, books.Db, books.Book, books.Clock, ct);
        return result.Is(out var reply, out var no) ? TypedResults.Ok(ShownTo(caller, reply)) : no.ToProblem();
    }

    /// <summary>Proposes the value, with the figures that it was computed from: another approves what they saw, however
    /// the basket has changed since.</summary>
    internal static async Task<Results<Ok<Applied>, Accepted<InputWaits>, ProblemHttpResult>> Apply(
        Request request, ClaimsPrincipal caller, [AsParameters] Services books, InputProposals inputs,
        CancellationToken ct)
    {
        var result = await RunAsync(request.Quarter, request.Base, 0, books.Db, books.Book, books.Clock, ct);
        if (!result.Is(out var reply, out var no)) return no.ToProblem();
        if (!Quarter.TryParse(request.Quarter, out var quarter) || request.From < quarter.Start
            || request.From >= quarter.End)
            return MeteringRefusals.IndexInvalid.ToProblem($"{Wording.Utc(request.From)} is not in {request.Quarter}.");

        var given = TokenValueInput.Given(new Applied(ShownTo(caller, reply), request.From, Added: true));
        return (await inputs.ProposeAsync(TokenValueInput.Name, given, Actor.Of(caller), ct)).ToHttp<Applied>();
    }

    // Of a model that few use it would be their use. The index is of all of it.
    private static Reply ShownTo(ClaimsPrincipal caller, Reply reply) =>
        Access.IsGroupsOnly(caller) ? reply with { Basket = [], LeftOut = [] } : reply;

    /// <summary>What it is computed from.</summary>
    internal sealed record Services(NpgsqlDataSource Db, PriceBook Book, TimeProvider Clock);

    /// <summary>Steps: 1 the quarters, 2 what was used in the base, 3 prices at the start of both, 4 the index, 5 what
    /// follows from it.</summary>
    internal static async Task<Result<Reply>> RunAsync(
        string? quarter, string? basis, int bufferPpm, NpgsqlDataSource db, PriceBook book, TimeProvider clock,
        CancellationToken ct)
    {
        if (!Quarter.TryParse(quarter, out var current)) // 1
            return MeteringRefusals.IndexInvalid.With($"'{quarter}' is not a quarter.");
        var from = current.Previous;
        if (basis is not null && !Quarter.TryParse(basis, out from))
            return MeteringRefusals.IndexInvalid.With($"'{basis}' is not a quarter.");
        if (from.Start >= current.Start)
            return MeteringRefusals.IndexInvalid.With($"{from} is not before {current}.");
        if (bufferPpm is < 0 or > MaxBufferPpm)
            return MeteringRefusals.IndexInvalid.With($"A buffer of {bufferPpm} ppm is not from 0 to 100 %.");

        await book.ReloadAsync(ct);
        var used = await Basket.UsedAsync(db, from.Start, from.End, ct); // 2
        var last = from.End.AddTicks(-1);
        var basket = Basket.Of( // 3; a model that came during the base quarter has the price it came with
            used, m => book.Find(m, from.Start) ?? book.Find(m, last), m => book.Find(m, current.Start));
        if (LaspeyresIndex.Of(basket.Rows) is not { } index) // 4
            return MeteringRefusals.BasketEmpty.With($"Nothing that has a price was used in {from}.");

        var worth = book.TokenValueAt(last); // 5
        return new Reply(
            current.ToString(), from.ToString(), from.End <= clock.GetUtcNow(), basket.Rows, basket.LeftOut, index,
            worth, index.ValueOf(worth), bufferPpm, AllowanceTopUp.Of(ExampleAllowance, index.Ppm, bufferPpm));
    }
}
