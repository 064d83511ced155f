using Guerdon.Bounds.Plans;
using Guerdon.Dialects.Calls;
using Guerdon.Dialects.Readings;
using Guerdon.Gateway.Admission;
using Guerdon.Gateway.Forwarding;
using Guerdon.Gateway.Keys;
using Guerdon.Kernel;
using Guerdon.Pricing.Costing;
using Guerdon.Relay.Answers;
using Guerdon.Unit.Dialects;

namespace Guerdon.Unit.Gateway;

/// <summary>What a call may still cost whose provider nobody listens to any more.</summary>
public class WorstUsageTests
{
    private const long InputBound = 1_000, OutputCap = 100;
    private const string Plain = """{"model":"m","messages":[]}""";

    // By the class that is the dearest; a nano-USD is a milli-token.
    private static readonly (Rates Rates, Usage Input)[] Dearest =
    [
        (new(5, 1, 2, 3, 1), new(InputBound, 0, 0, 0, 0, 0)),
        (new(1, 0, 5, 2, 1), new(0, 0, InputBound, 0, 0, 0)),
        (new(1, 0, 2, 5, 1), new(0, 0, 0, InputBound, 0, 0)),
    ];

    private static Price PriceOf(Rates rates)
    {
        var million = rates with
        {
            Input = rates.Input * 1_000_000,
            CachedInput = rates.CachedInput * 1_000_000,
            CacheWrite5m = rates.CacheWrite5m * 1_000_000,
            CacheWrite1h = rates.CacheWrite1h * 1_000_000,
            Output = rates.Output * 1_000_000,
            AudioInput = rates.AudioInput * 1_000_000,
            ImageInput = rates.ImageInput * 1_000_000,
            AudioOutput = rates.AudioOutput * 1_000_000,
            ImageOutput = rates.ImageOutput * 1_000_000,
        };
        return new(Guid.Empty, "m", "p", DateTimeOffset.UnixEpoch, million, null, null, 100_000, 10_000, Usd.Zero, "t");
    }

    private static MeasuredUsage Of(CallFacts call, Rates rates, UsageReading reading = default)
    {
        var price = PriceOf(rates);
        var plan = new CallPlan(call, [new PlannedModel("m", price, default)], []);
        var key = new ApiKey { Id = default, Wallet = default };
        var planned = new PlannedCall(key, price, 1_000, "m", InputBound, OutputCap, 1, null, false, plan);
        var hold = new Hold(null!, null!, planned, default, default, Tokens.Zero, OutputCap);
        return WorstUsage.Of(reading, call, hold);
    }

    private static CallFacts Gemini(string body)
    {
        var result = Spoken.Gemini.ReadCall(Apis.GenerateContent, "m", Make.Utf8(body), ReadingRules.None);
        Assert.True(result.Is(out var call, out var refused), refused?.ToString());
        return call;
    }

    [Fact]
    public void Of_AnAnswerThatToldNothing_IsAllInTheDearestClass()
    {
        foreach (var (rates, input) in Dearest)
            Assert.Equal(new MeasuredUsage(input with { Output = OutputCap }, IsEstimate: true),
                Of(Make.Call(Apis.Chat, Plain), rates));
    }

    [Theory]
    [InlineData(10, 4, 3, 3L)]
    [InlineData(1, 0, 0, 1L)] // the least that is something
    [InlineData(0, 1, 0, null)] // nothing read at the full price, and nothing of it from the cache
    [InlineData(0, 0, 0, null)]
    public void Of_AnAnswerThatToldItsInput_IsThatAndTheOutputOfTheHold(
        long input, long cached, long written, long? full)
    {
        var reading = new UsageReading { HasInput = true, Input = input, CacheRead = cached, CacheWrite = written };
        var isTold = input + cached + written > 0;
        var usage = !isTold ? new Usage(InputBound, 0, 0, 0, OutputCap, 0)
            : new Usage(full ?? 0, Math.Min(cached, input), Math.Min(written, input), 0, OutputCap, 0);
        Assert.Equal(usage, Of(Make.Call(Apis.Chat, Plain), Dearest[0].Rates, reading).Usage);
        // Not told to its end: it stays what is held.
        Assert.Equal(InputBound, Of(Make.Call(Apis.Chat, Plain), Dearest[0].Rates, reading with { HasInput = false })
            .Usage.Input);
    }

    [Fact]
    public void Of_AToolOfTheProviders_MayMakeTheInputGrow()
    {
        var reading = new UsageReading { HasInput = true, Input = 10 };
        const string tool = """,{"type":"bash_20250124","name":"bash"}""";
        foreach (var (tools, input) in ((string, long)[])[("", 10), (tool, InputBound)])
        {
            var body = $$"""{"model":"m","max_tokens":9,"messages":[],"tools":[{"name":"a"}{{tools}}]}""";
            Assert.Equal(input, Of(Make.Call(Apis.Messages, body), Dearest[0].Rates, reading).Usage.TotalInput);
        }
    }

    [Fact]
    public void Of_ACallWithPictures_MayBeAllPictures()
    {
        var body = """{"model":"m","messages":[{"role":"user","content":[{"type":"image_url","image_url":"""
            + """{"url":"data:image/png;base64,AAAA"}}]}]}""";
        var rates = new Rates(1, 1, 1, 1, 1) { ImageInput = 7, AudioInput = 9, AudioOutput = 9, ImageOutput = 9 };
        Assert.Equal(new Usage(InputBound, 0, 0, 0, OutputCap, 0) { ImageInput = InputBound },
            Of(Make.Call(Apis.Chat, body), rates).Usage);
        // Without a picture, no medium beside text is asked for.
        Assert.False(Of(Make.Call(Apis.Chat, Plain), rates).Usage.HasMedia);
    }

    // Gemini answers in any medium unless the call names which.
    [Theory]
    [InlineData(7, 6, true)]
    [InlineData(6, 7, false)]
    public void Of_AnAnswerInAnyMedium_IsInTheDearest(long audio, long image, bool isAudio)
    {
        var rates = new Rates(1, 1, 1, 1, 1) { AudioOutput = audio, ImageOutput = image };
        var call = Gemini("""{"contents":[]}""");
        var usage = Of(call, rates).Usage;
        Assert.Equal((OutputCap, isAudio ? OutputCap : 0, isAudio ? 0 : OutputCap),
            (usage.Output, usage.AudioOutput, usage.ImageOutput));
        var reading = new UsageReading { HasInput = true, Input = 10 };
        Assert.Equal(usage with { Input = 10 }, Of(call, rates, reading).Usage); // also where the input is told
    }

    [Fact]
    public void Of_AnInputThatMayBeAudio_IsAudioWhereThatIsDearest()
    {
        var call = Gemini("""{"contents":[{"parts":[{"fileData":{"fileUri":"x"}}]}]}""");
        var rates = new Rates(1, 1, 1, 1, 1) { AudioInput = 8, ImageInput = 7 };
        Assert.Equal((InputBound, 0), (Of(call, rates).Usage.AudioInput, Of(call, rates).Usage.ImageInput));
        Assert.Equal(InputBound, Of(call, rates with { AudioInput = 6 }).Usage.ImageInput);
    }
}
