using Guerdon.Bounds.Plans;
using Guerdon.Dialects.Calls;
using Guerdon.Gateway.Admission;
using Guerdon.Gateway.Keys;
using Guerdon.Identity.Audit;
using Guerdon.Kernel;
using Guerdon.Policies;
using Guerdon.Pricing.Book;
using Guerdon.Pricing.Costing;
using Guerdon.Providers;
using Guerdon.Relay.Callers;
using Microsoft.AspNetCore.Http;

namespace Guerdon.Gateway.Forwarding;

/// <summary>A call that may be admitted: whose it is, what it asks, what it costs and where it goes.</summary>
public sealed record TakenCall(
    ApiKey Key, CallerBody Body, CallFacts Facts, Price Price, ProviderGroup Providers, long TokenValueNanos,
    bool IsZeroRated)
{
    /// <summary>What it has taken from the policy's rates; null where none holds for it.</summary>
    public RateTicket? Rates { get; init; }

    /// <summary>All that the provider may do for it.</summary>
    public required CallPlan Plan { get; init; }

    /// <summary>The standard tier is to be asked for in what goes out.</summary>
    public bool SetsTier { get; init; }

    /// <summary>What admission must know of it.</summary>
    public PlannedCall ToCall() => new(
        Key, Price, TokenValueNanos, Facts.Model, CallBounds.Input(Facts, Price), CallBounds.Output(Facts, Price),
        CallBounds.OutputFloor(Facts, Price), Facts.CapAsked, IsZeroRated, Plan);
}

