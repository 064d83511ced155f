using System.Text;
using Guerdon.Pricing.Costing;
using Guerdon.Pricing.PriceImports;

namespace Guerdon.Unit.Pricing;

public sealed class LiteLlmFileTests
{
    // Entries as the list has them, with the members that matter and some that do not.
    private const string List = """
        {
          "sample_spec": {"litellm_provider": "one of https://docs.example/providers", "mode": "one of: chat, …",
                          "input_cost_per_token": 0.0, "max_tokens": "LEGACY parameter"},
          "gpt-5.4": {
            "cache_read_input_token_cost": 2.5e-07, "cache_read_input_token_cost_above_272k_tokens": 5e-07,
            "cache_read_input_token_cost_priority": 5e-07,
            "input_cost_per_token": 2.5e-06, "input_cost_per_token_above_272k_tokens": 5e-06,
            "input_cost_per_token_above_272k_tokens_priority": 1e-05, "input_cost_per_token_flex": 1.25e-06,
            "litellm_provider": "openai", "max_input_tokens": 1050000, "max_output_tokens": 128000,
            "max_tokens": 128000, "mode": "chat", "output_cost_per_token": 1.5e-05,
            "output_cost_per_token_above_272k_tokens": 2.25e-05, "supported_endpoints": ["/v1/chat/completions"],
            "search_context_cost_per_query": {"search_context_size_low": 0.01}
          },
          "claude-sonnet-4-5": {
            "cache_creation_input_token_cost": 3.75e-06, "cache_creation_input_token_cost_above_1hr": 6e-06,
            "cache_read_input_token_cost": 3e-07, "input_cost_per_token": 3e-06,
            "input_cost_per_token_above_200k_tokens": 6e-06, "output_cost_per_token_above_200k_tokens": 2.25e-05,
            "cache_creation_input_token_cost_above_200k_tokens": 7.5e-06,
            "cache_creation_input_token_cost_above_1hr_above_200k_tokens": 1.2e-05,
            "cache_read_input_token_cost_above_200k_tokens": 6e-07, "litellm_provider": "anthropic",
            "max_input_tokens": 200000, "max_output_tokens": 64000, "mode": "chat", "output_cost_per_token": 1.5e-05
          },
          "gemini/gemini-2.5-flash-lite": {
            "input_cost_per_token": 1e-07, "output_cost_per_token": 4e-07, "output_cost_per_reasoning_token": 0.0000004,
            "litellm_provider": "gemini", "max_input_tokens": 1048576, "max_output_tokens": 65535, "mode": "chat"
          },
          "text-embedding-3-small": {"input_cost_per_token": 2e-08, "output_cost_per_token": 0.0, "max_tokens": 8191,
            "litellm_provider": "openai", "max_input_tokens": 8191, "mode": "embedding"},
          "vertex_ai/gemini-2.5-flash-lite": {"litellm_provider": "vertex_ai-language-models", "mode": "chat"},
          "azure/gpt-5.4": {"litellm_provider": "azure", "mode": "chat", "input_cost_per_token": 2.5e-06},
          "us/claude-sonnet-4-5": {"litellm_provider": "anthropic", "mode": "chat", "input_cost_per_token": 3.3e-06},
          "dall-e-3": {"litellm_provider": "openai", "mode": "image_generation", "input_cost_per_pixel": 1e-08},
          "tts-1": {"litellm_provider": "openai", "mode": "audio_speech", "input_cost_per_character": 1.5e-05},
          "dashscope/qwen-plus": {"litellm_provider": "dashscope", "mode": "chat", "tiered_pricing": [{}]},
          "deepseek/deepseek-odd": {"litellm_provider": "deepseek", "mode": "chat", "max_tokens": 1000,
            "input_cost_per_token": 1.4999999999999999e-07, "output_cost_per_token": 1e-06}
        }
        """;

