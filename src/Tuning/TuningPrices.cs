using Guerdon.Bounds.Plans;
using Guerdon.Dialects;
using Guerdon.Gateway;
using Guerdon.Kernel;
using Guerdon.Policies;
using Guerdon.Pricing.Book;
using Guerdon.Pricing.Costing;

namespace Guerdon.Tuning;

/// <summary>A job that may be held.</summary>
/// <param name="Job">As it is written down.</param>
/// <param name="Price">The row that it is held and settled by.</param>
internal sealed record TuningOffer(TuningJob Job, Price Price);

/// <summary>What a job can cost at most, and whether it may be asked for at all.</summary>
internal sealed class TuningPrices(
    PriceBook book, CurrentPolicy policies, TuningUpstream upstream, TuningEscrow books, TimeProvider clock)
{
    /// <summary>The job with its hold, or why there is none.</summary>
    /// <remarks>A token is a byte of the file or more, and the wrapping of a message in JSON is longer than what it
    /// becomes; so a file has no more tokens than bytes, and a job no more than those times its epochs.</remarks>
    public Result<TuningOffer> Of(TuningBody ask, TuningFile file, TuningCaller caller)
    {
        var now = clock.GetUtcNow();
        if (book.Find(ask.Model, now) is not { } price)
            return DialectRefusals.UnknownModel.With($"There is no price for model '{ask.Model}'.");
        if (!caller.Key.MayCall(ask.Model) && !caller.Key.MayCall(price.Model))
            return GatewayRefusals.ModelNotAllowed.With($"This key may not use '{ask.Model}'.");
        if (caller.Policy?.Refuses(ask.Model, price) is { } unapproved) return unapproved;
        if (!price.Provider.Equals(upstream.Options.Service, StringComparison.OrdinalIgnoreCase))
            return GatewayRefusals.WrongDialect.With(
                $"'{ask.Model}' is {price.Provider}'s; only models of '{upstream.Options.Service}' are trained.");
        if (price.Training is null)
            return TuningRefusals.TrainingUnpriced.With(
                $"The price book has '{price.Model}' without a training rate.");

        var bound = checked(file.Bytes * ask.Epochs);
        var value = book.TokenValueAt(now);
        var isFree = caller.Policy?.IsZeroRated(ask.Model, price) is true;
        var created = books.Now();
        var job = new TuningJob
        {
            Wallet = caller.Key.Wallet, Id = Id.New<TuningId>(clock), KeyId = caller.Key.Id, Provider = file.Provider,
            FileId = file.Id, Model = ask.Model, PriceId = price.Id, TokenValueNanos = value, Epochs = ask.Epochs,
            BoundTokens = bound, Held = isFree ? Tokens.Zero : Cost.OfTraining(price, bound, value).Charge,
            CreatedAt = created, NextCheckAt = created + upstream.Options.AnswerWithin * 2,
        };
        return new TuningOffer(job, price);
    }

    /// <summary>Takes the job from the policy's rates: one call, and as many tokens as it can be trained on.</summary>
    /// <param name="offer">The job.</param>
    /// <param name="caller">Whose policy.</param>
    /// <param name="ticket">What it has taken; null: no rate holds for it, or it is refused.</param>
    /// <returns>Why it may not be asked for now, or null.</returns>
    public Refused? TakeRates(TuningOffer offer, TuningCaller caller, out RateTicket? ticket)
    {
        ticket = null;
        if (caller.Policy is not { Rates.Count: > 0 } policy) return null;
        var planned = new PlannedModel(offer.Job.Model, offer.Price, default);
        return policies.Rates.Take(policy.Rates, caller.Key.Wallet, [planned], offer.Job.BoundTokens)
            .Is(out ticket, out var refused) ? null : refused;
    }
}