/// <summary>Takes calls in: key, body, model, provider. It asks the database only for keys it has not seen.</summary>
public sealed class CallIntake(
    KeyRing keys, PriceBook book, ProviderSet providers, CurrentPolicy policies, CallShares shares,
    WrongKeys wrongKeys, TimeProvider clock)
{
    private readonly ReadingRules _rules = new(name => book.Find(name, clock.GetUtcNow()) is not null, []);

    /// <summary>What answers are priced by, too.</summary>
    public PriceBook Prices => book;

    /// <summary>See <see cref="KeyRing.Forgotten"/>.</summary>
    public int KeysForgotten => keys.Forgotten;

    /// <summary>The call, or why it is refused. Whoever takes the call disposes its body.</summary>
    /// <param name="http">The caller.</param>
    /// <param name="api">What is called.</param>
    /// <param name="model">The model that the path names, where the dialect's paths do.</param>
    public async ValueTask<Result<TakenCall>> TakeAsync(HttpContext http, Api api, string? model)
    {
        if (!(await KeyOfAsync(http)).Is(out var key, out var noKey)) return noKey;
        if (HeaderRules.Refuses(http.Request.Headers) is { } unsendable) return unsendable;

        var policy = policies.InForce(key.Wallet);
        if (policy?.RefusesAll() is { } closed) return closed;

        var mostBytes = Math.Min(policy?.MaxBodyBytes ?? int.MaxValue, shares.MostOfABody);
        if (!shares.Begin(key.Wallet).Is(out var share, out var full)) return full;
        var isPacked = http.Request.Headers.ContentEncoding.Count > 0;
        if (isPacked) await share.BeginInflatingAsync(http.RequestAborted);
        try
        {
            var read = await CallerBody.ReadAsync(http.Request, mostBytes, share, http.RequestAborted);
            if (!read.Is(out var body, out var noBody)) return policy?.Limits(noBody) ?? noBody;
            return Read(new Asked(api, model, body, BetasOf(http.Request, api.Dialect)), key, policy);
        }
        finally
        {
            if (isPacked) share.EndInflating();
        }
    }

    private Result<TakenCall> Read(in Asked asked, ApiKey key, Policy? policy)
    {
        var isTaken = false;
        try
        {
            var result = Take(asked, key, policy);
            if (policy is { Rates.Count: > 0 } && !asked.Api.IsFree && result.Is(out var taken, out _))
                result = Rated(taken, policy);
            isTaken = result.Refused is null;
            return result;
        }
        finally
        {
            if (!isTaken) asked.Body.Dispose(); // with what it takes of the node
        }
    }

    private Result<TakenCall> Rated(TakenCall taken, Policy policy)
    {
        var call = taken.ToCall();
        var result = policies.Rates.Take(
            policy.Rates, taken.Key.Wallet, taken.Plan.Named, call.TokensAtMost(call.OutputCap));
        return result.Is(out var ticket, out var refused) ? taken with { Rates = ticket } : refused;
    }

    /// <summary>
    /// The caller's key, from any provider's header: the first that is one of ours, whatever stands beside it. A caller
    /// without one is counted among the acts.
    /// </summary>
    public async ValueTask<Result<ApiKey>> KeyOfAsync(HttpContext http)
    {
        var presented = 0;
        Refused? hasLeft = null;
        foreach (var candidate in KeyHeaders.Presented(http.Request.Headers))
        {
            presented++;
            if (await keys.FindAsync(candidate, http.RequestAborted) is { } key) return key;
            hasLeft ??= keys.WhyNot(candidate);
        }

        var refused = hasLeft ?? (presented == 0
            ? GatewayRefusals.MissingKey.With("The request carries no key.")
            : GatewayRefusals.BadKey.With("The key is not valid."));
        wrongKeys.Note(http, refused.Refusal.Status);
        return refused;
    }

    /// <summary>Why the key can call nothing, or null.</summary>
    public Refused? RefusesAll() => policies.InForce()?.RefusesAll();

    /// <summary>The models that a key may call in a dialect, each approved and with a provider that is
    /// configured.</summary>
    public IEnumerable<Price> ModelsOf(ApiKey key, Dialect dialect)
    {
        var policy = policies.InForce(key.Wallet);
        return book.Current(clock.GetUtcNow()).Where(
            price => key.MayCall(price.Model) && providers.Find(price.Provider)?.Dialect == dialect
                && policy?.Refuses(price.Model, price) is null);
    }

    /// <param name="Api">What is called.</param>
    /// <param name="Model">The model that the path names, where paths do.</param>
    /// <param name="Body">As it came.</param>
    /// <param name="Betas">What the dialect's header for betas names.</param>
    private readonly record struct Asked(Api Api, string? Model, CallerBody Body, string? Betas);

    private static string? BetasOf(HttpRequest request, Dialect dialect) =>
        dialect.BetaHeader is { } header ? (string?)request.Headers[header] : null;

    private Result<TakenCall> Take(in Asked asked, ApiKey key, Policy? policy)
    {
        var (api, model, body, betas) = asked;
        var rules = policy is { Members.Count: > 0 } ? _rules with { Members = policy.Members } : _rules;
        if (!api.Dialect.ReadCall(api, model, body.Bytes.Span, rules).Is(out var facts, out var unread)) return unread;
        facts.AskedWindow = Math.Max(facts.AskedWindow, api.Dialect.WindowIn(betas));

        var now = clock.GetUtcNow();
        var models = new ModelRules(book, now, key, policy, body.Bytes);
        if (!models.Find(facts).Is(out var price, out var unpriced)) return unpriced;
        if (providers.Find(price.Provider) is not { } serving)
            return GatewayRefusals.ProviderUnconfigured.With($"'{price.Provider}' serves '{facts.Model}'.");
        if (serving.Dialect != api.Dialect)
            return GatewayRefusals.WrongDialect.With($"'{facts.Model}' is not served at {api.Path}.");
        if (MediaRules.Unpriced(facts, price) is { } media) return media;
        if (!models.Plan(facts, price).Is(out var plan, out var unplanned)) return unplanned;

        // Free only where every model is that may run.
        var isFree = policy is { ZeroRated.Count: > 0 } && plan.Named.All(m => policy.IsZeroRated(m.Name, m.Price));
        return new TakenCall(key, body, facts, price, serving, book.TokenValueAt(now), isFree)
        {
            Plan = plan, SetsTier = models.SetsTier(plan),
        };
    }
}