    private static async Task<Listing> ReadAsync(string json, int atOnce = int.MaxValue)
    {
        using var text = new Trickle(Encoding.UTF8.GetBytes(json), atOnce);
        return await LiteLlmFile.ReadAsync(text, "litellm test", _ => null, TestContext.Current.CancellationToken);
    }

    [Fact]
    public async Task Read_List_TakesTextModelsOfKnownProvidersExactly()
    {
        var list = await ReadAsync(List);

        Assert.Empty(list.Errors);
        var prices = list.Prices.ToDictionary(p => p.Model);
        Assert.Equal(["claude-sonnet-4-5", "gemini-2.5-flash-lite", "gpt-5.4", "text-embedding-3-small"], prices.Keys);
        Assert.Equal(
            new Price(
                Guid.Empty, "claude-sonnet-4-5", "anthropic", default,
                new(3_000_000_000, 300_000_000, 3_750_000_000, 6_000_000_000, 15_000_000_000), 200_000,
                new(6_000_000_000, 600_000_000, 7_500_000_000, 12_000_000_000, 22_500_000_000), 200_000, 64_000,
                default, "litellm test"),
            prices["claude-sonnet-4-5"]);
        Assert.Equal((272_000, new Rates(5_000_000_000, 500_000_000, 5_000_000_000, 5_000_000_000, 22_500_000_000)),
            (prices["gpt-5.4"].TierOver!.Value, prices["gpt-5.4"].Tier!));
        Assert.Equal(("google-ai-studio", 100_000_000, 65_535), (prices["gemini-2.5-flash-lite"].Provider,
            prices["gemini-2.5-flash-lite"].Base.CachedInput, prices["gemini-2.5-flash-lite"].MaxOutputTokens));
        Assert.Equal(new Rates(20_000_000, 20_000_000, 20_000_000, 20_000_000, 0),
            prices["text-embedding-3-small"].Base);
    }

    [Fact]
    public async Task Read_FeesAndTiers_AreExactRowsOfTheirOwn()
    {
        var list = await ReadAsync("""
            {"gpt-5": {"litellm_provider": "openai", "mode": "chat", "max_input_tokens": 400000,
              "input_cost_per_token": 1.25e-06, "output_cost_per_token": 1e-05, "cache_read_input_token_cost": 1.25e-07,
              "input_cost_per_token_flex": 6.25e-07, "output_cost_per_token_flex": 5e-06,
              "cache_read_input_token_cost_flex": 6.25e-08,
              "input_cost_per_token_priority": 2.5e-06, "output_cost_per_token_priority": 2e-05,
              "input_cost_per_token_batches": 6.25e-07,
              "search_context_cost_per_query": {"search_context_size_low": 0.01, "search_context_size_medium": 0.025,
                "search_context_size_high": 0.02},
              "file_search_cost_per_1k_calls": 2.5, "code_interpreter_cost_per_session": 0.03},
             "gemini/gemini-2.5-flash": {"litellm_provider": "gemini", "mode": "chat", "max_input_tokens": 1048576,
              "input_cost_per_token": 3e-07, "output_cost_per_token": 2.5e-06,
              "search_context_cost_per_query": {"search_context_size_medium": 0.035}}}
            """);

        Assert.Empty(list.Errors);
        Assert.Equal(
            [
                ("gemini-2.5-flash", ServiceTier.Standard), ("gpt-5", ServiceTier.Standard),
                ("gpt-5", ServiceTier.Flex), ("gpt-5", ServiceTier.Priority),
            ],
            list.Prices.Select(p => (p.Model, p.ServiceTier)));
        Assert.Equal(new Fees { GroundedPrompt = 35_000_000 }, list.Prices[0].Fees);
        // Of several sizes the dearest: a record does not tell them apart.
        var fees = new Fees { WebSearch = 25_000_000, FileSearch = 2_500_000, CodeExecution = 30_000_000 };
        Assert.All(list.Prices.Skip(1), p => Assert.Equal(fees, p.Fees));
        Assert.Equal(
            new Rates(625_000_000, 62_500_000, 625_000_000, 625_000_000, 5_000_000_000), list.Prices[2].Base);
        Assert.Equal((2_500_000_000, 20_000_000_000), (list.Prices[3].Base.Input, list.Prices[3].Base.Output));
    }

