using System.Text;
using Guerdon.Dialects.Gemini;
using Guerdon.Gateway.Forwarding;
using Guerdon.Providers;
using Guerdon.Unit.Dialects;
using Microsoft.Extensions.Options;

namespace Guerdon.Unit.Providers;

/// <summary>Providers that are replaced while calls go on, and what their answers say of the company's key.</summary>
public sealed class ProviderSetTests
{
    private static readonly ProviderOptions One = new() { BaseUrl = "https://one.example", ApiKey = "sk-1" };

    private static Dictionary<string, ProviderOptions> Named(params (string Name, ProviderOptions Settings)[] all) =>
        all.ToDictionary(one => one.Name, one => one.Settings);

    private static ProviderSet Of(TimeProvider clock, params (string Name, ProviderOptions Settings)[] all)
    {
        var options = new GatewayOptions { Providers = Named(all) };
        return new ProviderSet(Options.Create(options), clock);
    }

    [Fact]
    public void Replace_CallInFlight_KeepsItsProviderUntilItEnds()
    {
        var clock = new Clock();
        using var set = Of(clock, ("openai", One));
        var group = set.Find("openai")!;
        var call = new Attempts(group, new GatewayOptions(), Guid.Empty);
        var becomes = Named(("openai", One with { ApiKey = "sk-2" }));

        set.Replace(becomes);
        Assert.NotSame(group, set.Find("OpenAI"));
        clock.Now += TimeSpan.FromMinutes(10);
        set.Replace(becomes);
        Assert.Equal(1, set.Waiting);

        call.Dispose();
        set.Replace(becomes);
        Assert.Equal(0, set.Waiting);
    }

    [Fact]
    public void Replace_CallThatJustFoundIt_HasTimeToBeCounted()
    {
        var clock = new Clock();
        using var set = Of(clock, ("openai", One));
        set.Replace(Named());
        Assert.Null(set.Find("openai"));
        Assert.Equal(1, set.Waiting);
        clock.Now += TimeSpan.FromSeconds(31);
        set.Replace(Named());
        Assert.Equal(0, set.Waiting);
    }

    [Fact]
    public void Replace_OthersChange_TheSameKeepsItsConnectionsAndHealth()
    {
        var clock = new Clock();
        using var set = Of(clock, ("openai", One));
        var kept = set.Named("openai");
        set.Replace(Named(("openai", One with { }), ("spare", One with { Serves = "openai", Weight = 0 })));
        Assert.Equal<Provider>([kept!, set.Named("spare")!], set.Find("openai")!.Members);
        clock.Now += TimeSpan.FromMinutes(1);
        set.Replace(Named(("openai", One)));
        Assert.Same(kept, set.Named("openai"));
        clock.Now += TimeSpan.FromMinutes(1);
        set.Replace(Named(("openai", One)));
        Assert.Equal(0, set.Waiting);
    }

    [Fact]
    public void Health_FirstKeyRefused_SecondIsTakenUntilTheFirstIs()
    {
        var health = new KeyHealth(new Clock());
        health.NoteTaken(isOfSecond: true);
        Assert.NotNull(health.SecondSince);
        health.NoteTaken(isOfSecond: false);
        Assert.Null(health.SecondSince);
    }

    [Theory]
    [InlineData("""{"error":{"code":400,"details":[{"@type":"x"},{"reason":"API_KEY_INVALID"}]}}""", true)]
    [InlineData("""{"error":{"code":400,"message":"API_KEY_INVALID","details":[{"reason":"OTHER"}]}}""", false)]
    [InlineData("""{"error":{"code":400,"details":[{"reason":7}]}}""", false)]
    [InlineData("""{"error":"API_KEY_INVALID"}""", false)]
    [InlineData("""[{"error":{}}]""", false)]
    [InlineData("API_KEY_INVALID", false)]
    [InlineData("", false)]
    public void GeminiKeyAnswer_OnlyTheReason_IsOfTheKey(string body, bool isOfKey) =>
        Assert.Equal(isOfKey, GeminiKeyAnswer.IsOfKey(Encoding.UTF8.GetBytes(body)));

    [Theory]
    [InlineData("openai", true)]
    [InlineData("google-ai-studio", true)]
    [InlineData("a.b_c-1", true)]
    [InlineData("", false)]
    [InlineData("-a", false)]
    [InlineData("A", false)]
    [InlineData("a/b", false)]
    [InlineData("a\n", false)]
    [InlineData(null, false)]
    public void IsName_Name_IsPlain(string? name, bool isName) => Assert.Equal(isName, ProviderRules.IsName(name));

    [Theory]
    [InlineData("sk-0123456789abcdef", "cdef")]
    [InlineData("short-key", "")]
    public void Mark_OfAKey_TellsLittle(string key, string hint)
    {
        var mark = KeyMark.Of(key);
        Assert.Equal((hint, 12), (mark.Hint, mark.Fingerprint.Length));
        Assert.NotEqual(mark.Fingerprint, KeyMark.Of(key + "x").Fingerprint);
    }

    [Fact]
    public void Join_LeftOut_StaysAndANewKeyReplacesAll()
    {
        var was = new ProviderRow("p", 1, "set", "Gemini", "https://one.example", "google", 3, "", default, "");
        var old = new ProviderOptions
        {
            Dialect = Spoken.Gemini, BaseUrl = was.BaseUrl, Serves = "google", Weight = 3, ApiKey = "a",
            SecondKey = "b",
        };
        Assert.Equal(old, SetProvider.Join(new(null, null, null, null, null), was, old).Settings);
        Assert.Equal(old with { Weight = 0 }, SetProvider.Join(new(null, null, null, 0, null), was, old).Settings);
        Assert.Equal(old with { ApiKey = "c", SecondKey = "" },
            SetProvider.Join(new(null, null, null, null, "c"), was, old).Settings);
    }

    [Fact]
    public void Text_OfWhatHoldsKeys_HasNone()
    {
        const string key = "sk-secret";
        Assert.DoesNotContain(key, new SetProvider.Request("OpenAi", "https://a", null, 1, key).ToString(),
            StringComparison.Ordinal);
        Assert.DoesNotContain(key, new RotateProvider.Request(key, 1).ToString(), StringComparison.Ordinal);
        Assert.DoesNotContain(key, (One with { ApiKey = key, SecondKey = key }).ToString(), StringComparison.Ordinal);
    }

    private sealed class Clock : TimeProvider
    {
        public DateTimeOffset Now { get; set; } = DateTimeOffset.UnixEpoch.AddYears(50);

        public override DateTimeOffset GetUtcNow() => Now;

        public override long GetTimestamp() => Now.UtcTicks;

        public override long TimestampFrequency => TimeSpan.TicksPerSecond;
    }
}
