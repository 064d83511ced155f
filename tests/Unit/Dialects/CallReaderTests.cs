using Guerdon.Dialects.Anthropic;
using Guerdon.Dialects.Calls;

namespace Guerdon.Unit.Dialects;

public sealed class CallReaderTests
{
    [Fact]
    public void Chat_EverythingAsked_IsFound()
    {
        var call = Make.Call(Apis.Chat, """
            {"messages":[{"role":"user","content":"say \"max_tokens\": 9"}],"n":3,"stream":true,
             "stream_options":{"include_usage":false},"max_completion_tokens":100,"max_tokens":250,
             "tools":[{"type":"function","function":{"name":"f"}}],
             "metadata":{"model":"no","n":[1]},"model":"gpt-6-sol"}
            """);

        Assert.Equal("gpt-6-sol", call.Model);
        Assert.True(call.Stream);
        Assert.Equal(3, call.Choices);
        Assert.Equal(100, call.Cap.Tokens);
        Assert.Equal(250, call.OldCap.Tokens);
        Assert.Equal(250, call.CapAsked);
        Assert.True(call.HasTools);
        Assert.False(call.IncludeUsageAsked);
        Assert.False(call.ReadsBeyondBody);
    }

    [Theory]
    [InlineData("Responses", """{"model":"m","input":"hi","max_output_tokens":77}""", 77)]
    [InlineData("Messages", """{"model":"m","messages":[],"max_tokens":32000}""", 32000)]
    [InlineData("Chat", """{"model":"m","messages":[],"max_tokens":12}""", 12)]
    [InlineData("Chat", """{"model":"m","messages":[],"max_tokens":12,"max_completion_tokens":null}""", 12)]
    [InlineData("Chat", """{"model":"m","messages":[],"max\u005ftokens":12}""", 12)]
    public void CapAsked_ByApi_IsRead(ApiName api, string body, long cap) =>
        Assert.Equal(cap, Make.Call(api, body).CapAsked);