    [Fact]
    public async Task Read_List_CountsWhatItLeavesOutByReason()
    {
        var skips = (await ReadAsync(List)).Skips;

        Assert.Equal(
            [
                (2, "a provider that the book does not have", "vertex_ai/gemini-2.5-flash-lite"),
                (1, "a price finer than a nano-USD per million tokens", "deepseek/deepseek-odd"),
                (1, "a route, region or speed of its own", "us/claude-sonnet-4-5"),
                (1, "mode audio_speech, not text", "tts-1"), (1, "mode image_generation, not text", "dall-e-3"),
                (1, "not priced by input and output tokens", "dashscope/qwen-plus"),
                (1, "the layout's own sample", "sample_spec"),
            ],
            skips.Select(s => (s.Count, s.Reason, s.Examples[0])));
    }

    [Fact]
    public async Task Read_Media_AreTakenWithTheirPrices()
    {
        var list = await ReadAsync("""
            {"speaker": {"litellm_provider": "openai", "mode": "chat", "max_input_tokens": 128000,
               "input_cost_per_token": 2.5e-06, "output_cost_per_token": 1e-05, "input_cost_per_audio_token": 4e-05,
               "output_cost_per_audio_token": 8e-05},
             "painter": {"litellm_provider": "openai", "mode": "image_generation", "max_input_tokens": 32000,
               "input_cost_per_token": 5e-06, "input_cost_per_image_token": 1e-05,
               "output_cost_per_image_token": 4e-05},
             "windowless": {"litellm_provider": "openai", "mode": "image_generation",
               "input_cost_per_token": 5e-06, "output_cost_per_image_token": 4e-05},
             "by-the-picture": {"litellm_provider": "openai", "mode": "image_generation",
               "input_cost_per_token": 5e-06, "output_cost_per_image": 0.04}}
            """);

        Assert.Empty(list.Errors);
        var prices = list.Prices.ToDictionary(p => p.Model, p => p.Base);
        Assert.Equal(["painter", "speaker"], prices.Keys);
        Assert.Equal(
            new Rates(2_500_000_000, 2_500_000_000, 2_500_000_000, 2_500_000_000, 10_000_000_000)
            {
                AudioInput = 40_000_000_000, AudioOutput = 80_000_000_000,
            },
            prices["speaker"]);
        // Text that it writes is never free: it costs as much as its pictures.
        Assert.Equal((40_000_000_000, 40_000_000_000, 10_000_000_000),
            (prices["painter"].Output, prices["painter"].ImageOutput!.Value, prices["painter"].ImageInput!.Value));
        Assert.Equal(["mode image_generation, not text", "no context window"], list.Skips.Select(s => s.Reason));
    }

    [Theory]
    [InlineData(1)]
    [InlineData(7)]
    [InlineData(100)]
    public async Task Read_InPieces_IsTheSameList(int atOnce)
    {
        var (whole, pieces) = (await ReadAsync("\uFEFF" + List), await ReadAsync("\uFEFF" + List, atOnce));

        Assert.Equal(whole.Prices, pieces.Prices);
        Assert.Equal(4, pieces.Prices.Count);
        Assert.Equal((8, 0), (pieces.Skips.Sum(s => s.Count), pieces.ErrorCount));
    }

    [Theory]
    [InlineData("{\n \"a\": {\"mode\": }\n}", 2, "At character 16: ")]
    [InlineData("{\n \"a\": {\n  \"mode\": \"chat\"", 3, "At character")]
    [InlineData("[1]", 1, "not an object with a member for each model")]
    [InlineData("", 1, "At character 1: ")]
    [InlineData("{} x", 1, "At character 4: ")]
    [InlineData("not json", 1, "At character 2: ")]
    public async Task Read_NoJson_NamesThePlace(string json, int line, string reason)
    {
        foreach (var atOnce in (int[])[1, 1_000])
        {
            var error = Assert.Single((await ReadAsync(json, atOnce)).Errors);
            Assert.Equal(line, error.Line);
            Assert.Contains(reason, error.Reason, StringComparison.Ordinal);
        }
    }

