using System.Text;
using System.Text.Json;
using Guerdon.Pricing.Costing;

namespace Guerdon.Unit.Gateway.Holds;

/// <summary>
/// Bills the dearest answer that a body allows, by the providers' own rules and by nothing of the gateway's: what they
/// document of turns, caps, uses, fees, tiers and fallbacks. Amounts are nano-USD times a million.
/// </summary>
internal sealed class Biller(Func<string, ServiceTier, Price?> priceOf)
{
    // Documented by Anthropic: the turns of its own tools within one call.
    private const int ServerTurns = 10;

    private const int AnthropicPicture = 4_784;
    private const int OpenAiPicture = 10_000;

    /// <summary>The most that the forwarded body can cost.</summary>
    public Int128 Dearest(string model, string forwarded, bool isGemini)
    {
        using var json = JsonDocument.Parse(forwarded);
        var body = json.RootElement;
        if (isGemini) return Gemini(model, body);
        return body.TryGetProperty("messages", out _) && model.StartsWith("claude", StringComparison.Ordinal)
            ? Anthropic(model, body)
            : OpenAi(model, body);
    }

    private Int128 Anthropic(string model, JsonElement body)
    {
        var asked = Row(model);
        var tools = Of(body, "tools").ToArray();
        var cap = Number(body, "max_tokens") ?? asked.MaxOutputTokens;
        // A name of a tool in a result is read as the tool's whole definition.
        var definition = tools.Select(tool => Tokens(tool, AnthropicPicture, asked)).DefaultIfEmpty().Max();
        var named = Count(body, "tool_reference") * definition;
        var read = Math.Min(asked.ContextTokens, Tokens(body, AnthropicPicture, asked) + named);

        long uses = 0, advice = 0;
        Int128 cost = 0;
        // Servers of tools are asked for their lists before the first turn.
        var isListed = Of(body, "mcp_servers").Any();
        var (isServed, brings) = (isListed, isListed);
        foreach (var tool in tools)
        {
            var type = Text(tool, "type") ?? "";
            var most = Number(tool, "max_uses") ?? 0;
            if (Is(type, "web_search")) cost += most * Fee(asked, f => f.WebSearch);
            if (Is(type, "web_")) brings = true;
            if (Is(type, "code_execution"))
            {
                cost += Fee(asked, f => f.CodeExecution);
                (isServed, brings) = (true, true);
            }

            if (Is(type, "tool_search")) (isServed, brings) = (true, true); // definitions, as often as it finds them
            isListed |= Is(type, "mcp_toolset");
            if (Is(type, "advisor")) advice += most * AdviceOf(tool);
            // Unsaid uses would be as many as the provider likes.
            if (Is(type, "web_") || Is(type, "advisor"))
                uses += Number(tool, "max_uses") ?? 1_000_000;
        }

        // Uses that are spent do not end the loop: whoever asks again gets an error, and the model reads on.
        var turns = uses > 0 || isServed ? 1 + Math.Max(uses, ServerTurns) : 1;
        var fast = Text(body, "speed") == "fast";
        var attempts = Attempts(body, model, cap, fast).ToArray();
        // Every turn's words are read by the turns after it; a model that declines has written too.
        var window = attempts.Max(attempt => Row(attempt.Model).ContextTokens);
        var written = attempts.Max(attempt => attempt.Cap) * (turns + Math.Max(0, attempts.Length - 2));
        var context = brings ? window : Math.Min(window, read + written + advice);
        foreach (var tool in tools.Where(t => Text(t, "type")?.StartsWith("advisor", StringComparison.Ordinal) == true))
        {
            var advisor = Row(Text(tool, "model")!);
            cost += Number(tool, "max_uses")!.Value
                * Run(advisor, Math.Min(advisor.ContextTokens, context), AdviceOf(tool));
        }

        var summaries = Of(Get(body, "context_management"), "edits").Any(e => Text(e, "type") == "compact_20260112")
            || Get(body, "compaction") is { ValueKind: JsonValueKind.Object };
        var before = isListed ? window : read;
        foreach (var (name, own, isFast) in attempts)
        {
            // Each attempt is charged, the declined ones too; what is asked fast may be served at either speed.
            var price = Dearer(name, isFast ? ServiceTier.Fast : Left(body, name));
            var (first, again) = (Math.Min(before, price.ContextTokens), Math.Min(context, price.ContextTokens));
            before += own;
            if (brings) again = price.ContextTokens;
            cost += Run(price, first + (turns - 1) * again, turns * own);
            if (summaries) cost += turns * Run(price, price.ContextTokens, price.MaxOutputTokens);
        }

        return cost;
    }

