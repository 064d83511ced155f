using System.Security.Claims;
using Guerdon.Kernel;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Npgsql;

namespace Guerdon.Payroll.Terms;

/// <summary>Takes terms into effect as the next version; the same content as the newest again adds none.</summary>
internal static class ApplyConversionTerms
{
    /// <param name="Terms">The version that is saved.</param>
    /// <param name="Added">False where it was there already.</param>
    public sealed record Reply(AppliedTerms Terms, bool Added);

    internal static async Task<Results<Ok<Reply>, ProblemHttpResult>> Handle(
        HttpRequest request, ClaimsPrincipal caller, NpgsqlDataSource db, RateBooks books, TimeProvider clock,
        CancellationToken ct)
    {
        var now = clock.GetUtcNow();
        var text = await ConversionTermsText.ReadAsync(request, await books.AtAsync(now, ct), now, ct);
        if (!text.Is(out var read, out var no)) return no.ToProblem();
        var (applied, added) =
            await ConversionTermsStore.ApplyAsync(db, read.Value, read.Yaml, Actor.Of(caller), clock, ct);
        return TypedResults.Ok(new Reply(applied, added));
    }
}

/// <summary>Terms as they come in: a small text.</summary>
internal static class ConversionTermsText
{
    private static readonly YamlBody Body =
        new("The terms", ConversionRefusals.TermsTooLarge, ConversionRefusals.TermsInvalid) { IsPlural = true };

    public static async Task<Result<YamlText<ConversionTerms>>> ReadAsync(
        HttpRequest request, RateBook book, DateTimeOffset now, CancellationToken ct)
    {
        var text = await Body.ReadAsync(request, yaml => ConversionTermsFile.Read(yaml, book), ct);
        return text.Is(out var read, out _) && NeverOpen(read.Value, now) is { } never ? never : text;
    }

    // Terms may be good by themselves and still never open a window: those are refused, since nobody could convert.
    private static Refused? NeverOpen(ConversionTerms terms, DateTimeOffset now)
    {
        var today = now.UtcDay();
        var first = terms.EffectiveFrom > today ? terms.EffectiveFrom : today;
        return terms.Windows.Count == 0 || terms.Windows.Any(w => (w.On(first) ?? w.After(first)) is not null) ? null
            : ConversionRefusals.TermsNeverOpen.With(
                $"No window of the terms is open on {first:yyyy-MM-dd}, from when on they count, or after.");
    }
}
