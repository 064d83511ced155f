using Guerdon.Kernel;
using Guerdon.Ledger;
using Guerdon.Ledger.Lots;
using Guerdon.Payroll.Terms;
using Guerdon.People.Employees;

namespace Guerdon.Payroll.Conversions;

/// <summary>So much out of one lot, in milli-tokens.</summary>
public readonly record struct LotPart(int Lot, long AmountMilli);

/// <summary>What a person has converted to one form so far, declined and reversed requests not counted.</summary>
/// <param name="InWindowMilli">In this opening of the window.</param>
/// <param name="InYearMilli">In this calendar year.</param>
/// <param name="Requests">How many requests of the person there are, of any form and state.</param>
internal sealed record ConvertedSoFar(long InWindowMilli, long InYearMilli, int Requests);

/// <summary>What somebody asks: so much into a form, from any lot that may, or from one.</summary>
public sealed record Wish(PayForm Form, long Milli, int? Lot);

/// <summary>Which part of a wish can be converted, and what it brings. Nothing is set aside by it.</summary>
public sealed record Quote(
    FormTerms Terms, ConversionWindow.Opening Window, ConversionRate Rate, string? Currency, long AskedMilli,
    long AmountMilli, long Units, IReadOnlyList<LotPart> Lots)
{
    /// <summary>Nano-USD that the tokens are worth by the price book.</summary>
    public required long WorthNanos { get; init; }

    /// <summary>Nano-USD that it pays; null: nobody stated what its unit is worth.</summary>
    public required long? PaysNanos { get; init; }

    /// <summary>What is counted.</summary>
    public string Unit => Currency ?? Terms.Unit;

    /// <summary>What it brings, in words: <c>12.50 EUR</c>.</summary>
    public string Pays => PayForms.Text(PayForms.NameOf(Terms.Form), Units, Unit);
}

/// <summary>When a wish is decided, and by what.</summary>
/// <param name="Terms">In effect then.</param>
/// <param name="Now">The instant.</param>
/// <param name="Window">The opening that it lies in.</param>
/// <param name="Book">What tokens and money are worth then.</param>
internal sealed record QuoteMoment(
    ConversionTerms Terms, DateTimeOffset Now, ConversionWindow.Opening Window, RateBook Book);

/// <summary>Decides a wish from what is known already. A quote and a request decide by it alike.</summary>
internal static class QuoteRules
{
    /// <summary>The opening of a window that a day lies in, or why there is none.</summary>
    public static Result<ConversionWindow.Opening> WindowOn(ConversionTerms terms, DateOnly day)
    {
        if (terms.Windows.Select(w => w.On(day)).FirstOrDefault(o => o is not null) is { } open) return open;

        var next = terms.Windows.Select(w => w.After(day)).Where(o => o is not null).OrderBy(o => o!.Value.From)
            .FirstOrDefault();
        return ConversionRefusals.WindowClosed.With(next is null
            ? $"No window is open on {day:yyyy-MM-dd}, and none is to come."
            : $"No window is open on {day:yyyy-MM-dd}; the next is {next}.");
    }