    private static IEnumerable<(string Model, long Cap, bool IsFast)> Attempts(
        JsonElement body, string model, long cap, bool fast)
    {
        yield return (model, cap, fast);
        foreach (var other in Of(body, "fallbacks"))
        {
            var isFast = fast || Text(other, "speed") == "fast";
            yield return (Text(other, "model")!, Number(other, "max_tokens") ?? cap, isFast);
        }
    }

    private Int128 OpenAi(string model, JsonElement body)
    {
        // Left open, the tier is the project's, which may be the dearest that there is.
        var price = Dearer(model, Left(body, model));
        var cap = Math.Max(Number(body, "max_output_tokens") ?? 0,
            Math.Max(Number(body, "max_completion_tokens") ?? 0, Number(body, "max_tokens") ?? 0));
        if (cap == 0) cap = price.MaxOutputTokens;
        var choices = Number(body, "n") ?? 1;
        var read = Math.Min(price.ContextTokens, Tokens(body, OpenAiPicture, price));

        long dearest = 0;
        var (isRun, isListed) = (false, false);
        foreach (var tool in Of(body, "tools"))
        {
            long? fee = Text(tool, "type") switch
            {
                "web_search" => price.Fees.WebSearch,
                "file_search" => price.Fees.FileSearch,
                "code_interpreter" => price.Fees.CodeExecution,
                "image_generation" => price.Fees.ImageGeneration,
                "shell" => Text(Get(tool, "environment"), "type") == "container_auto" ? price.Fees.CodeExecution : null,
                "mcp" => 0,
                _ => null,
            };
            isRun |= fee is not null;
            isListed |= Text(tool, "type") == "mcp"; // before the first turn its server is asked for a list
            dearest = Math.Max(dearest, fee ?? 0);
        }

        var calls = isRun ? Number(body, "max_tool_calls") ?? 1_000_000 : 0;
        var searches = body.TryGetProperty("web_search_options", out _) ? choices : 0;
        var turns = 1 + calls;
        var all = (searches > 0 || isListed ? price.ContextTokens : read) + (turns - 1) * price.ContextTokens;
        var cost = calls * (Int128)dearest * 1_000_000 + searches * Fee(price, f => f.WebSearch)
            + Run(price, all, (cap + Thought(price, body)) * choices);
        if (body.TryGetProperty("prediction", out var foretold))
            cost += choices * (Int128)Encoding.UTF8.GetByteCount(Text(foretold, "content")!) * price.Base.Output;
        var isTriggered = Of(body, "input").Any(item => Text(item, "type") == "compaction_trigger");
        if (isTriggered || body.TryGetProperty("context_management", out _))
            cost += turns * Run(price, price.ContextTokens, price.MaxOutputTokens);
        return cost;
    }

    // Alibaba's cap is for the answer alone, except of newer models; thoughts end with their budget or the window.
    private static long Thought(Price price, JsonElement body)
    {
        if (price.Provider != "alibaba" || price.Model == "qwen3.8-max") return 0;
        if (Get(body, "enable_thinking") is { ValueKind: JsonValueKind.False }) return 0;
        return Math.Min(Number(body, "thinking_budget") ?? price.ContextTokens, price.ContextTokens);
    }

    private static long Count(JsonElement json, string type) => json.ValueKind switch
    {
        JsonValueKind.Array => json.EnumerateArray().Sum(item => Count(item, type)),
        JsonValueKind.Object => (Text(json, "type") == type ? 1 : 0)
            + json.EnumerateObject().Sum(member => Count(member.Value, type)),
        _ => 0,
    };

    private Int128 Gemini(string model, JsonElement body)
    {
        var tier = Text(body, "serviceTier") switch
        {
            "flex" => ServiceTier.Flex,
            "priority" => ServiceTier.Priority,
            _ => ServiceTier.Standard,
        };
        var price = Dearer(model, tier);
        var config = Get(body, "generationConfig") ?? Get(body, "generation_config");
        var cap = Number(config, "maxOutputTokens") ?? Number(config, "max_output_tokens") ?? price.MaxOutputTokens;
        var read = Math.Min(price.ContextTokens, Tokens(body, OpenAiPicture, price));
        Int128 cost = 0;
        foreach (var tool in Of(body, "tools"))
        {
            foreach (var member in tool.EnumerateObject())
            {
                var name = member.Name.Replace("_", "", StringComparison.Ordinal);
                if (name == "functionDeclarations") continue;
                read = Math.Max(read, 0) + price.ContextTokens / Math.Max(1, tool.EnumerateObject().Count());
                if (name == "googleSearch") cost += Fee(price, f => f.GroundedPrompt);
            }
        }

        var choices = Number(config, "candidateCount") ?? 1;
        return cost + Run(price, Math.Min(read, 2 * price.ContextTokens), cap * choices);
    }

