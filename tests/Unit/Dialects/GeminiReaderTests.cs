using Guerdon.Bounds.Edits;
using Guerdon.Bounds.Plans;
using Guerdon.Dialects.Calls;
using Guerdon.Dialects.Gemini;
using Guerdon.Kernel;
using Guerdon.Pricing.Costing;

namespace Guerdon.Unit.Dialects;

public sealed class GeminiReaderTests
{
    private const string Says = "\"contents\":[{\"parts\":[{\"text\":\"x\"}]}]";

    [Fact]
    public void Body_EverythingAsked_IsFound()
    {
        var call = Read("""
            {"systemInstruction":{"parts":{"text":"Be \"maxOutputTokens\": 9"}},
             "contents":[{"role":"user","parts":[{"text":"x"}]}],
             "tools":[{"functionDeclarations":[{"name":"f","parameters":{"googleSearch":1}}]}],
             "generationConfig":{"temperature":0.5,"maxOutputTokens":100,"candidateCount":3,
              "thinkingConfig":{"includeThoughts":true,"thinkingBudget":50},"responseModalities":["TEXT"]},
             "safetySettings":[],"serviceTier":"standard","model":"models/gemini-2.5-flash"}
            """, Apis.StreamEvents);

        Assert.Equal("gemini-2.5-flash", call.Model);
        Assert.True(call is { Stream: true, HasTools: true, ReadsBeyondBody: false, IncludeUsageAsked: true });
        Assert.Equal((100L, 3L, 50L), (call.CapAsked, call.Choices, call.ThinkingBudget));
    }

    [Theory]
    [InlineData("""{"max_output_tokens":7}""")]
    [InlineData("""{"maxOutput\u0054okens":7}""")]
    [InlineData("""{"MaxOutputTokens":7,"thinkingConfig":{"thinkingBudget":-1},"candidateCount":null}""")]
    public void Cap_InAnySpelling_IsRead(string config)
    {
        Assert.Equal(7, Read($$"""{{{Says}},"generationConfig":{{config}}}""").CapAsked);
        Assert.Equal(7, Read($$"""{{{Says}},"generation_config":{{config}}}""").CapAsked);
    }

