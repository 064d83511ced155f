using System.Text.Json;
using Stipend.Pricing;

namespace Stipend.Gateway;

/// <summary>
/// Looks through prompts and tools for what a body's bytes do not bound: images, files, stored context.
/// </summary>
/// <remarks>
/// It errs to one side: what it does not know, or what is written with escapes to hide it, reads beyond the body. The
/// hold is then the model's whole window.
/// </remarks>
internal static class ContentScan
{
    /// <summary>Scans <c>messages</c>, <c>input</c> or <c>system</c>, and stops at its last token.</summary>
    public static void Content(ref Utf8JsonReader json, ref CallFacts facts)
    {
        if (json.TokenType != JsonTokenType.StartArray) return; // a string: its bytes bound it

        var scan = new Scan { Depth = json.CurrentDepth, SourceDepth = -1 };
        while (json.Read() && json.CurrentDepth > scan.Depth)
        {
            var isItem = json.CurrentDepth == scan.Depth + 1;
            switch (json.TokenType)
            {
                case JsonTokenType.PropertyName:
                    Property(ref json, ref facts, ref scan);
                    break;
                case JsonTokenType.StartObject when isItem:
                    scan.ItemNamed = false;
                    break;
                case JsonTokenType.EndObject when isItem:
                    // OpenAI reads an input item with an id alone as a reference to a stored one.
                    facts.ReadsBeyondBody |= !scan.ItemNamed;
                    break;
                case JsonTokenType.EndObject when json.CurrentDepth < scan.SourceDepth:
                    scan.SourceDepth = -1;
                    break;
            }
        }

        // A PDF's or file's size says nothing about its pages; only documents given as text are their bytes.
        facts.ReadsBeyondBody |= scan.Documents > scan.TextDocuments;
        // Reasoning that is not in the body encrypted is fetched from the provider's store.
        facts.ReadsBeyondBody |= scan.Reasonings > scan.Encrypted;
    }

    private struct Scan
    {
        public int Depth;
        public int SourceDepth;
        public bool ItemNamed;
        public int Documents;
        public int TextDocuments;
        public int Reasonings;
        public int Encrypted;
    }

    private static void Property(ref Utf8JsonReader json, ref CallFacts facts, ref Scan scan)
    {
        facts.ReadsBeyondBody |= json.ValueIsEscaped;
        // Escaped or not: what a model has no price for must not pass as text. No token of sound is less than a byte.
        if (json.ValueTextEquals("input_audio"u8) || json.ValueTextEquals("audio_url"u8))
            facts.Asked |= Media.AudioInput;
        var name = json.ValueSpan;
        var depth = json.CurrentDepth;
        json.Read();
        var isString = json.TokenType == JsonTokenType.String;
        var isSet = json.TokenType != JsonTokenType.Null;

        if (name.SequenceEqual("type"u8))
        {
            scan.ItemNamed |= isSet && depth == scan.Depth + 2;
            if (isString && depth == scan.SourceDepth) SourceType(json.ValueSpan, ref scan);
            else if (isString) PartType(ref json, ref facts, ref scan);
        }
        else if (name.SequenceEqual("role"u8)) scan.ItemNamed |= isSet && depth == scan.Depth + 2;
        else if (name.SequenceEqual("source"u8) && json.TokenType == JsonTokenType.StartObject)
        {
            scan.SourceDepth = depth + 1;
        }
        else if (name.SequenceEqual("data"u8) && isString && depth == scan.SourceDepth)
        {
            facts.ImageBytes += json.ValueSpan.Length; // where it is a document's, the whole window is held anyway
        }
        else if ((name.SequenceEqual("url"u8) || name.SequenceEqual("image_url"u8)) && isString)
        {
            if (json.ValueSpan.StartsWith("data:image/"u8)) facts.ImageBytes += json.ValueSpan.Length;
        }
        else if (name.SequenceEqual("cache_control"u8)) facts.HasCacheControl |= isSet;
        else if (name.SequenceEqual("encrypted_content"u8)) scan.Encrypted += isString ? 1 : 0;
        // An earlier spoken answer, kept by the provider.
        else if (name.SequenceEqual("audio"u8)) facts.ReadsBeyondBody |= isSet;
        // A tool call's arguments: any names at all, and none of them ours.
        else if (name.SequenceEqual("input"u8)) json.Skip();
    }

    private static void SourceType(ReadOnlySpan<byte> type, ref Scan scan)
    {
        if (type.SequenceEqual("text"u8) || type.SequenceEqual("content"u8)) scan.TextDocuments++;
    }

    private static void PartType(ref Utf8JsonReader json, ref CallFacts facts, ref Scan scan)
    {
        facts.ReadsBeyondBody |= json.ValueIsEscaped;
        var type = json.ValueSpan;
        if (type.SequenceEqual("text"u8)) return;

        if (type.SequenceEqual("image"u8) || type.SequenceEqual("image_url"u8) || type.SequenceEqual("input_image"u8)
            || type.SequenceEqual("computer_screenshot"u8))
        {
            facts.Images++;
        }
        else if (type.SequenceEqual("document"u8)) scan.Documents++;
        else if (type.SequenceEqual("reasoning"u8)) scan.Reasonings++;
        else if (type.SequenceEqual("file"u8) || type.SequenceEqual("input_file"u8)
            || type.SequenceEqual("item_reference"u8) || type.SequenceEqual("container_upload"u8)
            || type.SequenceEqual("video_url"u8) || type.SequenceEqual("audio_url"u8))
        {
            facts.ReadsBeyondBody = true;
        }
    }

    /// <summary>Scans <c>tools</c>, and stops at its last token.</summary>
    public static void Tools(ref Utf8JsonReader json, ref CallFacts facts)
    {
        var depth = json.CurrentDepth;
        while (json.Read() && json.CurrentDepth > depth)
        {
            facts.HasTools = true;
            if (json.TokenType != JsonTokenType.PropertyName || json.CurrentDepth != depth + 2) continue;

            var isType = json.ValueTextEquals("type"u8);
            var isCache = json.ValueTextEquals("cache_control"u8);
            json.Read();
            if (isType && json.TokenType == JsonTokenType.String) ToolType(ref json, ref facts);
            facts.HasCacheControl |= isCache && json.TokenType != JsonTokenType.Null;
            json.Skip();
        }
    }

    private static void ToolType(ref Utf8JsonReader json, ref CallFacts facts)
    {
        var type = json.ValueSpan;
        if (type.SequenceEqual("function"u8) || type.SequenceEqual("custom"u8) || type.SequenceEqual("namespace"u8))
        {
            return;
        }

        // The caller runs these: what they find comes back in the next body.
        if (type.SequenceEqual("local_shell"u8) || type.SequenceEqual("shell"u8)
            || type.SequenceEqual("apply_patch"u8) || type.SequenceEqual("computer"u8)
            || type.StartsWith("bash_"u8) || type.StartsWith("text_editor_"u8)
            || type.StartsWith("computer_2"u8) || type.StartsWith("memory_"u8))
        {
            facts.BuiltInTools++;
            return;
        }

        facts.ReadsBeyondBody = true; // searches, file stores, code runners, remote servers, and what is new
    }
}