    // The tier that is served where the body leaves it to the provider: priority, where that is sold.
    private ServiceTier Left(JsonElement body, string model) => Text(body, "service_tier") switch
    {
        "flex" => ServiceTier.Flex,
        "priority" => ServiceTier.Priority,
        "default" or "standard_only" => ServiceTier.Standard,
        _ => priceOf(model, ServiceTier.Priority) is null ? ServiceTier.Standard : ServiceTier.Priority,
    };

    private Price Row(string model) => priceOf(model, ServiceTier.Standard)!;

    // What is asked in a tier may be served in the standard one.
    private Price Dearer(string model, ServiceTier tier)
    {
        var (asked, standard) = (priceOf(model, tier)!, Row(model));
        return asked.Base.Output > standard.Base.Output ? asked : standard;
    }

    private long AdviceOf(JsonElement tool)
    {
        var most = Row(Text(tool, "model")!).MaxOutputTokens;
        return Number(tool, "max_tokens") ?? most;
    }

    // All of it written to the dearest cache, and at the rates of a long call where it is one.
    private static Int128 Run(Price price, long input, long output)
    {
        var rates = price.TierOver is { } over && input > over ? price.Tier! : price.Base;
        var dearest = Math.Max(rates.Input, Math.Max(rates.CacheWrite5m, rates.CacheWrite1h));
        return (Int128)input * dearest + (Int128)output * rates.Output + (Int128)price.PerRequest.Nanos * 1_000_000;
    }

    private static Int128 Fee(Price price, Func<Fees, long?> of) => (Int128)(of(price.Fees) ?? 0) * 1_000_000;

    // A token a byte of all texts and names; pictures at their most; what is kept elsewhere, or read from files that
    // say nothing of their pages, as much as the window takes.
    private static long Tokens(JsonElement json, int picture, Price price)
    {
        switch (json.ValueKind)
        {
            case JsonValueKind.String: return Encoding.UTF8.GetByteCount(json.GetString()!);
            case JsonValueKind.Array: return json.EnumerateArray().Sum(item => Tokens(item, picture, price));
            case JsonValueKind.Object: break;
            default: return 1;
        }

        var type = Text(json, "type");
        var source = Get(json, "source");
        var isPicture = (type == "image" && Text(source, "type") is "base64" or "url"
                && Text(source, "media_type") is "image/png")
            || type is "image_url" or "input_image"
            || Text(json, "mimeType") == "image/png" || Text(json, "mime_type") == "image/png";
        if (IsElsewhere(json, type, source)) return price.ContextTokens;
        if (isPicture) return picture;
        return json.EnumerateObject().Sum(m => Encoding.UTF8.GetByteCount(m.Name) + (IsCallers(m)
            ? Encoding.UTF8.GetByteCount(m.Value.GetRawText())
            : Tokens(m.Value, picture, price)));
    }

    // What a function was called with and what it gave back is text, whatever it looks like.
    private static bool IsCallers(JsonProperty member) =>
        member is { Name: "input" or "response", Value.ValueKind: JsonValueKind.Object };

    private static bool IsElsewhere(JsonElement json, string? type, JsonElement? source) =>
        type is "input_file" or "file" or "item_reference" || json.TryGetProperty("fileUri", out _)
        || json.TryGetProperty("previous_response_id", out _) || json.TryGetProperty("cachedContent", out _)
        || (json.TryGetProperty("container", out _) && json.TryGetProperty("model", out _))
        || (type == "document" && Text(source, "type") is "base64" or "url")
        || (Get(json, "citations") is { ValueKind: JsonValueKind.Object } cited
            && Get(cited, "enabled") is not { ValueKind: JsonValueKind.False }) // in sentences, each of them numbered
        || (type == "reasoning" && !json.TryGetProperty("encrypted_content", out _))
        || Text(json, "mimeType") == "application/pdf" || Text(json, "mime_type") == "application/pdf";

    private static bool Is(string type, string kind) => type.StartsWith(kind, StringComparison.Ordinal);

    private static JsonElement? Get(JsonElement? json, string name) =>
        json is { ValueKind: JsonValueKind.Object } map && map.TryGetProperty(name, out var value) ? value : null;

    private static string? Text(JsonElement? json, string name) =>
        Get(json, name) is { ValueKind: JsonValueKind.String } text ? text.GetString() : null;

    private static long? Number(JsonElement? json, string name) =>
        Get(json, name) is { ValueKind: JsonValueKind.Number } number ? number.GetInt64() : null;

    private static JsonElement.ArrayEnumerator Of(JsonElement? json, string name) =>
        Get(json, name) is { ValueKind: JsonValueKind.Array } items ? items.EnumerateArray() : [];
}
