using Guerdon.Kernel;
using Guerdon.Payroll.Terms;
using Guerdon.People.Employees;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;

namespace Guerdon.Payroll.Conversions;

/// <summary>Says what a conversion would bring now. Sets nothing aside.</summary>
internal static class QuoteConversion
{
    /// <param name="Form"><c>cash</c>, <c>time_off</c> or <c>equity</c>.</param>
    /// <param name="TokensMilli">How much to convert, in milli-tokens.</param>
    /// <param name="Lot">From one lot only; null: from any that may, those that expire first going first.</param>
    public sealed record Request(string? Form, long TokensMilli, int? Lot = null);

    /// <param name="Form">As asked.</param>
    /// <param name="Pays">What it brings, in words.</param>
    /// <param name="Units">Hundredths of money or of a day, whole units of equity.</param>
    /// <param name="AmountMilli">Milli-tokens it takes: what makes whole units.</param>
    /// <param name="StaysMilli">What is left of what was asked; it stays as it is.</param>
    /// <param name="LockedForHours">How long a request would keep this rate.</param>
    /// <param name="Approval">Whether somebody else must approve.</param>
    /// <param name="TokensWorthNanos">What the tokens are worth by the price book, in nano-USD.</param>
    /// <param name="PaysNanos">What it pays, in nano-USD; null where nobody stated what its unit is worth.</param>
    /// <param name="PayFrom">The first day on which it could be paid, if it were approved today.</param>
    public sealed record Reply(
        string Form, string Pays, long Units, string Unit, long AmountMilli, long StaysMilli, string TaxClass,
        string Window, int LockedForHours, bool Approval, long TokensWorthNanos, long? PaysNanos, DateOnly PayFrom,
        IReadOnlyList<LotPart> Lots);

    internal static async Task<Results<Ok<Reply>, ProblemHttpResult>> Handle(
        string personOrEmail, Request request, HttpContext http, PeopleDirectory people,
        ConversionRequests conversions, TimeProvider clock, CancellationToken ct)
    {
        var asks = Permissions.ConversionsRequest;
        if (await Readable.FindAsync(personOrEmail, http.User, asks, people, ct) is not { } person)
            return Readable.Nobody(personOrEmail);
        if (WishOf(request) is not { } wish) return Wrong(request);
        var found = await conversions.QuoteAsync(person, wish, ct);
        if (!found.Is(out var worked, out var no)) return no.ToProblem();
        LookedAt.Say(http, person.Id.Value); // it changes nothing, and shows what somebody has
        var (quote, terms) = (worked.Quote, worked.Terms.Terms);
        return TypedResults.Ok(new Reply(
            request.Form!, quote.Pays, quote.Units, quote.Unit, quote.AmountMilli,
            quote.AskedMilli - quote.AmountMilli, PayForms.ClassOf(wish.Form).Name, quote.Window.ToString(),
            (int)terms.LockFor.TotalHours, terms.NeedsApproval, quote.WorthNanos, quote.PaysNanos,
            clock.Today().AddDays(terms.NoticeDays), quote.Lots));
    }

    internal static Wish? WishOf(Request request) =>
        PayForms.Find(request.Form) is { } form ? new(form, request.TokensMilli, request.Lot) : null;

    internal static ProblemHttpResult Wrong(Request request) => ConversionRefusals.WishInvalid.ToProblem(
        $"'form' is '{request.Form}', not one of {PayForms.Names}.");
}
