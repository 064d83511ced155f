using System.Buffers;
using System.Diagnostics;
using System.Text;
using Guerdon.Bounds.Edits;
using Guerdon.Dialects.Calls;
using Guerdon.Dialects.Known;
using Guerdon.Dialects.Readings;
using Guerdon.Gateway.Keys;
using Guerdon.Kernel;
using Guerdon.Metering.Reconciliation;
using Guerdon.Metering.UsageImports;
using Guerdon.People.Employees;
using Guerdon.Plans;
using Guerdon.Policies;
using Guerdon.Pricing.PriceImports;
using Guerdon.Relay.Answers;
using Guerdon.Tuning;
using Guerdon.Unit.Architecture;
using Guerdon.Unit.Relay;
using Guerdon.Unit.Vesting;
using Guerdon.Vesting;

namespace Guerdon.Unit.Dialects;

/// <summary>
/// Every parser of foreign bytes, fed with broken ones: it answers or refuses, and neither throws, hangs nor grows. The
/// seed is fixed, so what fails once fails again.
/// </summary>
public sealed class FuzzTests
{
    private static readonly DateTimeOffset Now = new(2026, 11, 30, 0, 0, 0, TimeSpan.Zero);

    private const int Rounds = 3_000;
    private static readonly EstimateBasis Basis = new(400, 0, 1_000_000, 1_000_000);
    private const int SlowestMs = 2_000; // for one input; a quadratic parser takes far longer on the long ones

    private static readonly byte[][] Bodies =
    [
        """
        {"model":"gpt-5-mini","max_completion_tokens":256,"stream":true,"stream_options":{"include_usage":false},"n":2,
         "tools":[{"type":"function","function":{"name":"f","parameters":{}}}],
         "messages":[{"role":"user","content":[{"type":"text","text":"a"},
           {"type":"image_url","image_url":{"url":"data:image/png;base64,AAAA"}}]}]}
        """u8.ToArray(),
        """
        {"model":"claude-haiku-4-5","max_tokens":9,"system":"s","thinking":{"type":"enabled","budget_tokens":3},
         "messages":[{"role":"user","content":[{"type":"document","source":{"type":"base64","data":"AA"}}]}]}
        """u8.ToArray(),
        """
        {"model":"o3","input":[{"type":"reasoning","encrypted_content":"x"},{"id":"i"}],"max_output_tokens":null,
         "tools":[{"type":"web_search"}]}
        """u8.ToArray(),
        """
        {"contents":[{"role":"user","parts":[{"text":"a"},{"inlineData":{"mimeType":"image/png","data":"AA"}}]}],
         "generationConfig":{"maxOutputTokens":10,"candidateCount":1,"thinkingConfig":{"thinkingBudget":1}}}
        """u8.ToArray(),
        """
        {"model":"gpt-image-1","prompt":"a cat","n":2,"partial_images":1,"modalities":["text","audio"],
         "audio":{"voice":"a"},"messages":[{"content":[{"type":"input_audio","input_audio":{"data":"AA"}}]}],
         "contents":[{"parts":[{"inlineData":{"mimeType":"audio/wav","data":"AA"}}]}],
         "generationConfig":{"responseModalities":["AUDIO"]}}
        """u8.ToArray(),
    ];

    private static readonly byte[] Answer = """
        {"id":"x","choices":[{"message":{"content":"hello"}}],
         "usage":{"prompt_tokens":10,"prompt_tokens_details":{"cached_tokens":3,"audio_tokens":4,"image_tokens":9},
           "completion_tokens":5,"completion_tokens_details":{"reasoning_tokens":1,"audio_tokens":3,"image_tokens":3},
           "input_tokens":7,
           "cache_creation":{"ephemeral_5m_input_tokens":2},"output_tokens":4},
         "usageMetadata":{"promptTokenCount":4,"candidatesTokenCount":2,
           "promptTokensDetails":[{"modality":"AUDIO","tokenCount":3}],
           "candidatesTokensDetails":[{"modality":"IMAGE","tokenCount":2}]}}
        """u8.ToArray();

    private static readonly byte[] People = """
        email,name,team,employed_from,base_pay,currency
        ada@x.org,Ada,Eng/Core,2026-01-01,100000.00,USD
        """u8.ToArray();

    private static readonly byte[] Used = """
        at,model,input,output,person
        2026-01-01T00:00:00Z,gpt-5-mini,10,5,ada@x.org
        """u8.ToArray();

    private static readonly byte[] Reported = """
        {"object":"page","data":[{"object":"bucket","start_time":1763683200,"end_time":1763769600,"results":[
         {"object":"organization.usage.completions.result","input_tokens":1000,"output_tokens":500,
          "input_cached_tokens":800,"input_audio_tokens":0,"output_audio_tokens":0,"num_model_requests":5,
          "project_id":"proj_abc","user_id":null,"api_key_id":"key_abc","model":"gpt-5-mini","batch":false}]}],
         "has_more":false,"next_page":null}
        """u8.ToArray();