    [Theory]
    [InlineData("\"3e-06\"", "is '3e-06', not a number of USD per token from 0 (at character 38).")]
    [InlineData("-3e-06", "is -3e-06, not a number")]
    [InlineData("true", "is 'true', not a number")]
    [InlineData("1e30", "is 1e30, too large")]
    public async Task Read_WrongMember_NamesModelMemberAndPlace(string value, string reason)
    {
        var list = await ReadAsync($$"""
            {
              "good": {"litellm_provider": "openai", "mode": "chat", "max_tokens": 9,
                       "input_cost_per_token": 1e-06, "output_cost_per_token": 1e-06},
              "bad": {"litellm_provider": "openai", "mode": "chat", "max_tokens": -1,
                         "input_cost_per_token": {{value}}, "output_cost_per_token": 1e-06},
              "worse": 7
            }
            """);

        Assert.Equal(
            [(5, "bad.input_cost_per_token"), (4, "bad.max_tokens"), (6, "worse")],
            list.Errors.Select(e => (e.Line, e.Column!)));
        Assert.Contains(reason, list.Errors[0].Reason, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Read_SameModelTwice_IsAnErrorByOneNameAndThePlainerByTwo()
    {
        const string entry = """
            {"litellm_provider": "xai", "mode": "chat", "max_tokens": 9,
             "input_cost_per_token": 1e-06, "output_cost_per_token": 2e-06}
            """;

        Assert.Equal("The model stands in the file twice.",
            Assert.Single((await ReadAsync($"{{\"grok\": {entry}, \"grok\": {entry}}}")).Errors).Reason);
        var dearer = entry.Replace("2e", "3e", StringComparison.Ordinal);
        var two = await ReadAsync($"{{\"xai/grok\": {dearer}, \"grok\": {entry}}}");
        Assert.Equal((0, 2_000_000_000), (two.ErrorCount, Assert.Single(two.Prices).Base.Output));
        Assert.Equal(["xai/grok"], Assert.Single(two.Skips).Examples);
    }

    [Fact]
    public async Task Read_NoWindow_TakesTheBooks()
    {
        const string json = """
            {"m": {"litellm_provider": "openai", "mode": "chat",
                   "input_cost_per_token": 1e-06, "output_cost_per_token": 1e-06}}
            """;
        Assert.Equal("no context window", Assert.Single((await ReadAsync(json)).Skips).Reason);

        using var text = new MemoryStream(Encoding.UTF8.GetBytes(json));
        var known = CostTests.PriceOf(new(1, 1, 1, 1, 1));
        var list = await LiteLlmFile.ReadAsync(text, "test", _ => known, TestContext.Current.CancellationToken);
        Assert.Equal((1_000_000, 64_000),
            (Assert.Single(list.Prices).ContextTokens, list.Prices[0].MaxOutputTokens));
    }

    [Fact]
    public async Task Read_ModelOverAMegabyte_IsRefusedWithoutHoldingIt()
    {
        var error = Assert.Single((await ReadAsync(
            "{\n\"m\": {\"a\": \"" + new string('x', 3 << 20) + "\"}}", 1 << 16)).Errors);
        Assert.Contains("passes 1 MB", error.Reason, StringComparison.Ordinal);
    }

    // A network: it gives a few bytes at a time.
    private sealed class Trickle(byte[] bytes, int atOnce) : MemoryStream(bytes)
    {
        public override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default) =>
            base.ReadAsync(buffer[..Math.Min(buffer.Length, atOnce)], cancellationToken);
    }
}
