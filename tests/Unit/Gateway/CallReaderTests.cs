using Stipend.Gateway;

namespace Stipend.Unit.Gateway;

public sealed class CallReaderTests
{
    [Fact]
    public void Chat_EverythingAsked_IsFound()
    {
        var call = Make.Call(Api.Chat, """
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
    [InlineData(Api.Responses, """{"model":"m","input":"hi","max_output_tokens":77}""", 77)]
    [InlineData(Api.Messages, """{"model":"m","messages":[],"max_tokens":32000}""", 32000)]
    [InlineData(Api.Chat, """{"model":"m","messages":[],"max_tokens":12}""", 12)]
    [InlineData(Api.Chat, """{"model":"m","messages":[],"max_tokens":12,"max_completion_tokens":null}""", 12)]
    [InlineData(Api.Chat, """{"model":"m","messages":[],"max\u005ftokens":12}""", 12)]
    public void CapAsked_ByApi_IsRead(Api api, string body, long cap) =>
        Assert.Equal(cap, Make.Call(api, body).CapAsked);

    [Theory]
    [InlineData(Api.Chat, "", "byte 1")]
    [InlineData(Api.Chat, "[]", "a JSON object")]
    [InlineData(Api.Chat, "{\"model\":\"m\",", "line 1, byte 13")]
    [InlineData(Api.Chat, "{\"model\":\"m\",\n\"messages\":[}", "line 2, byte 13")]
    [InlineData(Api.Chat, """{"model":"m","messages":[]} x""", "byte 29")]
    [InlineData(Api.Chat, """{"messages":[]}""", "no 'model'")]
    [InlineData(Api.Chat, """{"model":"m"}""", "no 'messages'")]
    [InlineData(Api.Responses, """{"model":"m"}""", "no 'input'")]
    [InlineData(Api.Chat, """{"model":"m","messages":"hi"}""", "'messages' must be an array, at byte 25")]
    [InlineData(Api.Chat, """{"model":7,"messages":[]}""", "'model' must be a string, at byte 10")]
    [InlineData(Api.Chat, """{"model":"","messages":[]}""", "'model' must be a name")]
    [InlineData(Api.Chat, """{"max_tokens":"x","model":"m","messages":[]}""", "'max_tokens' must be a whole number")]
    [InlineData(Api.Chat, """{"max_tokens":-1,"model":"m","messages":[]}""", "at byte 15")]
    [InlineData(Api.Chat, """{"max_tokens":1.5,"model":"m","messages":[]}""", "'max_tokens'")]
    [InlineData(Api.Chat, """{"max_tokens":1e3,"model":"m","messages":[]}""", "'max_tokens'")]
    [InlineData(Api.Chat, """{"max_tokens":99999999999999999999,"model":"m","messages":[]}""", "'max_tokens'")]
    [InlineData(Api.Chat, """{"n":0,"model":"m","messages":[]}""", "'n' must be from 1")]
    [InlineData(Api.Chat, """{"n":129,"model":"m","messages":[]}""", "'n' must be from 1")]
    [InlineData(Api.Chat, """{"stream":"yes","model":"m","messages":[]}""", "'stream' must be true or false")]
    [InlineData(Api.Chat, """{"stream_options":[],"model":"m","messages":[]}""", "'stream_options'")]
    [InlineData(Api.Messages, """{"thinking":{"budget_tokens":-5},"model":"m","messages":[]}""", "'budget_tokens'")]
    public void TryRead_Malformed_SaysWhatAndWhere(Api api, string body, string says)
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
        Assert.Contains("given twice", Make.Refused(Api.Chat, body).Detail, StringComparison.Ordinal);

    [Theory]
    [InlineData(Api.Chat, "service_tier", "\"priority\"", "gateway.unpriced")]
    [InlineData(Api.Responses, "service_tier", "\"scale\"", "gateway.unpriced")]
    [InlineData(Api.Messages, "speed", "\"fast\"", "gateway.unpriced")]
    [InlineData(Api.Messages, "inference_geo", "\"us\"", "gateway.unpriced")]
    [InlineData(Api.Responses, "background", "true", "gateway.unmetered")]
    public void TryRead_WhatCannotBeCharged_IsRefused(Api api, string name, string value, string code)
    {
        var body = $$"""{"model":"m","messages":[],"input":"x","{{name}}":{{value}}}""";
        Assert.Equal(code, Make.Refused(api, body).Refusal.Code);
    }

    [Theory]
    [InlineData("service_tier", "\"flex\"")]
    [InlineData("service_tier", "null")]
    [InlineData("background", "false")]
    public void TryRead_OptionsAtTheListedPriceOrLess_Pass(string name, string value) =>
        Make.Call(Api.Responses, $$"""{"model":"m","input":"x","{{name}}":{{value}}}""");

    [Theory]
    // Stored context.
    [InlineData(Api.Responses, """{"model":"m","input":"x","previous_response_id":"resp_1"}""", true)]
    [InlineData(Api.Responses, """{"model":"m","input":"x","previous_response_id":null}""", false)]
    [InlineData(Api.Responses, """{"model":"m","conversation":{"id":"c"}}""", true)]
    [InlineData(Api.Responses, """{"model":"m","prompt":{"id":"pmpt_1"}}""", true)]
    [InlineData(Api.Responses, """{"model":"m","input":[{"type":"item_reference","id":"msg_1"}]}""", true)]
    [InlineData(Api.Responses, """{"model":"m","input":[{"id":"msg_1"}]}""", true)]
    [InlineData(Api.Responses, """{"model":"m","input":[{"role":"user","content":"x"}]}""", false)]
    [InlineData(Api.Responses, """{"model":"m","input":[{"type":"reasoning","id":"rs_1","summary":[]}]}""", true)]
    [InlineData(Api.Responses, """{"model":"m","input":[{"type":"reasoning","encrypted_content":"abc"}]}""", false)]
    // Files and documents.
    [InlineData(Api.Chat,
        """{"model":"m","messages":[{"role":"user","content":[{"type":"file","file":{"file_id":"f"}}]}]}""", true)]
    [InlineData(Api.Chat, """{"model":"m","messages":[{"role":"user","content":[{"ty\u0070e":"file"}]}]}""", true)]
    [InlineData(Api.Chat, """{"model":"m","messages":[{"role":"user","content":[{"type":"fi\u006ce"}]}]}""", true)]
    [InlineData(Api.Messages, """{"model":"m","messages":[{"role":"user","content":[{"type":"document","source":"""
        + """{"type":"base64","data":"JVBERi0="}}]}]}""", true)]
    [InlineData(Api.Messages, """{"model":"m","messages":[{"role":"user","content":[{"type":"document","source":"""
        + """{"type":"text","data":"hi"}}]}]}""", false)]
    // A tool call's own arguments may be called anything.
    [InlineData(Api.Messages, """{"model":"m","messages":[{"role":"assistant","content":[{"type":"tool_use","input":"""
        + """{"type":"file","file_id":"f"}}]}]}""", false)]
    // Tools that the provider runs.
    [InlineData(Api.Messages,
        """{"model":"m","messages":[],"tools":[{"type":"web_search_20250305","name":"web_search"}]}""", true)]
    [InlineData(Api.Messages,
        """{"model":"m","messages":[],"tools":[{"name":"read","input_schema":{"type":"object"}}]}""", false)]
    [InlineData(Api.Responses, """{"model":"m","input":"x","tools":[{"type":"function","name":"shell"},"""
        + """{"type":"custom"},{"type":"local_shell"}]}""", false)]
    [InlineData(Api.Responses, """{"model":"m","input":"x","tools":[{"type":"mcp","server_url":"https://x"}]}""", true)]
    [InlineData(Api.Chat, """{"model":"m","messages":[],"web_search_options":{}}""", true)]
    public void ReadsBeyondBody_ByContent(Api api, string body, bool beyond) =>
        Assert.Equal(beyond, Make.Call(api, body).ReadsBeyondBody);

    [Theory]
    [InlineData(Api.Chat, """{"model":"m","messages":[{"role":"user","content":[{"type":"image_url","image_url":"""
        + """{"url":"data:image/png;base64,AAAA"}}]}]}""", 26)]
    [InlineData(Api.Chat, """{"model":"m","messages":[{"role":"user","content":[{"type":"image_url","image_url":"""
        + """{"url":"https://x/a.png"}}]}]}""", 0)]
    [InlineData(Api.Responses, """{"model":"m","input":[{"role":"user","content":["""
        + """{"type":"input_image","image_url":"data:image/png;base64,AAAA"}]}]}""", 26)]
    [InlineData(Api.Messages, """{"model":"m","messages":[{"role":"user","content":[{"type":"image","source":"""
        + """{"type":"base64","media_type":"image/png","data":"AAAA"}}]}]}""", 4)]
    public void Images_ByDialect_AreCountedWithTheirBytes(Api api, string body, long bytes)
    {
        var call = Make.Call(api, body);
        Assert.Equal(1, call.Images);
        Assert.Equal(bytes, call.ImageBytes);
        Assert.False(call.ReadsBeyondBody);
    }

    [Fact]
    public void Messages_ThinkingAndCache_AreFound()
    {
        var call = Make.Call(Api.Messages, """
            {"model":"m","max_tokens":32000,"thinking":{"type":"enabled","budget_tokens":31999},
             "system":[{"type":"text","text":"x","cache_control":{"type":"ephemeral"}}],"messages":[]}
            """);
        Assert.Equal(31_999, call.ThinkingBudget);
        Assert.True(call.HasCacheControl);
    }

    [Fact]
    public void TryRead_SameModelTwice_SharesOneString() => Assert.Same(
        Make.Call(Api.Chat, """{"model":"gpt-6-luna","messages":[]}""").Model,
        Make.Call(Api.Chat, """{"model":"gpt-6-lun\u0061","messages":[]}""").Model);
}