    private static readonly byte[] Tuned = """
        {"model":"gpt-4.1-mini","training_file":"file-abc","suffix":"mine","seed":7,"metadata":{"a":"b"},
         "method":{"type":"supervised","supervised":{"hyperparameters":{"n_epochs":3,"batch_size":"auto"}}}}
        """u8.ToArray();

    private static readonly byte[] Prices = """
        {"gpt-5-mini":{"litellm_provider":"openai","mode":"chat","input_cost_per_token":2.5e-07,
          "output_cost_per_token":2e-06,"max_input_tokens":400000,"max_output_tokens":128000}}
        """u8.ToArray();

    public static TheoryData<string> ApiNames => [.. Apis.All.Select(api => api.Name)];

    [Theory, MemberData(nameof(ApiNames))]
    public void Bodies_Broken_AreReadOrRefused(string name)
    {
        var api = Apis.All.Single(one => one.Name == name);
        var random = new Random(name.Length);
        for (var round = 0; round < Rounds; round++)
        {
            var body = Broken(Bodies[random.Next(Bodies.Length)], random);
            Within(body, () =>
            {
                var result = api.Dialect.ReadCall(api, "gemini-2.5-pro", body, ReadingRules.None);
                if (!result.Is(out var facts, out _)) return;
                // What goes out is as long as planned, and its edits lie inside the body.
                var edits = BodySplice.Plan(facts, cap: 16);
                Assert.All(edits, e => Assert.InRange(e.Offset + e.Removed, 0, body.Length));
                Assert.True(BodySplice.Length(body.Length, edits) >= 0);
            });
        }
    }

    [Fact]
    public void Streams_Broken_AreRelayedByteForByteAndNeverThrow()
    {
        var random = new Random(7);
        for (var round = 0; round < Rounds; round++)
        {
            var stream = SseStream.All[random.Next(SseStream.All.Length)];
            var bytes = Broken(Encoding.UTF8.GetBytes(stream.Text), random);
            Within(bytes, () =>
            {
                var output = new ArrayBufferWriter<byte>();
                var settled = 0;
                using var relay = new SseRelay(stream.Dialect, isArray: round % 5 == 0, hidesUsage: false, _ =>
                {
                    settled++;
                    return "{}"u8.ToArray();
                });
                for (var at = 0; at < bytes.Length;)
                {
                    var length = Math.Min(bytes.Length - at, random.Next(1, 400));
                    relay.Feed(bytes.AsSpan(at, length), output);
                    at += length;
                }

                relay.Complete(output);
                Assert.InRange(settled, 0, 1);
                // The report is all that is added, and nothing is lost.
                Assert.InRange(output.WrittenCount, bytes.Length, bytes.Length + 64);
            });
        }
    }

    [Fact]
    public void Answers_Broken_GiveCountsThatAreNotNegative()
    {
        var random = new Random(11);
        for (var round = 0; round < Rounds; round++)
        {
            var body = Broken(Answer, random);
            Within(body, () =>
            {
                foreach (var dialect in KnownDialects.All)
                {
                    var reading = new UsageReading();
                    AnswerReader.ReadBody(dialect, body, ref reading);
                    var tail = new AnswerTail();
                    tail.Add(body);
                    tail.Read(dialect, ref reading);
                    var usage = UsageRules.Final(dialect, reading, Basis).Usage;
                    Assert.True(usage is { Input: >= 0, CachedInput: >= 0, Output: >= 0 }
                        && usage.Reasoning <= usage.Output && usage.TextInput >= 0 && usage.TextOutput >= 0
                        && (usage.AudioInput | usage.ImageInput | usage.AudioOutput | usage.ImageOutput) >= 0,
                        $"{usage}: {Encoding.UTF8.GetString(body)}");
                }
            });
        }
    }

    [Fact]
    public async Task Files_Broken_GiveErrorsAndNoExceptions()
    {
        var random = new Random(13);
        var map = UsageMap.Parse("time=at,model=model,input=input,output=output,person=person").ValueOrDefault;
        Assert.NotNull(map);
        var ct = TestContext.Current.CancellationToken;
        for (var round = 0; round < Rounds / 3; round++)
        {
            await PeopleFile.ReadAsync(new MemoryStream(Broken(People, random)), ct);
            await UsageFile.ReadAsync(new MemoryStream(Broken(Used, random)), map, Now, ct);
            await LiteLlmFile.ReadAsync(new MemoryStream(Broken(Prices, random)), "fuzz", _ => null, ct);
        }
    }

