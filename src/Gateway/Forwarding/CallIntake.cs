using Guerdon.Bounds.Plans;
using Guerdon.Dialects.Calls;
using Guerdon.Gateway.Admission;
using Guerdon.Gateway.Keys;
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
    TimeProvider clock)
{
    private readonly ReadingRules _rules = new(name => book.Find(name, clock.GetUtcNow()) is not null, []);

    /// <summary>What answers are priced by, too.</summary>
    public PriceBook Prices => book;

    /// <summary>The call, or why it is refused. Whoever takes the call disposes its body.</summary>
    /// <param name="http">The caller.</param>
    /// <param name="api">What is called.</param>
    /// <param name="model">The model that the path names, where the dialect's paths do.</param>
    public async ValueTask<(TakenCall? Call, Refused? Refused, TimeSpan? RetryAfter)> TakeAsync(
        HttpContext http, Api api, string? model)
    {
        var (key, noKey) = await KeyOfAsync(http);
        if (key is null) return (null, noKey, null);
        if (HeaderRules.Refuses(http.Request.Headers) is { } unsendable) return (null, unsendable, null);

        var policy = policies.InForce(key.Wallet);
        if (policy?.RefusesAll() is { } closed) return (null, closed, null);

        var mostBytes = Math.Min(policy?.MaxBodyBytes ?? int.MaxValue, shares.MostOfABody);
        var (share, full) = shares.Begin(key.Wallet);
        if (share is null) return (null, full, CallShares.AgainIn);
        var isPacked = http.Request.Headers.ContentEncoding.Count > 0;
        if (isPacked) await share.BeginInflatingAsync(http.RequestAborted);
        try
        {
            var (body, noBody) = await CallerBody.ReadAsync(http.Request, mostBytes, share, http.RequestAborted);
            if (body is null)
                return (null, policy?.Limits(noBody!) ?? noBody,
                    noBody!.Refusal == GatewayRefusals.BodiesInFlight ? CallShares.AgainIn : null);
            return Read(new Asked(api, model, body, BetasOf(http.Request, api.Dialect)), key, policy);
        }
        finally
        {
            if (isPacked) share.EndInflating();
        }
    }

    private (TakenCall? Call, Refused? Refused, TimeSpan? RetryAfter) Read(in Asked asked, ApiKey key, Policy? policy)
    {
        TakenCall? taken = null;
        try
        {
            taken = Take(asked, key, policy, out var refused);
            TimeSpan? retryAfter = null;
            if (taken is { } rated && policy is { Rates.Count: > 0 } && !asked.Api.IsFree)
                (taken, refused, retryAfter) = Rated(rated, policy);
            return (taken, refused, retryAfter);
        }
        finally
        {
            if (taken is null) asked.Body.Dispose(); // with what it takes of the node
        }
    }

    private (TakenCall? Call, Refused? Refused, TimeSpan? RetryAfter) Rated(TakenCall taken, Policy policy)
    {
        var call = taken.ToCall();
        var (ticket, refused, wait) = policies.Rates.Take(
            policy.Rates, taken.Key.Wallet, taken.Plan.Named, call.TokensAtMost(call.OutputCap));
        return ticket is null ? (null, refused, wait) : (taken with { Rates = ticket }, null, null);
    }

    /// <summary>
    /// The caller's key, from any provider's header: the first that is one of ours, whatever stands beside it.
    /// </summary>
    public async ValueTask<(ApiKey? Key, Refused? Refused)> KeyOfAsync(HttpContext http)
    {
        var presented = 0;
        Refused? hasLeft = null;
        foreach (var candidate in KeyHeaders.Presented(http.Request.Headers))
        {
            presented++;
            if (await keys.FindAsync(candidate, http.RequestAborted) is { } key) return (key, null);
            hasLeft ??= keys.WhyNot(candidate);
        }

        return (null, hasLeft ?? (presented == 0
            ? GatewayRefusals.MissingKey.With("The request carries no key.")
            : GatewayRefusals.BadKey.With("The key is not valid.")));
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

    private TakenCall? Take(in Asked asked, ApiKey key, Policy? policy, out Refused? refused)
    {
        var (api, model, body, betas) = asked;
        var rules = policy is { Members.Count: > 0 } ? _rules with { Members = policy.Members } : _rules;
        if (!api.Dialect.TryRead(api, model, body.Bytes.Span, rules, out var facts, out refused)) return null;
        facts.AskedWindow = Math.Max(facts.AskedWindow, api.Dialect.WindowIn(betas));

        var now = clock.GetUtcNow();
        var models = new ModelRules(book, now, key, policy, body.Bytes);
        (var price, refused) = models.Find(facts);
        if (price is null) return null;
        if (providers.Find(price.Provider) is not { } serving)
        {
            refused = GatewayRefusals.ProviderUnconfigured.With($"'{price.Provider}' serves '{facts.Model}'.");
            return null;
        }

        refused = serving.Dialect != api.Dialect
            ? GatewayRefusals.WrongDialect.With($"'{facts.Model}' is not served at {api.Path}.")
            : MediaRules.Unpriced(facts, price);
        if (refused is not null) return null;
        (var plan, refused) = models.Plan(facts, price);
        if (plan is null) return null;

        // Free only where every model is that may run.
        var isFree = policy is { ZeroRated.Count: > 0 } && plan.Named.All(m => policy.IsZeroRated(m.Name, m.Price));
        return new TakenCall(key, body, facts, price, serving, book.TokenValueAt(now), isFree)
        {
            Plan = plan, SetsTier = models.SetsTier(plan),
        };
    }
}
