using System.Text.Json;
using Guerdon.Pricing.Costing;

namespace Guerdon.Dialects.Calls;

/// <summary>
/// Looks through prompts for what a body's bytes do not bound: images, files, stored context, tools and models.
/// </summary>
/// <remarks>
/// It errs to one side: an item of a kind that it does not know reads beyond the body, and the hold is then the model's
/// whole window. Bytes are taken for a picture's only where they stand in that very picture's own item.
/// </remarks>
internal static class ContentScan
{
    private enum Kind
    {
        None, Unknown, Text, Image, Document, Reasoning, Beyond, Sound, Summary, Listing, Tools,
        Reference, Paged,
    }

    private enum Part
    {
        None, Type, Role, Source, ImageUrl, Items, Caller, Sound, Audio, Sealed, Cache, Tools, Tool, Id, File,
        Citations,
    }

    private static readonly NameTable<Kind> Kinds = new(
        (Kind.Text,
        [
            "text", "input_text", "output_text", "refusal", "thinking", "redacted_thinking", "tool_use", "tool_result",
            "server_tool_use", "web_search_tool_result", "web_search_result", "web_fetch_tool_result",
            "web_fetch_result", "code_execution_tool_result", "code_execution_result",
            "encrypted_code_execution_result", "code_execution_output", "bash_code_execution_tool_result",
            "bash_code_execution_result", "bash_code_execution_output", "text_editor_code_execution_tool_result",
            "text_editor_code_execution_view_result", "text_editor_code_execution_create_result",
            "text_editor_code_execution_str_replace_result", "tool_search_tool_result",
            "tool_search_tool_search_result", "mcp_tool_use", "mcp_tool_result", "search_result",
            "compaction", "fallback", "advisor_tool_result", "advisor_result", "advisor_redacted_result",
            "browser_state", "tool_removal", "summary_text", "reasoning_text", "message", "function_call",
            "function_call_output", "custom_tool_call", "custom_tool_call_output", "local_shell_call",
            "local_shell_call_output", "shell_call", "shell_call_output", "apply_patch_call",
            "apply_patch_call_output", "computer_call", "computer_call_output", "web_search_call",
            "file_search_call", "code_interpreter_call", "mcp_call", "mcp_approval_request", "mcp_approval_response",
            "tool_search_call", "program", "program_output", "agent_message", "function", "custom",
        ]),
        (Kind.Image, ["image", "image_url", "input_image", "computer_screenshot", "image_generation_call"]),
        (Kind.Document, ["document"]), (Kind.Reasoning, ["reasoning"]), (Kind.Sound, ["input_audio"]),
        (Kind.Beyond,
            ["file", "input_file", "item_reference", "container_upload", "audio_url", "video_url", "input_video"]),
        (Kind.Paged, ["document_url"]), (Kind.Reference, ["tool_reference"]), (Kind.Summary, ["compaction_trigger"]),
        (Kind.Listing, ["mcp_list_tools", "mcp_tool_listing"]),
        (Kind.Tools, ["additional_tools", "tool_search_output", "tool_addition"]));

    private static readonly NameTable<Part> Parts = new(
        (Part.Type, ["type"]), (Part.Role, ["role"]), (Part.Source, ["source"]), (Part.ImageUrl, ["image_url"]),
        (Part.Items, ["content", "output", "summary", "tool_changes"]),
        (Part.Caller, ["input", "arguments", "action", "metadata", "text", "caller", "toolset_name", "from", "to",
            "trigger"]),
        (Part.Sound, ["input_audio", "audio_url"]), (Part.Audio, ["audio"]), (Part.Sealed, ["encrypted_content"]),
        (Part.Cache, ["cache_control"]), (Part.Tools, ["tools"]), (Part.Tool, ["tool"]), (Part.Id, ["id"]),
        (Part.File, ["file", "file_id", "file_url", "file_data"]), (Part.Citations, ["citations"]));

    /// <summary>What an object is to the prompt.</summary>
    private enum Level
    {
        /// <summary>A message, or an item of OpenAI's input.</summary>
        Top,

        /// <summary>A block of a message, which says what it is.</summary>
        Block,

        /// <summary>A part of a block.</summary>
        Part,
    }

    /// <summary>What one object says of itself, until its end tells what it is.</summary>
    private struct Item
    {
        public Kind Kind;
        public int TypeAt;
        public bool HasRole, IsSealed, HasFile;
        public long PictureBytes;
        public SourceScan.Said Source;
    }

    /// <summary>Scans <c>messages</c>, <c>input</c> or <c>system</c>, and stops at its last token.</summary>
    public static void Content(ref StrictJson json, ref CallFacts facts, ReadingRules rules)
    {
        if (facts.Api.IsFree) json.Skip();
        else Value(ref json, ref facts, rules, Level.Top);
    }

    /// <summary>Scans what stands inside of a block, such as a document's own content.</summary>
    public static void Blocks(ref StrictJson json, ref CallFacts facts, ReadingRules rules) =>
        Value(ref json, ref facts, rules, Level.Block);

