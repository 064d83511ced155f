using System.Security.Claims;
using System.Text;
using Guerdon.Kernel;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Npgsql;

namespace Guerdon.Payroll.Conversions;

/// <summary>Takes terms into effect as the next version; the same content as the newest again adds none.</summary>
public static class ApplyConversionTerms
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

/// <summary>Reads terms and says what they offer. Changes nothing.</summary>
public static class CheckConversionTerms
{
    /// <param name="EffectiveFrom">Their first day.</param>
    /// <param name="Windows">When conversions may be asked for.</param>
    /// <param name="Forms">What is offered, with how many tokens the smallest amount takes.</param>
    /// <param name="Services">What may be claimed back.</param>
    public sealed record Reply(
        DateOnly EffectiveFrom, IReadOnlyList<Window> Windows, IReadOnlyList<Form> Forms,
        IReadOnlyList<string> Services);

    /// <summary>A window, as it is open now or next; null days where it will not be open again.</summary>
    public sealed record Window(string Name, DateOnly? From, DateOnly? To);

    /// <summary>What an amount takes, and what both are worth today.</summary>
    /// <param name="Name">What tokens become.</param>
    /// <param name="Brings">One unit of money, a day, one unit of equity.</param>
    /// <param name="TokensMilli">The milli-tokens that it takes.</param>
    /// <param name="TokensWorthNanos">What those are worth by the price book, in nano-USD.</param>
    /// <param name="PaysNanos">What is paid for them, in nano-USD; null where nobody stated it.</param>
    /// <param name="Reason">Why the two are far apart, as the terms say; null where they give none.</param>
    public sealed record Form(
        string Name, string Brings, long TokensMilli, long TokensWorthNanos, long? PaysNanos, string? Reason);

    internal static async Task<Results<Ok<Reply>, ProblemHttpResult>> Handle(
        HttpRequest request, RateBooks books, TimeProvider clock, CancellationToken ct)
    {
        var book = await books.AtAsync(clock.GetUtcNow(), ct);
        var (_, terms, problem) = await ConversionTermsText.ReadAsync(request, book, clock.GetUtcNow(), ct);
        if (terms is null) return problem!;
        var today = DateOnly.FromDateTime(clock.GetUtcNow().UtcDateTime);
        return TypedResults.Ok(new Reply(
            terms.EffectiveFrom,
            [.. terms.Windows.Select(w => (w.On(today) ?? w.After(today)) is { } o
                ? new Window(w.Name, o.From, o.To) : new Window(w.Name, null, null))],
            [.. terms.Forms.SelectMany(form => FormsOf(form, book))], terms.Claims?.Services ?? []));
    }

    private static IEnumerable<Form> FormsOf(FormTerms form, RateBook book)
    {
        var name = PayForms.NameOf(form.Form);
        foreach (var (currency, rate) in form.Rates)
        {
            var whole = RateBook.SmallestIn(form.Form, currency); // one unit of money, a day, one of equity
            var tokens = rate.MilliFor(whole);
            yield return new Form(
                name, PayForms.Text(name, whole, currency.Length > 0 ? currency : form.Unit), tokens,
                book.ValueOf(tokens), book.ValueOf(form, whole, currency), form.Reason);
        }
    }
}

/// <summary>Every version of the terms, newest first.</summary>
public static class ListConversionTerms
{
    /// <param name="Terms">The newest first.</param>
    /// <param name="Doubts">Of those that are in effect or will be: why they would be refused today.</param>
    public sealed record Reply(IReadOnlyList<AppliedTerms> Terms, IReadOnlyList<TermsDoubts.Doubt> Doubts);

    internal static async Task<Ok<Reply>> Handle(
        NpgsqlDataSource db, RateBooks books, TimeProvider clock, CancellationToken ct)
    {
        var (now, all) = (clock.GetUtcNow(), await ConversionTermsStore.AllAsync(db, ct));
        var doubts = TermsDoubts.Of(all, await books.AtAsync(now, ct), DateOnly.FromDateTime(now.UtcDateTime));
        return TypedResults.Ok(new Reply(all, doubts));
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
