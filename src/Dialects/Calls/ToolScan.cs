using System.Text.Json;

namespace Guerdon.Dialects.Calls;

/// <summary>
/// Looks through tools for those that the provider runs by itself. One that nobody knows is refused: what it costs, and
/// how often it runs, is not known either.
/// </summary>
internal static class ToolScan
{
    private enum Part
    {
        None, Type, Description, Cache, MaxUses, MaxTokens, Model, Tools, Place, Execution, Container, Memory, Size,
        Partial, Fidelity,
    }

    private static readonly NameTable<Part> Parts = new(
        (Part.Type, ["type"]),
        // They are not read, because anything may stand in schemas and words.
        (Part.Description,
        [
            "name", "description", "input_schema", "parameters", "function", "custom", "input_examples", "format",
            "headers", "authorization", "server_description", "output_schema",
        ]),
        (Part.Cache, ["cache_control", "caching"]), (Part.MaxUses, ["max_uses"]), (Part.MaxTokens, ["max_tokens"]),
        (Part.Model, ["model"]), (Part.Tools, ["tools", "definition"]), (Part.Place, ["environment"]),
        (Part.Execution, ["execution"]), (Part.Container, ["container"]), (Part.Memory, ["memory_limit"]),
        (Part.Size, ["size"]), (Part.Partial, ["partial_images"]), (Part.Fidelity, ["input_fidelity"]));

    private struct Tool
    {
        public int At, InsertAt, ModelAt;
        public ToolKind Kind;
        public HostedRule? Rule;
        public bool IsUnknown, IsShell, IsElsewhere, IsClient, IsReference;
        public AskedCap MaxUses, MaxTokens;
        public string? Model;
    }

    /// <summary>Scans an array of tools, or one tool, and stops at its last token.</summary>
    /// <param name="json">Stands on its first token.</param>
    /// <param name="facts">Takes what is found.</param>
    /// <param name="rules">What models there are.</param>
    /// <param name="isContent">They stand in the prompt, where only the caller's own can be let pass.</param>
    public static void Tools(ref StrictJson json, ref CallFacts facts, ReadingRules rules, bool isContent)
    {
        if (json.TokenType == JsonTokenType.StartObject) One(ref json, ref facts, rules, isContent);
        if (json.TokenType != JsonTokenType.StartArray) return;
        while (json.Read() && json.TokenType != JsonTokenType.EndArray)
        {
            facts.HasTools = true;
            if (json.TokenType == JsonTokenType.StartObject) One(ref json, ref facts, rules, isContent);
            else json.Skip();
        }
    }

    private static void One(ref StrictJson json, ref CallFacts facts, ReadingRules rules, bool isContent)
    {
        facts.HasTools = true;
        var (start, swelling) = (json.Start, json.Swelling);
        var tool = new Tool { At = json.Start, InsertAt = json.Start + 1, ModelAt = -1, Kind = ToolKind.Declared };
        while (json.Read() && json.TokenType == JsonTokenType.PropertyName)
            Member(ref json, ref facts, rules, ref tool);
        facts.LargestTool = Math.Max(facts.LargestTool, json.Consumed - start + json.Swelling - swelling);
        if (json.Fault is null) Close(ref json, ref facts, tool, isContent);
    }

    private static void Member(ref StrictJson json, ref CallFacts facts, ReadingRules rules, ref Tool tool)
    {
        var part = Parts.OfName(json) ?? Part.None;
        var selector = part == Part.None && ReadingRules.IsSelector(json) ? json.Start : -1;
        if (!json.Read()) return;
        if (part == Part.Type) TakeType(json, facts.Api.Dialect, ref tool);
        else if (part == Part.Tools) Tools(ref json, ref facts, rules, isContent: true);
        else if (selector >= 0) ReadingRules.RefuseModel(ref json, selector);
        else if (part == Part.None) rules.NameNoModel(ref json);
        else if (!TryCheck(ref json, part, ref tool))
        {
            Note(json, part, ref facts, ref tool);
            json.SkipForeign();
        }
    }

    private static void Note(in StrictJson json, Part part, ref CallFacts facts, ref Tool tool)
    {
        if (part == Part.Cache) facts.HasCacheControl |= json.IsSet;
        if (part != Part.Model) return;
        tool.ModelAt = json.IsSet ? json.Start : -1;
        tool.Model = json.IsString && !json.ValueIsEscaped ? ModelNames.Get(json.ValueSpan) : null;
    }

    private static bool TryCheck(ref StrictJson json, Part part, ref Tool tool)
    {
        switch (part)
        {
            case Part.MaxUses or Part.MaxTokens: TakeCount(ref json, ref tool, part == Part.MaxUses); return true;
            case Part.Place: tool.IsElsewhere = json.IsSet && !SaysLocal(ref json); return true;
            case Part.Execution: tool.IsClient = json.IsString && json.Is("client"u8); return true;
            case Part.Container or Part.Memory: CheckMemory(ref json, part == Part.Memory); return true;
            case Part.Size or Part.Partial or Part.Fidelity: CheckPicture(ref json, part); return true;
            default: return false;
        }
    }

