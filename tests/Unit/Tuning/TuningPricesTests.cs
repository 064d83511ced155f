using System.Text.Json.Nodes;
using Guerdon.Dialects;
using Guerdon.Gateway;
using Guerdon.Gateway.Admission;
using Guerdon.Gateway.Keys;
using Guerdon.Kernel;
using Guerdon.Policies;
using Guerdon.Pricing.Book;
using Guerdon.Pricing.Costing;
using Guerdon.Tuning;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;

namespace Guerdon.Unit.Tuning;

/// <summary>What a tuning job can cost at most, and whether it may be asked for at all.</summary>
public sealed class TuningPricesTests : IDisposable
{
    private static readonly DateTimeOffset Now = new(2026, 11, 21, 10, 0, 0, TimeSpan.Zero);
    private static readonly TuningFile File = new("file-1", "openai-eu", "a.jsonl", 1_000, Now.UtcDateTime);

    private readonly Clock _clock = new();
    private readonly CurrentPolicy _policies;
    private readonly TuningPrices _prices;

    public TuningPricesTests()
    {
        var book = new PriceBook(new PriceSnapshot(
        [
            Row("gpt-6-sol", "openai", 3_000_000_000), Row("gpt-5-mini", "OpenAI", 1), Row("unpriced", "openai", null),
            Row("claude", "anthropic", 1),
        ], [new TokenWorth(DateTimeOffset.UnixEpoch, 1_000)]));
        var options = Options.Create(new TuningOptions { AnswerWithin = TimeSpan.FromMinutes(1) });
        _policies = new(null!, null!, _clock, NullLogger<CurrentPolicy>.Instance);
        var escrow = new TuningEscrow(
            null!, null!, null!, null!, null!, Options.Create(new AdmissionOptions()), _clock);
        _prices = new(book, _policies, new TuningUpstream(null!, options, null!), escrow, _clock);
    }

    public void Dispose() => _policies.Dispose();

    private static Price Row(string model, string provider, long? training) =>
        new(Guid.NewGuid(), model, provider, DateTimeOffset.UnixEpoch, new Rates(1, 1, 1, 1, 1), null, null,
            100_000, 10_000, Usd.Zero, "test")
        { Training = training };

    private static TuningBody Ask(string model, int epochs = 3) =>
        new(model, "file-1", null, epochs, new JsonObject());

    private static TuningCaller Caller(Policy? policy = null, params string[] models) => new(
        new ApiKey { Id = default, Wallet = default, Models = models.Length == 0 ? null : models.ToHashSet() }, policy);

    [Theory]
    [InlineData(1_000, 3, 9_000_000)] // at 3,000 nano-USD each, in tokens worth 1,000
    [InlineData(1, 1, 3_000)]
    public void Of_AJob_HoldsEveryByteInEachEpoch(long bytes, int epochs, long milli)
    {
        var result = _prices.Of(Ask("gpt-6-sol", epochs), File with { Bytes = bytes }, Caller());
        Assert.True(result.Is(out var offer, out _));
        Assert.Equal(milli, offer.Job.Held.Milli);
        Assert.Equal(bytes * epochs, offer.Job.BoundTokens);
        Assert.Equal((epochs, 1_000L, "openai-eu", "file-1", "gpt-6-sol"), (offer.Job.Epochs,
            offer.Job.TokenValueNanos, offer.Job.Provider, offer.Job.FileId, offer.Job.Model));
        Assert.Equal(offer.Price.Id, offer.Job.PriceId);
        Assert.Equal((Now.UtcDateTime, Now.UtcDateTime.AddMinutes(2)), (offer.Job.CreatedAt, offer.Job.NextCheckAt));
    }

    public static TheoryData<string, object?, string, string?> Models()
    {
        var denies = new Policy { Models = new Approval([], ["gpt-6*"]) };
        return new()
        {
            { "gpt-6-sol", null, "", null },
            { "gpt-5-mini", null, "", null }, // a provider's name is read whatever its case
            { "gpt-7", null, "", DialectRefusals.UnknownModel.Code },
            { "claude", null, "", GatewayRefusals.WrongDialect.Code },
            { "unpriced", null, "", TuningRefusals.TrainingUnpriced.Code },
            { "gpt-6-sol", null, "gpt-5-mini", GatewayRefusals.ModelNotAllowed.Code },
            { "gpt-6-sol", null, "gpt-6-sol", null },
            { "gpt-6-sol-2026-01-01", null, "gpt-6-sol-2026-01-01", null }, // by the name that it was asked for by
            { "gpt-6-sol-2026-01-01", null, "gpt-6-sol", null }, // or by the row's
            { "gpt-6-sol", denies, "", PolicyRefusals.ModelNotApproved.Code },
            { "gpt-5-mini", denies, "", null },
        };
    }

    [Theory]
    [MemberData(nameof(Models))]
    public void Of_AModel_IsRefusedWhereItMayNotBeTrained(string model, object? policy, string scope, string? code)
    {
        var caller = Caller((Policy?)policy, scope.Split(' ', StringSplitOptions.RemoveEmptyEntries));
        Assert.Equal(code, _prices.Of(Ask(model), File, caller).Refused?.Refusal.Code);
    }

    [Theory]
    [InlineData("gpt-6*", 0)]
    [InlineData("gpt-5*", 9_000_000)]
    public void Of_AZeroRatedModel_HoldsNothing(string zeroRated, long milli)
    {
        var result = _prices.Of(Ask("gpt-6-sol"), File, Caller(new Policy { ZeroRated = [zeroRated] }));
        Assert.True(result.Is(out var offer, out _));
        Assert.Equal((milli, 3_000), (offer.Job.Held.Milli, offer.Job.BoundTokens));
    }

    [Fact]
    public void Of_ABoundThatNoNumberHolds_IsAnError() => Assert.Throws<OverflowException>(
        () => _prices.Of(Ask("gpt-6-sol", 2), File with { Bytes = long.MaxValue }, Caller()));

    [Fact]
    public void TakeRates_OfAJob_CountsItAndAllItsTokens()
    {
        var rule = new RateRule(1, RateScope.Person, [], 2, 7_000, TimeSpan.FromMinutes(1));
        var caller = Caller(new Policy { Rates = [rule] });
        Assert.True(_prices.Of(Ask("gpt-6-sol"), File, caller).Is(out var offer, out _));
        Assert.Null(_prices.TakeRates(offer, caller, out var first));
        Assert.Null(_prices.TakeRates(offer, caller, out var second));
        Assert.Equal((3_000, 3_000), (first!.InFlight, second!.InFlight));
        var refused = _prices.TakeRates(offer, caller, out var third); // a third call, and 9,000 tokens
        Assert.Equal(PolicyRefusals.RateLimited, refused!.Refusal);
        Assert.Null(third);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void TakeRates_WithoutARate_TakesNothing(bool hasPolicy)
    {
        var caller = Caller(hasPolicy ? new Policy() : null);
        Assert.True(_prices.Of(Ask("gpt-6-sol"), File, caller).Is(out var offer, out _));
        Assert.Null(_prices.TakeRates(offer, caller, out var ticket));
        Assert.Null(ticket);
        Assert.Equal(0, _policies.Rates.Count);
    }

    private sealed class Clock : TimeProvider
    {
        public override DateTimeOffset GetUtcNow() => Now;
    }
}
