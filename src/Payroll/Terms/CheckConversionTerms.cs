using Guerdon.Kernel;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;

namespace Guerdon.Payroll.Terms;

/// <summary>Reads terms and says what they offer. Changes nothing.</summary>
internal static class CheckConversionTerms
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
        var text = await ConversionTermsText.ReadAsync(request, book, clock.GetUtcNow(), ct);
        if (!text.Is(out var read, out var no)) return no.ToProblem();
        var (terms, today) = (read.Value, clock.Today());
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
