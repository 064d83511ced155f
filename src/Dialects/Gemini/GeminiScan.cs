using System.Text;
using System.Text.Json;
using Guerdon.Dialects.Calls;

namespace Guerdon.Dialects.Gemini;

/// <summary>Looks through Gemini's contents and tools for what a body's bytes do not bound.</summary>
/// <remarks>
/// It errs to one side, as <see cref="ContentScan"/> does: a part that it does not know reads beyond the body, and a
/// tool that it does not know is refused. Google takes a single object where an array is meant, so only names matter,
/// not where they stand.
/// </remarks>
internal static class GeminiScan
{
    private enum Part { Unknown, Text, Media, File, Arguments }

    private const int MostTypeBytes = 128; // of a media type that is looked at

    // Names in small letters. A text is of the body, or holds such names in turn. A call's arguments and its result are
    // not read, because they have any names at all, and none of them Google's.
    private static readonly NameTable<Part> Parts = new(
        (Part.Text,
        [
            "parts", "text", "role", "thought", "thoughtsignature", "functioncall", "functionresponse", "name", "id",
            "executablecode", "language", "code", "codeexecutionresult", "outcome", "output", "scheduling",
            "willcontinue", "mediaresolution", "level",
        ]),
        (Part.Media, ["inlinedata"]), (Part.File, ["filedata"]),
        (Part.Arguments, ["args", "response", "partmetadata"]));

    /// <summary>Scans <c>contents</c> or <c>systemInstruction</c>, and stops at its last token.</summary>
    public static void Content(ref StrictJson json, ref CallFacts facts)
    {
        if (json.TokenType is not (JsonTokenType.StartArray or JsonTokenType.StartObject)) return;

        var depth = json.CurrentDepth;
        while (json.Read() && json.CurrentDepth > depth)
        {
            if (json.TokenType != JsonTokenType.PropertyName) continue;

            var part = Parts.OfFolded(new FoldedName(json)) ?? Part.Unknown;
            if (part == Part.Text) continue;
            if (!json.Read() || json.TokenType == JsonTokenType.Null) continue;
            if (part is Part.Media or Part.File && json.TokenType == JsonTokenType.StartObject)
            {
                Media(ref json, ref facts);
                facts.ReadsBeyondBody |= part == Part.File;
                continue;
            }

            facts.ReadsBeyondBody |= part != Part.Arguments;
            json.SkipForeign();
        }
    }

    // A picture's bytes are taken out, since it is read as pixels. Sound, film and PDF read beyond the body, because
    // their bytes say little of how much there is to read.
    private static void Media(ref StrictJson json, ref CallFacts facts)
    {
        var isPicture = false;
        var types = 0;
        long bytes = 0;
        while (json.Read() && json.TokenType == JsonTokenType.PropertyName)
        {
            var name = new FoldedName(json);
            var isType = name.Is("mimetype"u8);
            var isData = name.Is("data"u8);
            if (!json.Read()) break;
            if (isData && json.TokenType == JsonTokenType.String) bytes += json.ValueSpan.Length;
            if (isType)
            {
                types++;
                isPicture = json.TokenType == JsonTokenType.String && IsPicture(json);
                if (json.TokenType == JsonTokenType.String && IsAudio(json))
                    facts.Asked |= Pricing.Costing.Media.AudioInput;
            }

            json.Skip();
        }

        facts.ReadsBeyondBody |= !isPicture || types != 1;
        facts.Images++;
        facts.ImageBytes += isPicture ? bytes : 0;
    }

    // Google's list of pictures; others never count as one, because it refuses them or reads them as something else.
    private static bool IsPicture(in StrictJson json) => json.Is("image/png"u8)
        || json.Is("image/jpeg"u8) || json.Is("image/webp"u8)
        || json.Is("image/heic"u8) || json.Is("image/heif"u8);

    // However it is escaped or written, since Google reads every spelling.
    private static bool IsAudio(in StrictJson json)
    {
        Span<byte> buffer = stackalloc byte[MostTypeBytes];
        if (!json.TryPlain(buffer, out var type)) return false; // half a surrogate pair, which no media type has

        var kind = "audio/"u8;
        return type.Length > kind.Length && Ascii.EqualsIgnoreCase(type[..kind.Length], kind);
    }

    /// <summary>Scans <c>tools</c>, and stops at its last token.</summary>
    public static void Tools(ref StrictJson json, ref CallFacts facts)
    {
        if (json.TokenType is not (JsonTokenType.StartArray or JsonTokenType.StartObject)) return;

        facts.HasTools = true;
        var depth = json.CurrentDepth;
        while (json.Read() && json.CurrentDepth > depth)
        {
            if (json.TokenType != JsonTokenType.PropertyName) continue;

            // Only functions are the caller's to run, and the body declares them whole; all else is
            // searches, runners, stores.
            var name = new FoldedName(json);
            var at = json.Start;
            var isDeclared = name.Is("functiondeclarations"u8);
            var isBuiltIn = name.Is("computeruse"u8);
            var rule = GeminiTools.Of(name);
            if (!json.Read() || !json.IsSet) continue;
            if (isBuiltIn) facts.BuiltInTools++;
            else if (rule is not null) HostedRules.Add(ref json, ref facts, new HostedCall(rule, at));
            else if (!isDeclared)
                json.Refuse(DialectRefusals.UnknownTool, at,
                    $"{{0}}, at byte {at + 1} of the body, is not a tool that Guerdon knows.");
            json.SkipForeign();
        }
    }
}
