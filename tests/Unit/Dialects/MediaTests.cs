using Guerdon.Bounds.Plans;
using Guerdon.Dialects.Calls;
using Guerdon.Dialects.Readings;
using Guerdon.Pricing.Costing;
using Guerdon.Relay.Answers;

namespace Guerdon.Unit.Dialects;

/// <summary>Audio and pictures: what a body asks for, what an answer says was used, and what has no price.</summary>
public sealed class MediaTests
{
    private static readonly EstimateBasis Basis = new(400, 0, 1_000_000, 1_000_000);

    [Theory]
    [InlineData("", Media.None, Media.None)]
    [InlineData(""","modalities":["text"],"audio":null""", Media.None, Media.None)]
    [InlineData(""","modalities":["text","audio"]""", Media.AudioOutput, Media.AudioOutput)]
    [InlineData(""","modalities":["aud\u0069o"]""", Media.AudioOutput, Media.AudioOutput)]
    [InlineData(""","audio":{"voice":"alloy","format":"mp3"}""", Media.AudioOutput, Media.AudioOutput)]
    [InlineData(""","seed":1,"web_search_options":{}""", Media.None, Media.AudioInput | Media.ImageInput)]
    public void Chat_Options_AreAskedAndHeld(string options, Media asked, Media held)
    {
        var call = Make.Call(Apis.Chat, $$"""{"model":"m","messages":[]{{options}}}""");
        Assert.Equal((asked, held), (call.Asked, MediaRules.MayUse(call)));
    }

    [Theory]
    [InlineData("""{"type":"input_audio","input_audio":{"data":"AAAA","format":"wav"}}""", Media.AudioInput)]
    [InlineData("""{"type":"input_audio","input\u005faudio":{"data":"AAAA","format":"wav"}}""", Media.AudioInput)]
    [InlineData("""{"type":"audio_url","audio_url":{"url":"https://x/y"}}""", Media.AudioInput)]
    [InlineData("""{"type":"image_url","image_url":{"url":"https://x/y"}}""", Media.None)]
    public void Chat_Sound_NeedsAPrice(string part, Media asked)
    {
        var call = Make.Call(Apis.Chat, $$"""{"model":"m","messages":[{"role":"user","content":[{{part}}]}]}""");
        Assert.Equal(asked, call.Asked);
        Assert.NotEqual(Media.None, MediaRules.MayUse(call)); // a picture is held at its own price where it has one
    }

    [Fact]
    public void Chat_OtherModality_IsRefused() => Assert.Equal(
        "gateway.unpriced",
        Make.Refused(Apis.Chat, """{"model":"m","messages":[],"modalities":["video"]}""").Refusal.Code);

    [Fact]
    public void Unpriced_WhatHasNoRate_IsNamed()
    {
        var call = Make.Call(Apis.Chat, """
            {"model":"m","modalities":["text","audio"],
             "messages":[{"role":"user","content":[{"type":"input_audio","input_audio":{"data":"AA"}}]}]}
            """);
        var price = Make.Price();
        Assert.Contains("none for audio input and audio output", MediaRules.Unpriced(call, price)!.Detail,
            StringComparison.Ordinal);
        var heard = price with { Base = price.Base with { AudioInput = 40_000_000_000 } };
        Assert.Contains("none for audio output", MediaRules.Unpriced(call, heard)!.Detail, StringComparison.Ordinal);
        var both = heard with { Base = heard.Base with { AudioOutput = 80_000_000_000 } };
        Assert.Null(MediaRules.Unpriced(call, both));
    }

    [Theory]
    [InlineData("""{"model":"m","prompt":"a cat"}""", 6_240)]
    [InlineData("""{"model":"m","prompt":"a cat","n":3,"partial_images":2,"size":"1024x1024"}""", 3 * 6_440)]
    public void Images_AreHeldAtTheirMostAndNeverLowered(string body, long most)
    {
        var call = Make.Call(Apis.Images, body);
        var price = Make.Price(window: 10);
        Assert.Equal((most, most, body.Length + 256L),
            (CallBounds.Output(call, price), CallBounds.OutputFloor(call, price), CallBounds.Input(call, price)));
        Assert.Null(CallBounds.CapToSend(call, price, most));
        Assert.Equal(Media.ImageOutput, call.Asked);
    }