    private static void Value(ref StrictJson json, ref CallFacts facts, ReadingRules rules, Level level)
    {
        if (json.TokenType == JsonTokenType.StartObject)
        {
            Object(ref json, ref facts, rules, level);
            return;
        }

        if (json.TokenType != JsonTokenType.StartArray) return; // its bytes bound it
        while (json.Read() && json.TokenType != JsonTokenType.EndArray)
            Value(ref json, ref facts, rules, level);
    }

    private static void Object(ref StrictJson json, ref CallFacts facts, ReadingRules rules, Level level)
    {
        var item = default(Item);
        while (json.Read() && json.TokenType == JsonTokenType.PropertyName)
            Member(ref json, ref facts, rules, ref item);
        if (json.Fault is null) Close(ref json, ref facts, item, level);
    }

    private static void Member(ref StrictJson json, ref CallFacts facts, ReadingRules rules, ref Item item)
    {
        var part = Parts.OfName(json) ?? Part.None;
        var selector = part == Part.None && ReadingRules.IsSelector(json) ? json.Start : -1;
        if (!json.Read()) return;
        if (TryNote(json, part, ref facts, ref item)) json.SkipForeign();
        else if (selector >= 0 && NamesModel(json)) ReadingRules.RefuseModel(ref json, selector);
        else LookInto(ref json, part, ref facts, rules, ref item);
    }

    private static bool TryNote(in StrictJson json, Part part, ref CallFacts facts, ref Item item)
    {
        switch (part)
        {
            case Part.Type: (item.Kind, item.TypeAt) = (KindOf(json), json.Start); return true;
            case Part.Role: item.HasRole |= json.IsSet; return true;
            case Part.Id or Part.Caller: return true; // any names at all, and none of them ours
            case Part.Audio: facts.ReadsBeyondBody |= json.IsSet; return true; // an answer kept by the provider
            case Part.Sealed: item.IsSealed |= json.IsString && json.ValueSpan.Length > 0; return true;
            case Part.Cache: facts.HasCacheControl |= json.IsSet; return true;
            case Part.File: item.HasFile |= json.IsSet; return true;
            default: return false;
        }
    }

    private static void LookInto(ref StrictJson json, Part part, ref CallFacts facts, ReadingRules rules, ref Item item)
    {
        switch (part)
        {
            case Part.Source: item.Source = SourceScan.Read(ref json, ref facts, rules); break;
            case Part.ImageUrl: item.PictureBytes += SourceScan.PictureUrl(ref json); break;
            case Part.Items: Value(ref json, ref facts, rules, Level.Block); break;
            case Part.Tools or Part.Tool: ToolScan.Tools(ref json, ref facts, rules, isContent: true); break;
            case Part.Sound:
                facts.Asked |= Media.AudioInput;
                facts.ReadsBeyondBody |= SourceScan.IsSoundElsewhere(ref json);
                break;
            case Part.Citations when json.TokenType == JsonTokenType.StartObject:
                // Citations read beyond the body, because a text is cut into sentences with a number each, and no
                // provider says how many tokens that adds.
                facts.ReadsBeyondBody |= SourceScan.IsEnabled(ref json);
                break;

            default: Value(ref json, ref facts, rules, Level.Part); break;
        }
    }

    private static bool NamesModel(in StrictJson json) => json.IsString ? json.ValueSpan.Length > 0
        : json.TokenType is JsonTokenType.StartArray or JsonTokenType.StartObject;

    private static Kind KindOf(in StrictJson json)
    {
        if (!json.IsString) return Kind.None;
        if (Kinds.OfValue(json) is { } kind) return kind;
        return json.ValueSpan.EndsWith("_error"u8) ? Kind.Text : Kind.Unknown; // what a tool of theirs failed with
    }

    private static void Close(ref StrictJson json, ref CallFacts facts, in Item item, Level level)
    {
        switch (item.Kind)
        {
            case Kind.Image:
                facts.Images++;
                facts.ImageBytes += item.PictureBytes + item.Source.PictureBytes;
                facts.ReadsBeyondBody |= item.Source.IsOther;
                break;
            // A PDF's or file's size says nothing about its pages; only documents given as text are their bytes.
            case Kind.Document: facts.ReadsBeyondBody |= !item.Source.IsText; break;
            // Reasoning must be in the body, encrypted; otherwise it is fetched from the provider's store.
            case Kind.Reasoning: facts.ReadsBeyondBody |= !item.IsSealed; break;
            case Kind.Beyond: facts.ReadsBeyondBody = true; break;
            case Kind.Sound: facts.Asked |= Media.AudioInput; break;
            case Kind.Paged: // by Mistral, whose reader of documents has a price for each page
                json.Refuse(DialectRefusals.Unpriced, item.TypeAt, "{0} is read at a price for each of its pages.");
                return;

            case Kind.Reference: facts.ToolReferences++; break;
            case Kind.Summary: facts.Compacts = true; break;
            case Kind.Unknown: facts.ReadsBeyondBody |= level != Level.Part; break;
            // An input item that has only an id reads beyond the body, because OpenAI takes it as a
            // reference to a stored one.
            case Kind.None: facts.ReadsBeyondBody |= level == Level.Top && !item.HasRole; break;
        }

        facts.ReadsBeyondBody |= item.HasFile && level != Level.Part && item.Kind is not (Kind.Image or Kind.Text);
    }
}