    [Theory]
    [InlineData("Chat", "", "byte 1")]
    [InlineData("Chat", "[]", "a JSON object")]
    [InlineData("Chat", "{\"model\":\"m\",", "line 1, byte 13")]
    [InlineData("Chat", "{\"model\":\"m\",\n\"messages\":[}", "line 2, byte 13")]
    [InlineData("Chat", """{"model":"m","messages":[]} x""", "byte 29")]
    [InlineData("Chat", """{"messages":[]}""", "no 'model'")]
    [InlineData("Chat", """{"model":"m"}""", "no 'messages'")]
    [InlineData("Responses", """{"model":"m"}""", "no 'input'")]
    [InlineData("Chat", """{"model":"m","messages":"hi"}""", "'messages' must be an array, at byte 25")]
    [InlineData("Chat", """{"model":7,"messages":[]}""", "'model' must be a string, at byte 10")]
    [InlineData("Chat", """{"model":"","messages":[]}""", "'model' must be a name")]
    [InlineData("Chat", """{"max_tokens":"x","model":"m","messages":[]}""", "'max_tokens' must be a whole number")]
    [InlineData("Chat", """{"max_tokens":-1,"model":"m","messages":[]}""", "at byte 15")]
    [InlineData("Chat", """{"max_tokens":1.5,"model":"m","messages":[]}""", "'max_tokens'")]
    [InlineData("Chat", """{"max_tokens":1e3,"model":"m","messages":[]}""", "'max_tokens'")]
    [InlineData("Chat", """{"max_tokens":99999999999999999999,"model":"m","messages":[]}""", "'max_tokens'")]
    [InlineData("Chat", """{"max_tokens":0,"model":"m","messages":[]}""", "'max_tokens' must be at least 1")]
    [InlineData("Chat", """{"max_completion_tokens":0,"model":"m","messages":[]}""", "at least 1, at byte 26")]
    [InlineData("Responses", """{"max_output_tokens":0,"model":"m","input":"x"}""", "must be at least 1")]
    [InlineData("Responses", """{"max_tool_calls":0,"model":"m","input":"x"}""", "must be at least 1")]
    [InlineData("Messages", """{"betas":7,"model":"m","messages":[]}""", "'betas' must be a list of names")]
    [InlineData("Messages", """{"betas":["a",{}],"model":"m","messages":[]}""", "'betas' must be a list of names")]
    [InlineData("Chat", """{"n":0,"model":"m","messages":[]}""", "'n' must be from 1")]
    [InlineData("Chat", """{"n":129,"model":"m","messages":[]}""", "'n' must be from 1")]
    [InlineData("Chat", """{"stream":"yes","model":"m","messages":[]}""", "'stream' must be true or false")]
    [InlineData("Chat", """{"stream_options":[],"model":"m","messages":[]}""", "'stream_options'")]
    [InlineData("Messages", """{"thinking":{"budget_tokens":-5},"model":"m","messages":[]}""", "'budget_tokens'")]
    public void TryRead_Malformed_SaysWhatAndWhere(ApiName api, string body, string says)
    {
        var refused = Make.Refused(api, body);
        Assert.Equal("gateway.malformed_body", refused.Refusal.Code);
        Assert.Contains(says, refused.Detail, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("""{"model":"m","messages":[],"max_tokens":1000000,"max_tokens":1}""")]
    [InlineData("""{"model":"m","messages":[],"max_tokens":1,"max\u005ftokens":1000000}""")]
    [InlineData("""{"model":"cheap","messages":[],"model":"dear"}""")]
    [InlineData("""{"model":"m","messages":[],"stream_options":{"include_usage":true,"include_usage":false}}""")]
    public void TryRead_MemberTwice_IsRefused(string body) =>
        Assert.Contains("given twice", Make.Refused(Apis.Chat, body).Detail, StringComparison.Ordinal);

    [Theory]
    [InlineData("Responses", "service_tier", "\"scale\"", "gateway.unpriced")]
    [InlineData("Messages", "speed", "\"turbo\"", "gateway.unpriced")]
    [InlineData("Messages", "inference_geo", "\"us\"", "gateway.unpriced")]
    [InlineData("Responses", "reasoning", """{"mode":"pro"}""", "gateway.unpriced")]
    [InlineData("Images", "size", "\"3840x2160\"", "gateway.unbounded")]
    [InlineData("Responses", "background", "true", "gateway.unmetered")]
    [InlineData("Responses", "prompt", """{"id":"pmpt_1"}""", "gateway.unbounded")]
    [InlineData("Chat", "enable_search", "true", "gateway.unbounded")]
    [InlineData("Messages", "fallbacks", "\"default\"", "gateway.unbounded")]
    public void TryRead_WhatCannotBeCharged_IsRefused(ApiName api, string name, string value, string code)
    {
        var refused = Make.Refused(api, Body(api, $"\"{name}\":{value}"));
        Assert.Equal(code, refused.Refusal.Code);
        Assert.Contains($"'{name}", refused.Detail, StringComparison.Ordinal);
    }

    [Theory]
    // What repeats a member, however deep and however it is written.
    [InlineData("Messages", """{"model":"m","messages":[{"role":"user","content":[{"type":"text","type":"url"}]}]}""",
        "gateway.malformed_body", "'messages[0].content[0].type' is given twice, again at byte 67 of the body")]
    [InlineData("Messages", """{"model":"m","messages":[{"role":"u","content":[{"type":"x","\u0074ype":"y"}]}]}""",
        "gateway.malformed_body", "'messages[0].content[0].type' is given twice")]
    [InlineData("Chat", """{"model":"m","messages":[],"metadata":{"a":{"b":1,"c":2,"b":3}}}""",
        "gateway.malformed_body", "'metadata.a.b' is given twice")]
    [InlineData("Chat", """{"model":"m","messages":[],"tools":[{"function":{"parameters":{"x":[{"y":1,"y":1}]}}}]}""",
        "gateway.malformed_body", "'tools[0].function.parameters.x[0].y' is given twice")]
    // What names a model where nobody knows what for.
    [InlineData("Chat", """{"model":"m","messages":[],"models":["gpt-6-sol"]}""", "gateway.model_elsewhere",
        "'models' names a model")]
    [InlineData("Chat", """{"model":"m","messages":[],"novel":{"model":"x"}}""", "gateway.unknown_member", "'novel'")]
    [InlineData("Responses", """{"model":"m","input":"x","moderation":{"model":"gpt-6-sol"}}""",
        "gateway.model_elsewhere", "'moderation.model'")]
    [InlineData("Chat", """{"model":"m","messages":[],"prediction":{"content":"x","model":"y"}}""",
        "gateway.model_elsewhere", "'prediction.model'")]
    [InlineData("Chat", """{"model":"m","messages":[],"stream_options":{"include_usage":true,"model":"y"}}""",
        "gateway.model_elsewhere", "'stream_options.model'")]
    [InlineData("Messages", """{"model":"m","messages":[],"thinking":{"type":"x","advisor_model":"y"}}""",
        "gateway.model_elsewhere", "'thinking.advisor_model'")]
    [InlineData("Messages", """{"model":"m","messages":[],"context_management":{"edits":[{"model":"y"}]}}""",
        "gateway.model_elsewhere", "'context_management.edits[0].model'")]
    [InlineData("Messages", """{"model":"m","messages":[{"role":"user","content":"x","model":"y"}]}""",
        "gateway.model_elsewhere", "'messages[0].model'")]
    [InlineData("Responses",
        """{"model":"m","input":"x","tools":[{"type":"image_generation","model":"gpt-image-2"}]}""",
        "gateway.model_elsewhere", "'tools[0].model'")]
    [InlineData("Messages", """{"model":"m","messages":[],"tools":[{"name":"f","input_schema":{},"model":"y"}]}""",
        "gateway.model_elsewhere", "'tools[0].model'")]
    // Tools that nobody knows, and such as stand where they are not looked for.
    [InlineData("Messages", """{"model":"m","messages":[],"tools":[{"name":"a"},{"type":"oracle_20270101"}]}""",
        "gateway.unknown_tool", "'tools[1].type'")]
    [InlineData("Chat", """{"model":"m","messages":[],"tools":[{"type":"web_search"}]}""",
        "gateway.unknown_tool", "'tools[0].type'")]
    [InlineData("Responses",
        """{"model":"m","input":[{"type":"additional_tools","tools":[{"type":"web_search"}]}]}""",
        "gateway.unknown_tool", "'input[0].tools[0].type'")]
    [InlineData("Messages", """{"model":"m","messages":[{"role":"system","content":[{"type":"tool_addition","tool":"""
        + """{"type":"tool_definition","definition":{"type":"web_search_20250305"}}}]}]}""",
        "gateway.unknown_tool", "'messages[0].content[0].tool.definition.type'")]
    [InlineData("Responses", """{"model":"m","input":"x","tools":[{"type":"shell","environment":"""
        + """{"type":"container_reference","container_id":"c"}}]}""", "gateway.unbounded", "'tools[0].environment'")]
    [InlineData("Responses", """{"model":"m","input":"x","tools":[{"type":"shell","environment":"""
        + """{"type":"container_auto","memory_limit":"16g"}}]}""", "gateway.unpriced",
        "'tools[0].environment.memory_limit'")]
    [InlineData("Responses", """{"model":"m","input":"x","tools":[{"type":"code_interpreter","container":"c_1"}]}""",
        "gateway.unbounded", "'tools[0].container'")]
    [InlineData("Responses", """{"model":"m","input":"x","tools":[{"type":"code_interpreter","container":"""
        + """{"type":"auto","memory_limit":"64g"}}]}""", "gateway.unpriced", "'tools[0].container.memory_limit'")]
    [InlineData("Chat", """{"model":"m","messages":[],"novel":1}""", "gateway.unknown_member", "'novel', at byte 28")]
    // What an entry of the fallbacks replaces is the call's own, and would be neither priced nor held.
    [InlineData("Messages", """{"model":"m","messages":[],"fallbacks":[{"model":"f","tools":[]}]}""",
        "gateway.unknown_member", "'fallbacks[0].tools'")]
    [InlineData("Messages", """{"model":"m","messages":[],"fallbacks":[{"model":"f","inference_geo":"us"}]}""",
        "gateway.unknown_member", "'fallbacks[0].inference_geo'")]
    // Pictures to be embedded, which stand somewhere else.
    [InlineData("Embeddings", """{"model":"m","input":["a",{"image":"https://x/y.png"}]}""", "gateway.unbounded",
        "'input[1]'")]
    [InlineData("Embeddings", """{"model":"m","input":[[{"type":"image_url","image_url":"https://x"}]]}""",
        "gateway.unbounded", "'input[0][0]'")]
    public void TryRead_WhatIsNotBounded_IsRefusedWithItsPath(ApiName api, string body, string code, string path)
    {
        var refused = Make.Refused(api, body);
        Assert.Equal(code, refused.Refusal.Code);
        Assert.Contains(path, refused.Detail, StringComparison.Ordinal);
    }

    [Theory]
    // Models' names in prompts, schemas and labels are content.
    [InlineData("Chat",
        """{"model":"m","messages":[{"role":"user","content":"gpt-6-sol"}],"metadata":{"model":"x"}}""")]
    [InlineData("Messages", """{"model":"m","messages":[],"tools":[{"name":"f","input_schema":{"properties":"""
        + """{"model":{"enum":["gpt-6-sol"]}}}}]}""")]
    [InlineData("Messages", """{"model":"m","messages":[{"role":"assistant","content":[{"type":"tool_use","input":"""
        + """{"model":"gpt-6-sol","models":["x"]}}]}]}""")]
    [InlineData("Messages", """{"model":"m","messages":[{"role":"assistant","content":[{"type":"fallback","from":"""
        + """{"model":"x"},"to":{"model":"y"}}]}]}""")]
    [InlineData("Responses", """{"model":"m","input":"x","moderation":{"model":"omni-moderation-latest"}}""")]
    [InlineData("Responses", """{"model":"m","input":[{"type":"additional_tools","role":"developer","tools":"""
        + """[{"type":"namespace","name":"n","tools":[{"type":"function","name":"f"}]}]}]}""")]
    [InlineData("Messages", """{"model":"m","messages":[],"context_management":{"edits":"""
        + """[{"type":"clear_thinking_20251015","keep":"all"}]}}""")]
    [InlineData("Embeddings", """{"model":"m","input":["a","b"]}""")]
    public void TryRead_WhatHonestClientsSend_IsReadAndBounded(ApiName api, string body)
    {
        var call = Make.Call(api, body);
        Assert.True(call is { ReadsBeyondBody: false, Hosted: null, Compacts: false, Fallbacks: null });
    }

    [Theory]
    // A computer's environment says what it looks like; the caller runs it in any case.
    [InlineData("""{"type":"computer_use_preview","environment":"browser","display_width":9}""", null)]
    [InlineData("""{"environment":"linux","type":"computer_use_preview"}""", null)]
    [InlineData("""{"type":"shell"}""", null)]
    [InlineData("""{"environment":{"type":"local"},"type":"shell"}""", null)]
    [InlineData("""{"environment":{"type":"container_auto"},"type":"shell"}""", "code_execution")]
    [InlineData("""{"type":"shell","environment":"anywhere"}""", "code_execution")]
    public void Tool_WithAnEnvironment_IsHostedWhereItIsAShell(string tool, string? hosted)
    {
        var call = Make.Call(Apis.Responses, $$"""{"model":"m","input":"x","tools":[{{tool}}]}""");
        Assert.Equal(hosted, call.Hosted?.Single().Rule.Name);
        Assert.Equal(hosted is null ? 1 : 0, call.BuiltInTools);
    }

    [Theory]
    [InlineData("Messages", """{"type":"web_search_20250305"}""")]
    [InlineData("Responses", """{"type":"mcp","server_url":"https://x"}""")]
    public void Tools_OfTheProvidersBeyondAHundredTwentyEight_AreRefused(ApiName api, string tool)
    {
        var input = api == Apis.Messages ? "\"messages\":[]" : "\"input\":\"x\"";
        string Body(int tools) =>
            $$"""{"model":"m",{{input}},"tools":[{{string.Join(',', Enumerable.Repeat(tool, tools))}}]}""";
        Assert.Equal(128, Make.Call(api, Body(128)).Hosted?.Count);
        var refused = Make.Refused(api, Body(20_000));
        Assert.Equal("gateway.malformed_body", refused.Refusal.Code);
        Assert.StartsWith("'tools[128].type', at byte ", refused.Detail, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("context-1m-2025-08-07", 1_000_000)]
    [InlineData("files-api-2025-04-14, Context-2M-2027-01-01,context-1m-2025-08-07", 2_000_000)]
    [InlineData("context-1m", 1_000_000)]
    [InlineData("my-context-1m-2025-08-07", 0)]
    [InlineData("context-management-2025-06-27", 0)]
    [InlineData("context-1mb, context-m, context-99999m", 0)]
    [InlineData(null, 0)]
    public void Window_ThatABetaNames_IsRead(string? betas, long window)
    {
        Assert.Equal(window, LongContext.WindowIn(betas));
        if (betas is null) return;
        var call = Make.Call(Apis.Messages, $$"""{"betas":"{{betas}}","model":"m","messages":[]}""");
        Assert.Equal(window, call.AskedWindow);
    }

    [Fact]
    public void TryRead_TextBesideAPicture_IsText()
    {
        var text = new string('x', 9_000);
        var call = Make.Call(Apis.Messages, """{"model":"m","messages":[{"role":"user","content":["""
            + """{"type":"document","source":{"type":"text","media_type":"text/plain","data":"X"}},"""
                .Replace("X", text, StringComparison.Ordinal)
            + """{"type":"image","source":{"type":"base64","media_type":"image/png","data":"AAAA"}}]}]}""");
        Assert.Equal((1, 4L), (call.Images, call.ImageBytes));
    }

    [Fact]
    public void TryRead_BytesThatAreNoText_AreRefused()
    {
        var head = """{"model":"m","messages":[{"role":"user","content":"""u8;
        byte[] body = [.. head, (byte)'"', 0xff, (byte)'"', .. "}]}"u8];
        Assert.False(CallReader.Read(Apis.Chat, body, ReadingRules.None).Is(out _, out var refused));
        Assert.Contains("not UTF-8 at byte 52", refused.Detail, StringComparison.Ordinal);
    }

    [Fact]
    public void TryRead_ManyNames_AreKeptApartInLittleTime()
    {
        var members = string.Join(',', Enumerable.Range(0, 200_000).Select(i => $"\"{i}\":1"));
        Make.Call(Apis.Chat, Body(Apis.Chat, $"\"metadata\":{{{members}}}"));
        Assert.Contains("'metadata.7' is given twice", Make.Refused(
            Apis.Chat, Body(Apis.Chat, $"\"metadata\":{{{members},\"7\":1}}")).Detail, StringComparison.Ordinal);
        var more = string.Join(',', Enumerable.Range(0, 300_000).Select(i => $"\"{i}\":1"));
        Assert.Contains("one name too many", Make.Refused(
            Apis.Chat, Body(Apis.Chat, $"\"metadata\":{{{more}}}")).Detail, StringComparison.Ordinal);
    }

    private static string Body(Api api, string more) => api.Name switch
    {
        "Images" => $$"""{"model":"m","prompt":"x",{{more}}}""",
        "Responses" => $$"""{"model":"m","input":"x",{{more}}}""",
        _ => $$"""{"model":"m","messages":[],{{more}}}""",
    };

    [Theory]
    [InlineData("service_tier", "\"flex\"")]
    [InlineData("service_tier", "null")]
    [InlineData("background", "false")]
    [InlineData("service_tier", "\"priority\"")]
    public void TryRead_OptionsWithAPriceOfTheirOwn_PassTheReader(string name, string value) =>
        Make.Call(Apis.Responses, $$"""{"model":"m","input":"x","{{name}}":{{value}}}""");

    [Theory]
    // Stored context.
    [InlineData("Responses", """{"model":"m","input":"x","previous_response_id":"resp_1"}""", true)]
    [InlineData("Responses", """{"model":"m","input":"x","previous_response_id":null}""", false)]
    [InlineData("Responses", """{"model":"m","conversation":{"id":"c"}}""", true)]
    [InlineData("Responses", """{"model":"m","input":[{"type":"item_reference","id":"msg_1"}]}""", true)]
    [InlineData("Responses", """{"model":"m","input":[{"id":"msg_1"}]}""", true)]
    [InlineData("Responses", """{"model":"m","input":[{"role":"user","content":"x"}]}""", false)]
    [InlineData("Responses", """{"model":"m","input":[{"type":"reasoning","id":"rs_1","summary":[]}]}""", true)]
    [InlineData("Responses", """{"model":"m","input":[{"type":"reasoning","encrypted_content":"abc"}]}""", false)]
    // Files and documents.
    [InlineData("Chat",
        """{"model":"m","messages":[{"role":"user","content":[{"type":"file","file":{"file_id":"f"}}]}]}""", true)]
    [InlineData("Chat", """{"model":"m","messages":[{"role":"user","content":[{"ty\u0070e":"file"}]}]}""", true)]
    [InlineData("Chat", """{"model":"m","messages":[{"role":"user","content":[{"type":"fi\u006ce"}]}]}""", true)]
    [InlineData("Messages", """{"model":"m","messages":[{"role":"user","content":[{"type":"document","source":"""
        + """{"type":"base64","data":"JVBERi0="}}]}]}""", true)]
    [InlineData("Messages", """{"model":"m","messages":[{"role":"user","content":[{"type":"document","source":"""
        + """{"type":"text","data":"hi"}}]}]}""", false)]
    // An image that says it is something else.
    [InlineData("Messages", """{"model":"m","messages":[{"role":"user","content":[{"type":"image","source":"""
        + """{"type":"base64","media_type":"text/plain","data":"AAAA"}}]}]}""", true)]
    [InlineData("Messages", """{"model":"m","messages":[{"role":"user","content":[{"type":"image","source":"""
        + """{"type":"base64","data":"AAAA","media_type":"application/pdf"}}]}]}""", true)]
    // A tool call's own arguments may be called anything.
    [InlineData("Messages", """{"model":"m","messages":[{"role":"assistant","content":[{"type":"tool_use","input":"""
        + """{"type":"file","file_id":"f"}}]}]}""", false)]
    [InlineData("Messages",
        """{"model":"m","messages":[],"tools":[{"name":"read","input_schema":{"type":"object"}}]}""", false)]
    [InlineData("Responses", """{"model":"m","input":"x","tools":[{"type":"function","name":"shell"},"""
        + """{"type":"custom"},{"type":"local_shell"}]}""", false)]
    public void ReadsBeyondBody_ByContent(ApiName api, string body, bool beyond) =>
        Assert.Equal(beyond, Make.Call(api, body).ReadsBeyondBody);

    [Theory]
    [InlineData("Chat", """{"model":"m","messages":[{"role":"user","content":[{"type":"image_url","image_url":"""
        + """{"url":"data:image/png;base64,AAAA"}}]}]}""", 26)]
    [InlineData("Chat", """{"model":"m","messages":[{"role":"user","content":[{"type":"image_url","image_url":"""
        + """{"url":"https://x/a.png"}}]}]}""", 0)]
    [InlineData("Responses", """{"model":"m","input":[{"role":"user","content":["""
        + """{"type":"input_image","image_url":"data:image/png;base64,AAAA"}]}]}""", 26)]
    [InlineData("Messages", """{"model":"m","messages":[{"role":"user","content":[{"type":"image","source":"""
        + """{"type":"base64","media_type":"image/png","data":"AAAA"}}]}]}""", 4)]
    public void Images_ByDialect_AreCountedWithTheirBytes(ApiName api, string body, long bytes)
    {
        var call = Make.Call(api, body);
        Assert.Equal(1, call.Images);
        Assert.Equal(bytes, call.ImageBytes);
        Assert.False(call.ReadsBeyondBody);
    }

    [Fact]
    public void Messages_ThinkingAndCache_AreFound()
    {
        var call = Make.Call(Apis.Messages, """
            {"model":"m","max_tokens":32000,"thinking":{"type":"enabled","budget_tokens":31999},
             "system":[{"type":"text","text":"x","cache_control":{"type":"ephemeral"}}],"messages":[]}
            """);
        Assert.Equal(31_999, call.ThinkingBudget);
        Assert.True(call.HasCacheControl);
    }

    [Fact]
    public void TryRead_SameModelTwice_SharesOneString() => Assert.Same(
        Make.Call(Apis.Chat, """{"model":"gpt-6-luna","messages":[]}""").Model,
        Make.Call(Apis.Chat, """{"model":"gpt-6-lun\u0061","messages":[]}""").Model);
}
