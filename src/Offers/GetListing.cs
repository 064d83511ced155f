using Guerdon.Kernel;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Npgsql;

namespace Guerdon.Offers;

/// <summary>The job listing that an offer stands for: without its candidate.</summary>
public static class GetListing
{
    /// <param name="Text">Markdown.</param>
    /// <param name="JsonLd">A schema.org JobPosting.</param>
    /// <param name="Html">The same as a script element, safe to paste into a page.</param>
    public sealed record Reply(string Text, string JsonLd, string Html);

    internal static async Task<Results<Ok<Reply>, ProblemHttpResult>> Handle(
        string offer, NpgsqlDataSource db, CancellationToken ct)
    {
        if (await OfferStore.FindAsync(db, offer, ct) is not { } kept) return OfferText.Nowhere(offer);
        return OfferLinks.NotShared(kept) is { } no ? no.ToProblem() : TypedResults.Ok(Of(kept));
    }

    /// <summary>The listing of an offer that is our own.</summary>
    public static Reply Of(StoredOffer kept)
    {
        var offer = kept.Read();
        var json = JobPosting.Json(offer, DateOnly.FromDateTime(kept.MadeAt.UtcDateTime));
        return new Reply(JobPosting.Text(offer), json, JobPosting.Html(json));
    }
}
