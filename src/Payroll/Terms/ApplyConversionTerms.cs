using System.Security.Claims;
using System.Text;
using Guerdon.Kernel;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Npgsql;

namespace Guerdon.Payroll.Terms;

/// <summary>Takes terms into effect as the next version; the same content as the newest again adds none.</summary>
internal static class ApplyConversionTerms
{
    /// <param name="Terms">The version in the book.</param>
    /// <param name="Added">False where it was there already.</param>
    public sealed record Reply(AppliedTerms Terms, bool Added);

    internal static async Task<Results<Ok<Reply>, ProblemHttpResult>> Handle(
        HttpRequest request, ClaimsPrincipal caller, NpgsqlDataSource db, RateBooks books, TimeProvider clock,
        CancellationToken ct)
    {
        var now = clock.GetUtcNow();
        var (yaml, terms, problem) =
            await ConversionTermsText.ReadAsync(request, await books.AtAsync(now, ct), now, ct);
        if (terms is null) return problem!;
        var (applied, added) =
            await ConversionTermsStore.ApplyAsync(db, terms, yaml, Actor.Of(caller), clock, ct);
        return TypedResults.Ok(new Reply(applied, added));
    }
}

/// <summary>Terms as they come in: a small text.</summary>
internal static class ConversionTermsText
{
    private const int MaxBytes = 65_536;

    public static async Task<(string Yaml, ConversionTerms? Terms, ProblemHttpResult? Problem)> ReadAsync(
        HttpRequest request, RateBook book, DateTimeOffset now, CancellationToken ct)
    {
        var buffer = new byte[MaxBytes + 1];
        var length = await request.Body.ReadAtLeastAsync(buffer, buffer.Length, throwOnEndOfStream: false, ct);
        if (length > MaxBytes)
            return ("", null, ConversionRefusals.TermsTooLarge.ToProblem("The terms are larger than 64 KB."));

        var yaml = Encoding.UTF8.GetString(buffer, 0, length);
        var (terms, errors) = ConversionTermsFile.Read(yaml, book);
        if (terms is not null)
            return NeverOpen(terms, now) is { } never ? (yaml, null, never.ToProblem()) : (yaml, terms, null);
        var detail = errors.Count == 1 ? errors[0].Reason : $"The terms have {errors.Count} errors.";
        return (yaml, null, ConversionRefusals.TermsInvalid.ToProblem(detail, errors));
    }

    // Good by themselves, but nobody could ever convert by them.
    private static Refused? NeverOpen(ConversionTerms terms, DateTimeOffset now)
    {
        var today = DateOnly.FromDateTime(now.UtcDateTime);
        var first = terms.EffectiveFrom > today ? terms.EffectiveFrom : today;
        return terms.Windows.Count == 0 || terms.Windows.Any(w => (w.On(first) ?? w.After(first)) is not null) ? null
            : ConversionRefusals.TermsNeverOpen.With(
                $"No window of the terms is open on {first:yyyy-MM-dd}, from when on they count, or after.");
    }
}