    /// <summary>Steps: 1 is the form offered to them, 2 at which rate, 3 which lots may, 4 whole units and the tokens
    /// they take, 5 the caps.</summary>
    public static Result<Quote> For(
        QuoteMoment moment, Person person, IReadOnlyList<Lot> lots, ConvertedSoFar sofar, Wish wish)
    {
        var (terms, now, window, book) = moment;
        var name = PayForms.NameOf(wish.Form);
        if (terms.Forms.FirstOrDefault(f => f.Form == wish.Form) is not { } form) // 1
            return No(ConversionRefusals.FormNotOffered, $"The terms do not offer {name}.");
        if (form.Excludes(person, now.UtcDay()) is { } why)
            return No(ConversionRefusals.NotEligible, why);

        var currency = wish.Form == PayForm.Cash ? person.Currency : null; // 2
        if (!form.Rates.TryGetValue(currency ?? "", out var rate))
            return No(ConversionRefusals.NoRate, $"The terms have no rate for {currency}.");

        if (!MayConvert(lots, wish, now).Is(out var may, out var no)) return no; // 3
        var there = may.Sum(l => l.Available.Milli);
        if (wish.Milli > there) return No(ConversionRefusals.NotEnough, Short(lots, wish, there, now));

        var step = currency is null ? 1 : Currencies.Step(currency); // 4
        var units = rate.UnitsFor(wish.Milli, step);
        if (units == 0)
            return No(ConversionRefusals.TooLittle,
                $"{Say(wish.Milli)} tokens bring less than the smallest amount; "
                + $"{Say(rate.MilliFor(step))} bring that.");
        var amount = rate.MilliFor(units);
        if (amount < form.LeastMilli)
            return No(ConversionRefusals.TooLittle, $"A conversion to {name} takes at least {Say(form.LeastMilli)} "
                + $"tokens; of {Say(wish.Milli)}, {Say(amount)} make whole units.");

        return Cap(form, sofar, amount, window) is { } capped // 5
            ? capped
            : new Quote(form, window, rate, currency, wish.Milli, amount, units, Take(may, amount))
            {
                WorthNanos = book.ValueOf(amount), PaysNanos = book.ValueOf(form, units, currency),
            };
    }

    // Only lots whose class becomes this form: a class is never crossed.
    private static Result<Lot[]> MayConvert(IReadOnlyList<Lot> lots, Wish wish, DateTimeOffset now)
    {
        var taxClass = PayForms.ClassOf(wish.Form).Name;
        if (wish.Lot is not { } number) return Usable(lots, now).Where(l => l.TaxClass == taxClass).ToArray();
        if (lots.FirstOrDefault(l => l.Number == number) is not { } lot)
            return LedgerRefusals.LotNotFound.With($"There is no lot {number} in this wallet.");
        return lot.TaxClass == taxClass
            ? Usable([lot], now).ToArray()
            : ConversionRefusals.ClassCrossed.With(
                $"Lot {number} is of class {lot.TaxClass}; only {taxClass} becomes {PayForms.NameOf(wish.Form)}.");
    }

    private static IEnumerable<Lot> Usable(IEnumerable<Lot> lots, DateTimeOffset now) =>
        lots.Where(l => l.Available.Milli > 0 && (l.ExpiresAt is null || l.ExpiresAt > now));

    private static string Short(IReadOnlyList<Lot> lots, Wish wish, long there, DateTimeOffset now)
    {
        var taxClass = PayForms.ClassOf(wish.Form).Name;
        var others = Usable(lots, now).Where(l => l.TaxClass != taxClass).Select(l => l.TaxClass).Distinct().Order();
        var text = $"{Say(wish.Milli)} tokens are asked for, and {Say(there)} of class {taxClass} are free.";
        var named = string.Join(", ", others);
        return named.Length == 0 ? text : $"{text} Tokens of class {named} do not become "
            + $"{PayForms.NameOf(wish.Form)}.";
    }

    private static Refused? Cap(FormTerms form, ConvertedSoFar sofar, long amount, ConversionWindow.Opening window)
    {
        if (form.MostPerWindowMilli is { } perWindow && amount > perWindow - sofar.InWindowMilli)
            return ConversionRefusals.OverCap.With(
                $"At most {Say(perWindow)} tokens convert in the window {window}; "
                + Left(perWindow, sofar.InWindowMilli));
        if (form.MostPerYearMilli is { } perYear && amount > perYear - sofar.InYearMilli)
            return ConversionRefusals.OverCap.With(
                $"At most {Say(perYear)} tokens convert in a year; {Left(perYear, sofar.InYearMilli)}");
        return null;
    }

    private static string Left(long cap, long used) => $"{Say(Math.Max(0, cap - used))} are left.";

    private static List<LotPart> Take(IReadOnlyList<Lot> lots, long amount)
    {
        var parts = new List<LotPart>();
        foreach (var lot in lots)
        {
            var part = Math.Min(amount, lot.Available.Milli);
            if (part > 0) parts.Add(new LotPart(lot.Number, part));
            amount -= part;
        }

        return parts;
    }

    private static string Say(long milli) => new Tokens(milli).ToString();

    private static Refused No(Refusal refusal, string detail) => refusal.With(detail);
}