    private static void TakeType(in StrictJson json, Dialect dialect, ref Tool tool)
    {
        if (!json.IsSet) return;
        tool.At = json.Start;
        tool.IsShell = json.IsString && json.Is("shell"u8); // a computer's environment is what it looks like
        tool.IsReference = json.IsString && json.ValueSpan.EndsWith("_reference"u8);
        if (dialect.ToolOf(json) is { } known) (tool.Kind, tool.Rule) = known;
        else tool.IsUnknown = true;
    }

    private static void TakeCount(ref StrictJson json, ref Tool tool, bool isUses)
    {
        if (!json.IsSet)
        {
            if (isUses) tool.MaxUses = new AskedCap(json.Here, null);
            else tool.MaxTokens = new AskedCap(json.Here, null);
        }
        else if (!json.TryGetInt64(out var count) || count < 0)
        {
            json.Refuse(DialectRefusals.MalformedBody, json.Start,
                $"{{0}} must be a whole number, not negative, at byte {json.Start + 1} of the body.");
        }
        else if (isUses) tool.MaxUses = new AskedCap(json.Here, count);
        else tool.MaxTokens = new AskedCap(json.Here, count);
    }

    // The caller's shell costs nothing; otherwise the shell runs in a container that is made for the call.
    private static bool SaysLocal(ref StrictJson json)
    {
        var (isLocal, at) = (false, json.Start);
        if (json.TokenType != JsonTokenType.StartObject) return false;
        while (json.Read() && json.TokenType == JsonTokenType.PropertyName)
        {
            var (isType, isMemory) = (json.Is("type"u8), json.Is("memory_limit"u8));
            if (!json.Read()) break;
            if (isMemory) CheckMemory(ref json, isMemory: true);
            if (isType && json.IsString)
            {
                isLocal = json.Is("local"u8);
                if (!isLocal && !json.Is("container_auto"u8))
                    json.Refuse(DialectRefusals.Unbounded, at, "{0} is a container whose size the body does not show.");
            }

            json.Skip();
        }

        return isLocal;
    }

    // Only the smallest size has a price. A container that is named is refused, since its size is not in the body.
    private static void CheckMemory(ref StrictJson json, bool isMemory)
    {
        if (isMemory)
        {
            if (json.IsSet && !(json.IsString && json.Is("1g"u8)))
                json.Refuse(DialectRefusals.Unpriced, json.Start, "{0} asks for a larger container.");
            return;
        }

        if (json.IsString && !json.Is("auto"u8))
            json.Refuse(DialectRefusals.Unbounded, json.Start, "{0} is a container whose size the body does not show.");
        if (json.TokenType != JsonTokenType.StartObject) return;
        while (json.Read() && json.TokenType == JsonTokenType.PropertyName)
        {
            var isLimit = json.Is("memory_limit"u8);
            if (!json.Read()) break;
            if (isLimit) CheckMemory(ref json, isMemory: true);
            else json.Skip();
        }
    }

    // Only sizes that are known pass, and nothing beside them, because the fee is for such a picture alone.
    private static void CheckPicture(ref StrictJson json, Part part)
    {
        var isCovered = !json.IsSet || part switch
        {
            Part.Size => PictureSizes.IsKnown(json),
            Part.Partial => json.TryGetInt64(out var count) && count == 0,
            _ => json.IsString && json.Is("low"u8),
        };
        if (isCovered) json.Skip();
        else json.Refuse(DialectRefusals.Unpriced, json.Start, "{0} asks for more than a picture's fee covers.");
    }

    private static void Close(ref StrictJson json, ref CallFacts facts, in Tool tool, bool isContent)
    {
        var rule = tool is { IsShell: true, IsElsewhere: true } ? HostedRules.Container : tool.Rule;
        if (tool.IsClient && rule is { MayBeCallers: true }) rule = null;
        if (tool.ModelAt >= 0 && rule is not { RunsModel: true }) ReadingRules.RefuseModel(ref json, tool.ModelAt);
        else if (tool.IsUnknown)
            json.Refuse(DialectRefusals.UnknownTool, tool.At,
                $"{{0}}, at byte {tool.At + 1} of the body, is not a tool that Guerdon knows.");
        else if (rule is not null && (isContent || !facts.Api.HostsTools))
            json.Refuse(DialectRefusals.UnknownTool, tool.At,
                $"{{0}}, at byte {tool.At + 1} of the body, is run by the provider and stands outside of 'tools'.");
        else Add(ref json, ref facts, tool, rule);
    }

    private static void Add(ref StrictJson json, ref CallFacts facts, in Tool tool, HostedRule? rule)
    {
        if (rule is null)
        {
            if (tool.IsReference) facts.ToolReferences++;
            if (tool.Kind == ToolKind.BuiltIn || tool.Rule is not null) facts.BuiltInTools++;
            return;
        }

        var model = rule.RunsModel
            ? new NamedModel(tool.Model ?? "", tool.ModelAt < 0 ? tool.At : tool.ModelAt, tool.MaxTokens, false)
            : null;
        HostedRules.Add(ref json, ref facts, new HostedCall(rule, tool.At)
        {
            MaxUses = tool.MaxUses, InsertAt = tool.InsertAt, Model = model,
        });
    }
}
