using Guerdon.Kernel;
using Guerdon.Ledger;
using Guerdon.Ledger.Accounts;
using Guerdon.Ledger.Lots;
using Guerdon.Ledger.Transfers;
using Guerdon.Payroll.Terms;
using Guerdon.People.Employees;
using Npgsql;

namespace Guerdon.Payroll.Conversions;

/// <summary>Quotes and requests. A request sets its tokens aside in the commit that writes it.</summary>
public sealed class ConversionRequests(NpgsqlDataSource db, LedgerWriter ledger, RateBooks books, TimeProvider clock)
{
    // Each try loses only to another request of the same person that was written meanwhile.
    private const int Tries = 20;
    private const int LongestKey = 100;

    /// <summary>What a person would get now; nothing is set aside.</summary>
    public async Task<Result<(Quote Quote, AppliedTerms Terms)>> QuoteAsync(
        Person person, Wish wish, CancellationToken ct) =>
        (await WorkOutAsync(person, wish, ct)).Select(found => (found.Quote, found.Terms));

    /// <summary>
    /// Sets tokens aside at the rate of this moment. The same key again is answered with the first request. Steps: 1
    /// look for the key, 2 work out the quote, 3 lock, with the rows, in one commit; where another request of the
    /// person came first, again from 1, so that caps hold.
    /// </summary>
    public async Task<Result<(Conversion Conversion, bool Added)>> RequestAsync(
        Person person, string key, Wish wish, Actor by, CancellationToken ct)
    {
        if (key.Length is 0 or > LongestKey || key.Contains('\0', StringComparison.Ordinal))
            return ConversionRefusals.WishInvalid.With("'key' needs 1 to 100 characters.");
        for (var tries = 0; tries < Tries; tries++)
        {
            if (await ConversionStore.FindAsync(db, person.Id, key, ct) is { } earlier) // 1
                return Same(earlier, wish)
                    ? (earlier, false)
                    : ConversionRefusals.KeyReused.With($"The key '{key}' is that of {earlier.Id}.");

            var found = await WorkOutAsync(person, wish, ct); // 2
            if (!found.Is(out var worked, out var no)) return no;
            var asked = Asked(person, key, worked.Quote, worked.Terms.Terms, by);
            if (await TryLockAsync(asked, worked.SoFar.Requests + 1, worked.Terms.Id, ct)) return (asked, true); // 3
        }

        return ConversionRefusals.Busy.With("Other requests of the same person came first.");
    }

    private async Task<Result<(Quote Quote, AppliedTerms Terms, ConvertedSoFar SoFar)>> WorkOutAsync(
        Person person, Wish wish, CancellationToken ct)
    {
        var now = clock.GetUtcNow();
        var today = now.UtcDay();
        if (wish.Milli < 1)
            return ConversionRefusals.WishInvalid.With("Ask for at least one milli-token.");
        if (await ConversionTermsStore.InEffectAsync(db, today, ct) is not { } applied)
            return ConversionRefusals.NoTerms.With("No conversion terms are in effect.");
        if (!QuoteRules.WindowOn(applied.Terms, today).Is(out var open, out var closed)) return closed;

        var sofar = await ConversionStore.SoFarAsync(db, person.Id, wish.Form, open, today, ct);
        var lots = await LotsAsync(new WalletId(person.Id.Value), wish, ct);
        var moment = new QuoteMoment(applied.Terms, now, open, await books.AtAsync(now, ct));
        return QuoteRules.For(moment, person, lots, sofar, wish).Select(quote => (quote, applied, sofar));
    }

    // A lot that is named is looked for among compute tokens too, to say why it cannot be.
    private async Task<IReadOnlyList<Lot>> LotsAsync(WalletId wallet, Wish wish, CancellationToken ct)
    {
        var reward = await WalletLots.OfAsync(db, wallet, Asset.Reward, ct);
        if (wish.Lot is not { } number || reward.Any(l => l.Number == number)) return reward;
        return [.. reward, .. await WalletLots.OfAsync(db, wallet, Asset.Compute, ct)];
    }

    private Conversion Asked(Person person, string key, Quote quote, ConversionTerms terms, Actor by)
    {
        var now = clock.NowMicros();
        var locked = new ConversionStep(1, ConversionState.Locked, by.Name, now, null)
        {
            ByPerson = by.Person, ByAccount = by.Account,
        };
        var approval = terms.NeedsApproval
            ? null : new ConversionStep(2, ConversionState.Approved, Actor.Guerdon.Name, now, "The terms approve it.");
        return new Conversion
        {
            Id = Id.New<ConversionId>(clock), Person = person.Id, Email = person.Email, Key = key,
            Form = PayForms.NameOf(quote.Terms.Form), TaxClass = PayForms.ClassOf(quote.Terms.Form).Name,
            AskedMilli = quote.AskedMilli, AmountMilli = quote.AmountMilli, Units = quote.Units,
            Currency = quote.Currency, Unit = quote.Unit, Rate = quote.Rate, Window = quote.Window.ToString(),
            RequestedBy = by.Name, RequestedByPerson = by.Person, RequestedByAccount = by.Account,
            RequestedAt = now, LockUntil = now + terms.LockFor,
            NoticeDays = terms.NoticeDays, Now = approval ?? locked, Approval = approval,
            Lots = [.. quote.Lots.OrderBy(l => l.Lot)], WorthNanos = quote.WorthNanos, PaysNanos = quote.PaysNanos,
        };
    }

    private async Task<bool> TryLockAsync(Conversion c, int number, TermsId terms, CancellationToken ct)
    {
        try
        {
            var with = new InSameCommit { Commands = [.. ConversionStore.Insert(c, number, terms.Value)] };
            return (await ledger.PostAsync(ConversionTransfers.Lock(c), with, ct)).All(p => p.Done);
        }
        catch (PostgresException e) when (ConversionStore.IsTaken(e))
        {
            return false;
        }
    }

    private static bool Same(Conversion earlier, Wish wish) =>
        earlier.Form == PayForms.NameOf(wish.Form) && earlier.AskedMilli == wish.Milli
        && (wish.Lot is not { } lot || earlier.Lots is [var only] && only.Lot == lot);
}