    [Theory]
    [InlineData("""{"model":"m","prompt":"a","stream":true}""", "gateway.unmetered")]
    [InlineData("""{"model":"m","prompt":["a"]}""", "gateway.malformed_body")]
    [InlineData("""{"model":"m"}""", "gateway.malformed_body")]
    [InlineData("""{"model":"m","prompt":"a","partial_images":4}""", "gateway.malformed_body")]
    public void Images_WhatCannotBeBounded_IsRefused(string body, string code) =>
        Assert.Equal(code, Make.Refused(Apis.Images, body).Refusal.Code);

    // [input, output, reasoning, audio input, image input, audio output, image output]
    public static TheoryData<string, string, long[]> Answers => new()
    {
        { "chat", """
            {"usage":{"prompt_tokens":100,"prompt_tokens_details":{"cached_tokens":0,"audio_tokens":60,
             "image_tokens":10},"completion_tokens":50,"completion_tokens_details":{"audio_tokens":30}}}
            """, [100, 50, 0, 60, 10, 30, 0] },
        { "parts larger than the whole", """
            {"usage":{"prompt_tokens":100,"prompt_tokens_details":{"cached_tokens":80,"audio_tokens":60,
             "image_tokens":10},"completion_tokens":50,
             "completion_tokens_details":{"reasoning_tokens":40,"audio_tokens":99,"image_tokens":9}}}
            """, [20, 50, 40, 20, 0, 10, 0] },
        { "pictures told apart", """
            {"usage":{"input_tokens":9,"input_tokens_details":{"text_tokens":5,"image_tokens":4},
             "output_tokens":500,"output_tokens_details":{"text_tokens":100,"image_tokens":400}}}
            """, [9, 500, 0, 0, 4, 0, 400] },
        { "counts that are none", """
            {"usage":{"prompt_tokens":10,"prompt_tokens_details":{"audio_tokens":-4,"image_tokens":"x"},
             "completion_tokens":5,"completion_tokens_details":{"audio_tokens":null}}}
            """, [10, 5, 0, 0, 0, 0, 0] },
        { "gemini", """
            {"usageMetadata":{"promptTokenCount":100,"promptTokensDetails":[{"modality":"TEXT","tokenCount":30},
              {"modality":"AUDIO","tokenCount":50},{"modality":"VIDEO","tokenCount":8},
              {"modality":"IMAGE","tokenCount":12}],"candidatesTokenCount":40,"thoughtsTokenCount":5,
             "candidatesTokensDetails":[{"tokenCount":40,"modality":"IMAGE"},7,null]}}
            """, [100, 45, 5, 50, 12, 0, 40] },
    };

    [Theory, MemberData(nameof(Answers))]
    public void Final_Media_AreParts(string name, string body, long[] u)
    {
        var usage = Final(name == "gemini" ? Spoken.Gemini : Spoken.OpenAi, body, Basis).Usage;
        long[] parts =
        [
            usage.Input, usage.Output, usage.Reasoning, usage.AudioInput, usage.ImageInput, usage.AudioOutput,
            usage.ImageOutput,
        ];
        Assert.Equal(u, parts);
    }

    [Fact]
    public void Final_NotToldApart_IsWhatWasAskedFor()
    {
        const string body = """{"usage":{"input_tokens":9,"output_tokens":1056}}""";
        var pictures = Basis with { OutputAs = Media.ImageOutput };
        Assert.Equal(1_056, Final(Spoken.OpenAi, body, pictures).Usage.ImageOutput);
        Assert.Equal(0, Final(Spoken.OpenAi, body, Basis).Usage.ImageOutput);

        var estimate = Final(Spoken.OpenAi, """{"data":[{"b64_json":"AAAA"}]}""", pictures);
        Assert.True(estimate is { IsEstimate: true, Usage: { ImageOutput: > 0, TextOutput: 0 } });
    }

    private static MeasuredUsage Final(Dialect dialect, string body, in EstimateBasis basis)
    {
        var reading = default(UsageReading);
        AnswerReader.ReadBody(dialect, Make.Utf8(body), ref reading);
        return UsageRules.Final(dialect, reading, basis);
    }
}
