using System.Security.Claims;
using Guerdon.Kernel;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;

namespace Guerdon.Identity.Audit;

/// <summary>The acts of some days, the newest first, a page at a time, for auditors.</summary>
internal static class PageActs
{
    private const int DefaultLimit = 100;
    private const int MaxLimit = 1_000;

    /// <param name="From">First day, UTC; null: thirty days before the last.</param>
    /// <param name="To">The day after the last; null: tomorrow.</param>
    /// <param name="Who">An account's name, or the id of an account or person.</param>
    /// <param name="Endpoint">A part of the endpoint's or form's name.</param>
    /// <param name="Kind">One of <see cref="Storage.ActKinds"/>.</param>
    /// <param name="After">What the page before gave as <c>next</c>.</param>
    /// <param name="Limit">How many at most; null: 100.</param>
    public sealed record Asked(
        DateOnly? From, DateOnly? To, string? Who, string? Endpoint, string? Kind, string? After, int? Limit);

    internal static async Task<Results<Ok<ActHistory.Page>, ProblemHttpResult>> Handle(
        [AsParameters] Asked asked, ActHistory acts, TimeProvider clock, ClaimsPrincipal caller, CancellationToken ct)
    {
        if (!ActFilter.Of((asked.From, asked.To), asked.Who, asked.Endpoint, asked.Kind, clock.Today())
            .Is(out var filter, out var no)) return no.ToProblem();
        if (asked.Limit is < 1 or > MaxLimit)
            return IdentityRefusals.PageInvalid.ToProblem($"The limit {asked.Limit} is out of range.");
        return (await acts.PageAsync(filter, asked.After, asked.Limit ?? DefaultLimit, caller, ct)).ToHttp();
    }
}