    [Fact]
    public void Plans_Broken_GiveErrorsAndNoExceptions()
    {
        var random = new Random(17);
        var plan = File.ReadAllBytes(Path.Combine(Repository.Root, "examples", "plan.yaml"));
        for (var round = 0; round < Rounds / 3; round++)
        {
            var (read, errors) = PlanFile.Read(Encoding.UTF8.GetString(Broken(plan, random)));
            Assert.True(read is not null || errors.Count > 0);
        }
    }

    [Fact]
    public void VestingTerms_Broken_GiveErrorsOrASchedule()
    {
        var random = new Random(37);
        byte[][] texts = [Encoding.UTF8.GetBytes(VestingFileTests.Json), Encoding.UTF8.GetBytes(VestingFileTests.Long)];
        for (var round = 0; round < Rounds; round++)
        {
            var isJson = round % 2 == 0;
            var text = Broken(texts[round % 2], random);
            Within(text, () =>
            {
                var (read, errors) = isJson
                    ? VestingJson.Read(text)
                    : YamlFile.Read(Encoding.UTF8.GetString(text), "plan", VestingYaml.Of);
                Assert.True(read is null == errors.Count > 0);
                if (read is null) return;
                var facts = new VestingFacts(new DateOnly(2026, 1, 31)) { Events = [new("sale", new(2027, 1, 1))] };
                Assert.InRange(VestingSchedule.Of(read, 1_000, facts).Total, 0, 1_000);
            });
        }
    }

    [Fact]
    public void Policies_Broken_GiveErrorsAndNoExceptions()
    {
        var random = new Random(23);
        var policy = File.ReadAllBytes(Path.Combine(Repository.Root, "examples", "policy.yaml"));
        for (var round = 0; round < Rounds / 3; round++)
        {
            var (read, errors) = PolicyFile.Read(Encoding.UTF8.GetString(Broken(policy, random)), _ => true);
            Assert.True(read is not null || errors.Count > 0);
        }
    }

    [Fact]
    public void Reports_Broken_GiveErrorsAndNoExceptions()
    {
        var random = new Random(29);
        for (var round = 0; round < Rounds; round++)
        {
            var body = Broken(Reported, random);
            Within(body, () => ReportFile.Read(body, Now));
        }
    }

    [Fact]
    public void TuningJobs_Broken_AreReadOrRefused()
    {
        var random = new Random(31);
        for (var round = 0; round < Rounds; round++)
        {
            var body = Broken(Tuned, random);
            Within(body, () =>
            {
                // One that is neither throws.
                var isRead = TuningBody.Read(body, new TuningOptions()).Is(out var ask, out var refused);
                Assert.Equal((isRead, !isRead), (ask is not null, refused is not null));
            });
        }
    }

    [Fact]
    public void Keys_Broken_HaveNoFormOrOne()
    {
        var random = new Random(19);
        var key = Encoding.ASCII.GetBytes(ApiKey.Make());
        for (var round = 0; round < Rounds; round++)
        {
            var text = Encoding.UTF8.GetString(Broken(key, random));
            if (ApiKey.HasForm(text)) Assert.Equal(32, ApiKey.Hash(text).Length);
            Assert.False(KeyId.TryParse(text, out _));
        }
    }

    private static void Within(byte[] input, Action parse)
    {
        var watch = Stopwatch.StartNew();
        parse();
        Assert.True(watch.ElapsedMilliseconds < SlowestMs, $"{watch.ElapsedMilliseconds} ms for {input.Length} bytes");
    }

    // Cut, doubled, nested, with bytes flipped, with numbers that no integer holds.
    private static byte[] Broken(byte[] whole, Random random)
    {
        var bytes = new List<byte>(whole);
        for (var changes = random.Next(0, 4); changes > 0; changes--)
        {
            var at = random.Next(bytes.Count + 1);
            switch (random.Next(8))
            {
                case 0: bytes.RemoveRange(at, bytes.Count - at); break;
                case 1: bytes.RemoveRange(at, Math.Min(random.Next(1, 20), bytes.Count - at)); break;
                case 2: bytes.Insert(at, (byte)random.Next(256)); break;
                case 3: bytes.InsertRange(at, bytes.GetRange(0, Math.Min(bytes.Count, random.Next(200)))); break;
                case 4: bytes.InsertRange(at, Encoding.ASCII.GetBytes(new string('[', random.Next(400)))); break;
                case 5: bytes.InsertRange(at, "99999999999999999999999"u8.ToArray()); break;
                case 6: bytes.InsertRange(at, [0xff, 0xfe, 0xc0, 0x80]); break;
                case 7 when random.Next(100) == 0: bytes.InsertRange(at, new byte[200_000]); break;
                default: bytes.InsertRange(at, "\\u0000\"-1e9"u8.ToArray()); break;
            }
        }

        return [.. bytes];
    }
}
