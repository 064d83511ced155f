using Guerdon.Dialects.Calls;
using Guerdon.Unit.Gateway.Holds;

namespace Guerdon.Unit.Dialects.Holds;

/// <summary>Bodies of every API: ordinary ones, and such as try to hide what they cost.</summary>
internal sealed class GeneratedBodies(Random random)
{
    private static readonly string[] Claudes = ["claude-haiku-4-5", "claude-opus-5-5", "claude-fable-5-1"];
    private static readonly string[] Gpts = ["gpt-6-sol", "gpt-5-mini"];

    public (Api Api, string Model, Tree Body) Next() => random.Next(7) switch
    {
        0 or 1 or 2 => Messages(),
        3 or 4 => Responses(),
        5 => Chat(),
        _ => Gemini(),
    };

    private bool Rarely(int of) => random.Next(of) == 0;

    private T One<T>(params T[] values) => values[random.Next(values.Length)];

    private string Words() => random.Next(6) switch
    {
        0 => new string('x', random.Next(60_000)),
        1 => string.Concat(Enumerable.Repeat("日本語 ", random.Next(40))),
        2 => "gpt-6-sol \"model\" \\ \u0001",
        _ => new string('a', random.Next(200)),
    };

    private Tree Count(int most) => Rarely(5) ? Tree.Null : (Tree)(long)random.Next(1, most);

    private (Api, string, Tree) Messages()
    {
        var model = One(Claudes);
        var tools = Rarely(3) ? null : Tree.List(Times(3, AnthropicTool));
        return (Apis.Messages, model, Tree.Of(
            ("model", model), ("max_tokens", Rarely(6) ? null : random.Next(1, 40_000)),
            ("messages", Tree.List(Times(3, () => Tree.Of(
                ("role", One("user", "assistant", "system")),
                ("content", Rarely(3) ? Words() : Tree.List(Times(4, AnthropicBlock)))))
            .Prepend(Tree.Of(("role", "user"), ("content", Words()))))),
            ("system", Rarely(3) ? Words() : null), ("tools", tools),
            ("fallbacks", Rarely(4) ? Tree.List(Times(2, () => Tree.Of(
                ("model", One([.. Claudes, "claude-unknown"])), ("max_tokens", Rarely(2) ? Count(200_000) : null),
                ("speed", Rarely(9) ? One("fast", "standard") : null)))) : Rarely(60) ? "default" : null),
            ("context_management", Rarely(5) ? Tree.Of(("edits", Tree.List(Times(2, () => Tree.Of(
                ("type", One("compact_20260112", "clear_tool_uses_20250919", "novel_edit"))))))) : null),
            ("compaction", Rarely(40) ? Tree.Of(("type", "summarize")) : null),
            ("mcp_servers", Rarely(20) ? Tree.List(Tree.Of(("type", "url"), ("url", "https://x"))) : null),
            ("service_tier", Rarely(5) ? One<Tree>("auto", "standard_only", Tree.Null) : null),
            ("speed", Rarely(12) ? One<Tree>("fast", "standard", Tree.Null) : null),
            ("inference_geo", Rarely(30) ? One<Tree>("us", "global") : null),
            ("cache_control", Rarely(9) ? Tree.Of(("type", "ephemeral"), ("ttl", "1h")) : null),
            ("container", Rarely(30) ? "container_1" : null), ("metadata", Tree.Of(("model", "x"))), Odd()));
    }

    private (string, Tree?) Odd() => random.Next(60) switch
    {
        0 => ("models", Tree.List("claude-fable-5-1")),
        1 => ("novel", Tree.Of(("model", "claude-fable-5-1"))),
        2 => ("fallback_model", "claude-fable-5-1"),
        _ => ("none", null),
    };

    private static string Url(int bytes) => "data:image/png;base64," + new string('A', bytes);

    private Tree.Map Picture() => Tree.Of(
        ("type", "image"),
        ("source", Tree.Of(("type", One("base64", "base64", "url")),
            ("media_type", One("image/png", "application/pdf")), ("data", new string('A', random.Next(5_000))))));

    private Tree.Map? Cited() => Rarely(4) ? Tree.Of(("enabled", One(Tree.True, Tree.False))) : null;