    [Theory]
    [InlineData("", "byte 1")]
    [InlineData("[]", "a JSON object")]
    [InlineData("{}", "no 'contents'")]
    [InlineData("""{"contents":[}""", "byte 14")]
    [InlineData("""{"contents":[]} x""", "byte 17")]
    [InlineData("""{"contents":[],"generationConfig":[]}""", "'generationConfig' must be an object, at byte 35")]
    [InlineData("""{"contents":[],"generationConfig":{"maxOutputTokens":"9"}}""", "'maxOutputTokens' must be a whole")]
    [InlineData("""{"contents":[],"generationConfig":{"maxOutputTokens":1.5}}""", "'maxOutputTokens'")]
    [InlineData("""{"contents":[],"generationConfig":{"maxOutputTokens":1e3}}""", "'maxOutputTokens'")]
    [InlineData("""{"contents":[],"generationConfig":{"maxOutputTokens":0}}""", "at least 1")]
    [InlineData("""{"contents":[],"generationConfig":{"maxOutputTokens":-1}}""", "at least 1")]
    [InlineData("""{"contents":[],"generationConfig":{"candidateCount":129}}""", "'candidateCount'")]
    [InlineData("""{"contents":[],"generationConfig":{"candidate_count":"2"}}""", "'candidateCount'")]
    [InlineData("""{"contents":[],"generationConfig":{"thinkingConfig":7}}""", "'thinkingConfig'")]
    [InlineData("""{"contents":[],"generationConfig":{"thinkingConfig":{"thinkingBudget":-2}}}""", "'thinkingBudget'")]
    [InlineData("""{"contents":[],"model":"models/gemini-2.5-pro"}""", "the model that the path names")]
    public void TryRead_Malformed_SaysWhatAndWhere(string body, string says)
    {
        var refused = Refuse(body);
        Assert.Equal("gateway.malformed_body", refused.Refusal.Code);
        Assert.Contains(says, refused.Detail, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("""{"contents":[],"generationConfig":{"maxOutputTokens":9,"maxOutputTokens":9000}}""")]
    [InlineData("""{"contents":[],"generationConfig":{"maxOutputTokens":9,"max_output_tokens":9000}}""")]
    [InlineData("""{"contents":[],"generationConfig":{"candidateCount":1,"candidate_count":8}}""")]
    [InlineData("""{"contents":[],"generationConfig":{"maxOutputTokens":9},"generation_config":{}}""")]
    [InlineData("""{"contents":[],"generationConfig":null,"generation\u0043onfig":{"maxOutputTokens":9}}""")]
    [InlineData("""{"contents":[],"contents":[]}""")]
    [InlineData("""{"contents":[],"generationConfig":{"thinkingConfig":{"thinkingBudget":1,"thinking_budget":2}}}""")]
    public void TryRead_MemberTwiceInAnySpelling_IsRefused(string body) =>
        Assert.Contains("given twice", Refuse(body).Detail, StringComparison.Ordinal);

    [Fact]
    public void Tools_OfTheProvidersBeyondAHundredTwentyEight_AreRefused()
    {
        var tools = string.Join(',', Enumerable.Repeat("""{"googleSearch":{}}""", 20_000));
        Assert.Contains("'tools[128].googleSearch'", Refuse($$"""{"contents":[],"tools":[{{tools}}]}""").Detail,
            StringComparison.Ordinal);
    }

    [Fact]
    public void Name_ThatIsNoText_IsNoneOfThose() =>
        Assert.True(Read("""{"contents":[{"parts":[{"\ud800":1}]}]}""").ReadsBeyondBody);

    [Theory]
    [InlineData("""{"contents":[],"\ud800":1}""", "gateway.unknown_member", "'\\ud800'")]
    [InlineData("""{"contents":[],"continuationToken":"x"}""", "gateway.unknown_member", "'continuationToken'")]
    [InlineData("""{"contents":[],"generationConfig":{"novel":1}}""", "gateway.unknown_member",
        "'generationConfig.novel'")]
    [InlineData("""{"contents":[],"generationConfig":{"routing_config":{"manualMode":{"modelName":"x"}}}}""",
        "gateway.model_elsewhere", "'generationConfig.routing_config'")]
    [InlineData("""{"contents":[],"tools":[{"exaAiSearch":{}}]}""", "gateway.unknown_tool", "'tools[0].exaAiSearch'")]
    [InlineData("""{"contents":[{"parts":[{"inlineData":{"mimeType":"image/png","mime_type":"video/mp4"}}]}]}""",
        "gateway.malformed_body", "'contents[0].parts[0].inlineData.mime_type' is given twice")]
    public void TryRead_WhatIsNotKnown_IsRefusedWithItsPath(string body, string code, string path)
    {
        var refused = Refuse(body);
        Assert.Equal(code, refused.Refusal.Code);
        Assert.Contains(path, refused.Detail, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("""[{"googleSearch":{}}]""", "web_search")]
    [InlineData("""[{"url_context":{}}]""", "url_context")]
    [InlineData("""{"codeExecution":{}}""", "code_execution")]
    [InlineData("""[{"fileSearch":{}},{"functionDeclarations":[]}]""", "file_search")]
    [InlineData("""[{"googleMaps":{}}]""", "maps")]
    [InlineData("""[{"googleSearchRetrieval":{}}]""", "web_search")]
    [InlineData("""[{"enterpriseWebSearch":{}}]""", "web_search")]
    [InlineData("""[{"mcpServers":[]}]""", "mcp")]
    public void Tools_ThatGoogleRuns_AreFound(string tools, string name) => Assert.Equal(
        name, Assert.Single(Read($$"""{"contents":[],"tools":{{tools}}}""").Hosted!).Rule.Name);

    [Fact]
    public void Names_OfACallersOwn_MayDifferInCaseAlone() => Read(
        """{"contents":[{"parts":[{"functionCall":{"name":"f","args":{"userName":1,"username":2}}}]}]}""");

    [Theory]
    [InlineData("""{"contents":[],"service_tier":3}""")]
    [InlineData("""{"contents":[],"generationConfig":{"responseModalities":["TEXT","VIDEO"]}}""")]
    [InlineData("""{"contents":[],"generationConfig":{"response_modalities":3}}""")]
    public void TryRead_WhatHasAnotherPrice_IsRefused(string body) =>
        Assert.Equal("gateway.unpriced", Refuse(body).Refusal.Code);

    [Theory]
    [InlineData(""","generationConfig":{"responseModalities":["TEXT"]}""", Media.None, Media.None)]
    [InlineData(""","generationConfig":{"responseModalities":["TEXT","IMAGE"]}""",
        Media.ImageOutput, Media.ImageOutput)]
    [InlineData(""","generationConfig":{"response_modalities":"AUDIO"}""", Media.AudioOutput, Media.AudioOutput)]
    [InlineData("", Media.None, Media.AudioOutput | Media.ImageOutput)] // what the model is made for
    public void Modalities_AreAskedAndHeld(string config, Media asked, Media held)
    {
        var call = Read($$"""{"contents":[]{{config}}}""");
        Assert.Equal((asked, held), (call.Asked, MediaRules.MayUse(call)));
    }

    [Theory]
    [InlineData("""{"inlineData":{"mimeType":"audio/wav","data":"AAAA"}}""", Media.AudioInput)]
    [InlineData("""{"inline_data":{"mime_type":"Audio\/mp3","data":"AAAA"}}""", Media.AudioInput)]
    [InlineData("""{"fileData":{"mimeType":"audio/ogg","fileUri":"u"}}""", Media.AudioInput)]
    [InlineData("""{"inlineData":{"mimeType":"video/mp4","data":"AAAA"}}""", Media.None)]
    [InlineData("""{"inlineData":{"mimeType":"image/png","data":"AAAA"}}""", Media.None)]
    public void Sound_NeedsAPrice(string part, Media asked) =>
        Assert.Equal(asked, Read($$"""{"contents":[{"parts":[{{part}}]}]}""").Asked);

    [Theory]
    [InlineData("""{"contents":[],"cachedContent":"cachedContents/1"}""", true)]
    [InlineData("""{"contents":[],"cached_content":null}""", false)]
    [InlineData("""{"contents":[],"tools":[{"function_declarations":[{"name":"googleSearch"}]}]}""", false)]
    [InlineData("""{"contents":[{"parts":[{"fileData":{"mimeType":"image/png","fileUri":"u"}}]}]}""", true)]
    [InlineData("""{"contents":{"parts":{"file_data":{"file_uri":"u"}}}}""", true)]
    [InlineData("""{"contents":[{"parts":[{"file\u0044ata":{}}]}]}""", true)]
    [InlineData("""{"contents":[{"parts":[{"inlineData":{"mimeType":"audio/wav","data":"AAAA"}}]}]}""", true)]
    [InlineData("""{"contents":[{"parts":[{"inlineData":{"mimeType":"application/pdf","data":"AAAA"}}]}]}""", true)]
    [InlineData("""{"contents":[{"parts":[{"inlineData":{"data":"AAAA"}}]}]}""", true)]
    [InlineData("""{"contents":[{"parts":[{"somethingNew":{}}]}]}""", true)]
    [InlineData("""{"contents":[{"parts":[{"functionCall":{"name":"f","args":{"fileData":1}}}]}]}""", false)]
    [InlineData("""{"contents":[{"parts":[{"functionResponse":{"name":"f","response":{"x":1}}}]}]}""", false)]
    [InlineData("""{"contents":[{"parts":[{"functionResponse":{"name":"f","parts":[{"fileData":{}}]}}]}]}""", true)]
    [InlineData("""{"contents":[],"systemInstruction":{"parts":[{"fileData":{}}]}}""", true)]
    public void ReadsBeyondBody_ByContent(string body, bool beyond) => Assert.Equal(beyond, Read(body).ReadsBeyondBody);

    [Theory]
    [InlineData("""{"contents":[{"parts":[{"inlineData":{"mimeType":"image/png","data":"AAAA"}}]}]}""")]
    [InlineData("""{"contents":[{"parts":[{"inline_data":{"data":"AAAA","mime_type":"image/jpeg"}}]}]}""")]
    public void Pictures_AreCountedWithTheirBytes(string body)
    {
        var call = Read(body);
        Assert.Equal((1, 4L, false), (call.Images, call.ImageBytes, call.ReadsBeyondBody));
        Assert.Equal(body.Length - 4 + 256 + 12_500, CallBounds.Input(call, Make.Price("google-ai-studio")));
    }

    [Theory]
    [InlineData("", """{"generationConfig":{"maxOutputTokens":50},"contents":[]}""")]
    [InlineData(""","generationConfig":null""", """{"contents":[],"generationConfig":{"maxOutputTokens":50}}""")]
    [InlineData(""","generationConfig":{ }""", """{"contents":[],"generationConfig":{"maxOutputTokens":50 }}""")]
    [InlineData(""","generationConfig":{"topK":1}""",
        """{"contents":[],"generationConfig":{"maxOutputTokens":50,"topK":1}}""")]
    [InlineData(""","generation_config":{"topK":1,"max_output_tokens": 900 }""",
        """{"contents":[],"generation_config":{"topK":1,"max_output_tokens": 50 }}""")]
    [InlineData(""","generationConfig":{"maxOutputTokens":null}""",
        """{"contents":[],"generationConfig":{"maxOutputTokens":50}}""")]
    [InlineData(""","generationConfig":{"maxOutputTokens":9}""",
        """{"contents":[],"generationConfig":{"maxOutputTokens":9}}""")]
    public void Plan_LowerCap_WritesOrInsertsIt(string config, string sent)
    {
        var body = "{\"contents\":[]" + config + "}";
        Assert.Equal(sent, Make.Apply(body, BodySplice.Plan(Read(body), 50)));
        Assert.Equal(body, Make.Apply(body, BodySplice.Plan(Read(body), null)));
    }

    [Fact]
    public void CountTokens_HoldsNothingAndReadsNothing()
    {
        var call = Read(
            """{"generateContentRequest":{"model":"models/other","contents":[]}}""", Apis.GeminiCountTokens);
        Assert.Equal(0, CallBounds.Output(call, Make.Price()));
        Assert.True(call.Api.IsFree);
    }

    private static CallFacts Read(string body, Api? api = null)
    {
        var result = GeminiReader.Read(
            api ?? Apis.GenerateContent, "gemini-2.5-flash", Make.Utf8(body), ReadingRules.None);
        Assert.True(result.Is(out var facts, out var refused), refused?.ToString());
        return facts;
    }

    private static Refused Refuse(string body)
    {
        var result = GeminiReader.Read(
            Apis.GenerateContent, "gemini-2.5-flash", Make.Utf8(body), ReadingRules.None);
        Assert.False(result.Is(out _, out var refused));
        return refused;
    }
}
