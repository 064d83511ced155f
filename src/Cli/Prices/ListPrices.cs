using Guerdon.Client;
using Guerdon.Terminal;
using Guerdon.Terminal.Parsing;
using Guerdon.Terminal.Tables;
using Guerdon.Terminal.Writing;

namespace Guerdon.Cli.Prices;

/// <summary><c>guerdon prices</c>: the price book as it holds now.</summary>
internal static class ListPrices
{
    internal sealed record Reply(DateTimeOffset At, long TokenValueNanos, IReadOnlyList<Price> Prices);

    internal sealed record Price(
        string Model, string Provider, Rates Base, long? TierOverTokens = null, Rates? Tier = null,
        string ServiceTier = Standard, Fees? Fees = null);

    private const string Standard = "Standard";

    /// <summary>Nano-USD for each use; null: not priced.</summary>
    internal sealed record Fees(
        long? WebSearchNanos = null, long? WebFetchNanos = null, long? CodeExecutionNanos = null,
        long? FileSearchNanos = null, long? GroundedPromptNanos = null, long? MapsPromptNanos = null,
        long? ImageGenerationNanos = null);

    /// <summary>Nano-USD per million tokens.</summary>
    internal sealed record Rates(
        long InputNanosPerMillion, long CachedInputNanosPerMillion, long CacheWrite5mNanosPerMillion,
        long CacheWrite1hNanosPerMillion, long OutputNanosPerMillion, long? AudioInputNanosPerMillion = null,
        long? ImageInputNanosPerMillion = null, long? AudioOutputNanosPerMillion = null,
        long? ImageOutputNanosPerMillion = null);

    public static Verb Build() =>
        new Verb("prices", "List the models and what they cost now.", "guerdon prices", "guerdon prices --json")
            .Does(async (call, ct) =>
            {
                var answer = await call.GetAsync("Listing prices", "api/v1/prices", ct);
                return call.Show(answer, PricesJson.Default.ListPricesReply, reply => Show(call.Output, reply));
            });

    private static int Show(Output output, Reply reply)
    {
        output.Line(
            $"USD per million tokens at {Shown.Time(reply.At)}; compute tokens are worth"
            + $" {Shown.Rate(reply.TokenValueNanos)}.");
        output.Line();
        var table = new TextTable().Left("Model").Left("Provider").Right("Input").Right("Cached").Right("Write 5 min")
            .Right("Write 1 h").Right("Output");
        foreach (var price in reply.Prices)
        {
            var name = price.ServiceTier == Standard
                ? price.Model : $"{price.Model} ({price.ServiceTier.ToLowerInvariant()})";
            Row(table, name, price.Provider, price.Base);
            var own = price.Base;
            if (price.Tier is not null)
                Row(table, $"  over {price.TierOverTokens:#,0} tokens", price.Provider, price.Tier);
            Media(table, "  audio", price.Provider, own.AudioInputNanosPerMillion, own.AudioOutputNanosPerMillion);
            Media(table, "  pictures", price.Provider, own.ImageInputNanosPerMillion, own.ImageOutputNanosPerMillion);
        }

        output.Table(table);
        ShowFees(output, reply);
        return ExitCodes.Done;
    }

    // What is not priced stays blank, since calls that ask for it are refused or marked.
    private static void ShowFees(Output output, Reply reply)
    {
        var priced = reply.Prices.Where(p => p.Fees is not null && p.ServiceTier == Standard).ToList();
        if (priced.Count == 0) return;
        output.Line();
        output.Line("USD for each use of the provider's own tools.");
        output.Line();
        var table = new TextTable().Left("Model").Right("Search").Right("Fetch").Right("Files").Right("Code")
            .Right("Grounded prompt").Right("Maps").Right("Picture");
        foreach (var (model, fees) in priced.Select(p => (p.Model, p.Fees!)))
            table.Row(
                model, Fee(fees.WebSearchNanos), Fee(fees.WebFetchNanos), Fee(fees.FileSearchNanos),
                Fee(fees.CodeExecutionNanos), Fee(fees.GroundedPromptNanos), Fee(fees.MapsPromptNanos),
                Fee(fees.ImageGenerationNanos));

        output.Table(table);
    }

    private static string Fee(long? nanos) => nanos is { } fee ? Money(fee) : "";

    private static void Row(TextTable table, string model, string provider, Rates rates) => table.Row(
        model, provider, Money(rates.InputNanosPerMillion), Money(rates.CachedInputNanosPerMillion),
        Money(rates.CacheWrite5mNanosPerMillion), Money(rates.CacheWrite1hNanosPerMillion),
        Money(rates.OutputNanosPerMillion));

    // A row of its own, since only some models have a price of their own for it.
    private static void Media(TextTable table, string name, string provider, long? input, long? output)
    {
        if (input is null && output is null) return;
        table.Row(name, provider, input is { } i ? Money(i) : "", "", "", "", output is { } o ? Money(o) : "");
    }

    private static string Money(long nanos) => Shown.Price(nanos);
}