    private Tree AnthropicBlock() => random.Next(10) switch
    {
        0 => Picture(),
        9 => Tree.Of(("type", "tool_result"), ("content", Tree.List(Times(5, () => Tree.Of(
            ("type", "tool_reference"), ("tool_name", "read")))))),
        1 => Tree.Of(("type", "document"), ("source", Tree.Of(("type", One("text", "base64", "url")),
            ("media_type", "image/png"), ("data", Words()))), ("citations", Cited())),
        2 => Tree.Of(("type", "document"), ("source", Tree.Of(("type", "content"),
            ("content", Tree.List(Picture(), Tree.Of(("type", "text"), ("text", Words()))))))),
        3 => Tree.Of(("type", "tool_result"), ("tool_use_id", "t"), ("content", Tree.List(Times(2, AnthropicBlock)))),
        4 => Tree.Of(("type", "tool_use"), ("input", Tree.Of(("type", "image"), ("source", Tree.Of(("type", "base64"),
            ("data", Words()))), ("model", "x")))),
        5 => Tree.Of(("type", One("novel_block", "text", "search_result")), ("text", Words()),
            ("source", Rarely(2) ? Tree.Of(("type", "base64"), ("media_type", "image/png"), ("data", Words())) : null)),
        6 => Tree.Of(("type", "tool_addition"), ("tool", Tree.Of(("type", "tool_definition"),
            ("definition", Rarely(2) ? AnthropicTool() : Tree.Of(("name", "f")))))),
        _ => Tree.Of(("type", "text"), ("text", Words()),
            ("image_url", Rarely(9) ? "data:image/png;base64,AAAAAA" : null)),
    };

    private Tree AnthropicTool() => random.Next(9) switch
    {
        0 => Tree.Of(("type", "web_search_20250305"), ("max_uses", Rarely(2) ? Count(12) : null)),
        1 => Tree.Of(("type", "web_fetch_20260318"), ("max_uses", Rarely(2) ? Count(12) : null)),
        2 => Tree.Of(("type", "advisor_20260301"), ("name", "advisor"),
            ("model", Rarely(9) ? null : One([.. Claudes, "claude-unknown"])),
            ("max_uses", Rarely(2) ? Count(9) : null), ("max_tokens", Rarely(3) ? Count(300_000) : null)),
        3 => Tree.Of(("type", "code_execution_20260521"), ("name", "code_execution")),
        4 => Tree.Of(("type", "tool_search_tool_regex_20251119"), ("name", "tool_search_tool_regex")),
        5 when Rarely(3) => Tree.Of(("type", "oracle_20270101"), ("name", "o")),
        _ => Tree.Of(("name", "read"), ("description", Words()), ("input_schema", Tree.Of(
            ("type", "object"), ("properties", Tree.Of(("model", Tree.Of(("enum", Tree.List("gpt-6-sol"))))))))),
    };

    private (Api, string, Tree) Responses()
    {
        var model = One(Gpts);
        return (Apis.Responses, model, Tree.Of(
            ("model", model), ("input", Rarely(3) ? Words() : Tree.List(Times(4, OpenAiItem))),
            ("max_output_tokens", Rarely(2) ? Count(50_000) : null), ("instructions", Rarely(2) ? Words() : null),
            ("tools", Rarely(3) ? null : Tree.List(Times(3, OpenAiTool))),
            ("max_tool_calls", Rarely(3) ? Count(12) : null), Tier(),
            ("context_management", Rarely(6) ? Tree.List(Tree.Of(("type", "compaction"))) : null),
            ("previous_response_id", Rarely(9) ? "resp_1" : null), ("store", Tree.True),
            ("reasoning", Rarely(4) ? Tree.Of(("effort", "high"), ("mode", Rarely(5) ? "pro" : null)) : null),
            ("prompt", Rarely(50) ? Tree.Of(("id", "p")) : null), Odd()));
    }

    private (string, Tree?) Tier() =>
        ("service_tier", Rarely(2) ? One<Tree>("auto", "default", "flex", "priority", "scale", Tree.Null) : null);

    private Tree OpenAiItem() => random.Next(9) switch
    {
        0 => Tree.Of(("type", "reasoning"), ("encrypted_content", Rarely(2) ? Words() : null)),
        1 => Tree.Of(("id", "msg_1")),
        2 => Tree.Of(("type", "function_call_output"), ("call_id", "c"), ("output", Rarely(2) ? Words()
            : Tree.List(Tree.Of(("type", "input_image"), ("image_url", Url(900)))))),
        3 => Tree.Of(("type", "additional_tools"), ("role", "developer"), ("tools", Tree.List(Tree.Of(
            ("type", Rarely(4) ? "web_search" : "function"), ("name", "f"), ("description", Words()))))),
        4 when Rarely(3) => Tree.Of(("type", "compaction_trigger")),
        5 => Tree.Of(("type", "input_file"), ("file_id", "f")),
        _ => Tree.Of(("type", "message"), ("role", "user"), ("content", Tree.List(
            Tree.Of(("type", "input_text"), ("text", Words())),
            Tree.Of(("type", One("input_image", "input_text")),
                ("image_url", Url(random.Next(3_000))), ("text", Words()))))),
    };

