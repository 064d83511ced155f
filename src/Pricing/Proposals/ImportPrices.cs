using System.Security.Claims;
using Guerdon.Kernel;
using Guerdon.Pricing.Book;
using Guerdon.Pricing.Costing;
using Guerdon.Pricing.PriceImports;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Npgsql;

namespace Guerdon.Pricing.Proposals;

/// <summary>
/// Reads a price list and proposes what it would change. The book stays as it is until the proposal is approved. The
/// same list again, while its proposal waits, is the same proposal.
/// </summary>
internal static class ImportPrices
{
    internal const long MaxBytes = 20 * 1024 * 1024;

    /// <summary>What is drained after a refusal; beyond it the connection is cut.</summary>
    internal const long MaxDrainedBytes = 4 * MaxBytes;

    internal const string LiteLlm = "litellm", Csv = "csv";
    private const int MaxNameLength = 200;

    /// <param name="Proposal">Without an id where the book says all of it already.</param>
    /// <param name="Added">False where it was proposed before, or there is nothing to propose.</param>
    /// <param name="Skips">Models of the list that are not taken, by reason.</param>
    /// <param name="Lines">New and changed prices, by model.</param>
    public sealed record Reply(
        Proposal Proposal, bool Added, IReadOnlyList<Skip> Skips, IReadOnlyList<ProposalLine> Lines)
    {
        /// <summary>How a CSV was read, such as <c>separated by semicolons, UTF-8</c>; null for JSON.</summary>
        public string? ReadAs { get; init; }
    }

    /// <param name="Format">Of the list: <see cref="LiteLlm"/> or <see cref="Csv"/>.</param>
    /// <param name="Name">Of its file, to be shown.</param>
    public sealed record Asked(string? Format, string? Name);

    internal static async Task<Results<Ok<Reply>, ProblemHttpResult>> Handle(
        HttpRequest request, [AsParameters] Asked asked, ClaimsPrincipal caller, NpgsqlDataSource db, PriceBook book,
        TimeProvider clock, CancellationToken ct)
    {
        if (asked.Format is not (LiteLlm or Csv))
            return PricingRefusals.FormatUnknown.ToProblem($"There is no format '{asked.Format}' of price lists.");

        try
        {
            var (reply, listing) = await RunAsync(
                new LimitedBody(request.Body, MaxBytes), (asked.Format, NameOf(asked.Name, asked.Format)),
                Actor.Of(caller), db, book, clock, ct);
            return reply is null
                ? PricingRefusals.ImportInvalid.ToProblem(
                    $"The list has {Wording.Count(listing.ErrorCount, "error")}.", listing.Errors)
                : TypedResults.Ok(reply);
        }
        catch (BadHttpRequestException e) when (e.StatusCode == StatusCodes.Status413PayloadTooLarge)
        {
            return PricingRefusals.ImportTooLarge.ToProblem("The list is larger than 20 MB.");
        }
    }

    /// <summary>Steps: 1 read the list, 2 compare it with the book as it is now, 3 save the difference.</summary>
    /// <returns>No reply where the list has errors.</returns>
    internal static async Task<(Reply? Reply, Listing Listing)> RunAsync(
        Stream text, (string Format, string Name) list, Actor by, NpgsqlDataSource db, PriceBook book,
        TimeProvider clock, CancellationToken ct)
    {
        var (format, name) = list;
        await book.ReloadAsync(ct); // 1
        var now = clock.GetUtcNow();
        var current = book.CurrentOfAllTiers(now);
        var rows = current.ToDictionary(p => (p.Model, p.ServiceTier));
        var source = $"{format} {name}";
        var listing = format == Csv
            ? await CsvPrices.ReadAsync(text, source, (model, tier) => rows.GetValueOrDefault((model, tier)), ct)
            : await LiteLlmFile.ReadAsync(
                text, source, model => rows.GetValueOrDefault((model, ServiceTier.Standard)), ct);
        if (listing.ErrorCount == 0 && listing.Prices.Count == 0 && listing.Skips.Count == 0)
            listing.Wrong(0, null, "There is no model in it.");
        if (listing.ErrorCount > 0) return (null, listing);

        var diff = PriceDiff.Of(listing.Prices, current); // 2
        var isNews = diff.Lines.Count > 0;
        var proposal = new Proposal(
            isNews ? Id.New<ProposalId>(clock) : null, format, name, by.Name, now,
            diff.Lines.Count(l => l.Was is null), diff.Lines.Count(l => l.Was is not null), diff.Unchanged,
            diff.Lines.Count(l => l.Outliers.Count > 0), null)
        { Importer = by };
        var (kept, added, lines) = await ProposalStore.AddAsync(db, proposal, diff, listing.Skips, ct); // 3
        return (new Reply(kept, added, listing.Skips, lines) { ReadAs = listing.ReadAs }, listing);
    }

    private static string NameOf(string? name, string format)
    {
        var clean = new string([.. (name ?? "").Where(c => !char.IsControl(c)).Take(MaxNameLength)]);
        return clean.Length > 0 ? clean : $"list.{(format == Csv ? "csv" : "json")}";
    }
}