    private Tree OpenAiTool() => random.Next(8) switch
    {
        0 => Tree.Of(("type", "web_search"), ("external_web_access", Tree.True)),
        1 => Tree.Of(("type", "file_search"), ("vector_store_ids", Tree.List("v"))),
        2 => Tree.Of(("type", "code_interpreter"), ("container", Tree.Of(("type", "auto"),
            ("memory_limit", Rarely(4) ? "64g" : null)))),
        3 => Tree.Of(("type", "mcp"), ("server_label", "l"), ("server_url", "https://x")),
        4 => Tree.Of(("type", "shell"), ("environment", Tree.Of(("type", One("local", "container_auto"))))),
        5 => Tree.Of(("type", "image_generation"), ("model", Rarely(3) ? "gpt-image-2" : null)),
        _ => Tree.Of(("type", "function"), ("name", "f"), ("parameters", Tree.Of(("type", "object"))),
            ("description", Words())),
    };

    private (Api, string, Tree) Chat()
    {
        var model = One([.. Gpts, "qwen-plus", "qwen3.8-max"]);
        return (Apis.Chat, model, Tree.Of(
            ("model", model), ("messages", Tree.List(Times(3, () => Tree.Of(
                ("role", "user"), ("content", Rarely(2) ? Words() : Tree.List(
                    Tree.Of(("type", "text"), ("text", Words())),
                    Tree.Of(("type", One("image_url", "file", "novel")), ("image_url", Tree.Of(
                        ("url", Url(random.Next(3_000)))))))))))),
            ("n", Rarely(3) ? Count(5) : null), ("max_tokens", Rarely(2) ? Count(30_000) : null),
            ("max_completion_tokens", Rarely(2) ? Count(30_000) : null), Tier(),
            ("stream", Rarely(2) ? Tree.True : null), ("thinking_budget", Rarely(3) ? Count(9_000) : null),
            ("enable_thinking", Rarely(4) ? One(Tree.True, Tree.False, Tree.Null) : null),
            ("prediction", Rarely(4) ? Tree.Of(("type", "content"), ("content", Words())) : null),
            ("web_search_options", Rarely(9) ? Tree.Of() : null),
            ("tools", Rarely(4) ? Tree.List(Tree.Of(("type", One("function", "web_search")), ("function", Tree.Of(
                ("name", "f"))))) : null), Odd()));
    }

    private (Api, string, Tree) Gemini() => (Apis.GenerateContent, "gemini-2.5-pro", Tree.Of(
        ("contents", Tree.List(Tree.Of(("role", "user"), ("parts", Tree.List(Times(3, GeminiPart)))))),
        (One("generationConfig", "generation_config"), Rarely(3) ? null : Tree.Of(
            (One("maxOutputTokens", "max_output_tokens"), Rarely(2) ? random.Next(1, 40_000) : null),
            ("candidateCount", Rarely(4) ? random.Next(1, 4) : null), ("responseModalities", Tree.List("TEXT")),
            ("routingConfig", Rarely(30) ? Tree.Of(("manualMode", Tree.Of(("modelName", "x")))) : null))),
        ("tools", Rarely(2) ? Tree.List(Times(2, () => Tree.Of((One(
            "googleSearch", "urlContext", "codeExecution", "google_search", "exaAiSearch", "functionDeclarations"),
            Tree.Of())))) : null),
        ("serviceTier", Rarely(6) ? One("standard", "flex", "priority") : null),
        ("cachedContent", Rarely(9) ? "cachedContents/1" : null)));

    private Tree GeminiPart() => random.Next(5) switch
    {
        0 => Tree.Of((One("inlineData", "inline_data"), Tree.Of(
            (One("mimeType", "mime_type"), One("image/png", "application/pdf")),
            ("data", new string('A', random.Next(4_000)))))),
        1 => Tree.Of(("functionResponse", Tree.Of(("name", "f"), ("response", Tree.Of(("inlineData", Tree.Of(
            ("mimeType", "image/png"), ("data", Words())))))))),
        2 => Tree.Of(("fileData", Tree.Of(("fileUri", "u")))),
        _ => Tree.Of(("text", Words())),
    };

    private List<Tree> Times(int most, Func<Tree> make) =>
        [.. Enumerable.Range(0, random.Next(most + 1)).Select(_ => make())];
}
