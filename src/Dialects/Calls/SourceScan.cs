using System.Text.Json;

namespace Guerdon.Dialects.Calls;

/// <summary>Reads where a picture's or a document's bytes come from.</summary>
internal static class SourceScan
{
    private enum Form { None, Bytes, Text, Elsewhere, Unknown }

    private static readonly NameTable<Form> Forms = new(
        (Form.Bytes, ["base64"]), (Form.Text, ["text", "content"]), (Form.Elsewhere, ["url", "file"]));

    /// <summary>What a <c>source</c> has said.</summary>
    /// <param name="IsSet">It is an object.</param>
    /// <param name="IsText">All that is to be read stands in it as text, or as items that were scanned.</param>
    /// <param name="IsOther">It is none of the forms that pictures have.</param>
    /// <param name="PictureBytes">Bytes of a picture that it holds.</param>
    public readonly record struct Said(bool IsSet, bool IsText, bool IsOther, long PictureBytes);

    /// <summary>Reads the value of a <c>source</c>, and stops at its last token. A string is text.</summary>
    public static Said Read(ref StrictJson json, ref CallFacts facts, ReadingRules rules)
    {
        if (json.TokenType != JsonTokenType.StartObject)
        {
            json.Skip();
            return default;
        }

        var form = Form.None;
        var isPicture = true; // unless its media type says otherwise
        long bytes = 0;
        while (json.Read() && json.TokenType == JsonTokenType.PropertyName)
        {
            var (isType, isData) = (json.Is("type"u8), json.Is("data"u8));
            var (isMedia, isContent) = (json.Is("media_type"u8), json.Is("content"u8));
            if (!json.Read()) break;
            if (isType) form = Forms.OfValue(json) ?? Form.Unknown;
            else if (isData && json.IsString) bytes = json.ValueSpan.Length;
            else if (isMedia) isPicture = json.IsString && IsPicture(json);
            else if (isContent) ContentScan.Blocks(ref json, ref facts, rules);
            else json.Skip();
        }

        return new Said(true, form == Form.Text, form is not (Form.Bytes or Form.Elsewhere) || !isPicture,
            form == Form.Bytes && isPicture ? bytes : 0);
    }

    /// <summary>Bytes of the picture that an <c>image_url</c> holds itself: a string, or an object with an
    /// <c>url</c>.</summary>
    public static long PictureUrl(ref StrictJson json)
    {
        if (json.TokenType != JsonTokenType.StartObject) return DataUrl(json);

        long bytes = 0;
        while (json.Read() && json.TokenType == JsonTokenType.PropertyName)
        {
            var isUrl = json.Is("url"u8);
            if (!json.Read()) break;
            if (isUrl) bytes = DataUrl(json);
            json.Skip();
        }

        return bytes;
    }

    /// <summary>Whether a sound is somewhere else than in the item, or in a form that says nothing of how long it is:
    /// what is coded as WAV or MP3 has more bytes than tokens. Stops at the value's last token.</summary>
    public static bool IsSoundElsewhere(ref StrictJson json)
    {
        if (json.TokenType != JsonTokenType.StartObject) return IsNoBase64(json);
        var isElsewhere = false;
        while (json.Read() && json.TokenType == JsonTokenType.PropertyName)
        {
            var (isData, isFormat) = (json.Is("data"u8), json.Is("format"u8));
            if (!json.Read()) break;
            if (isData) isElsewhere |= IsNoBase64(json);
            else if (json.IsSet) isElsewhere |= !isFormat || !(json.Is("wav"u8) || json.Is("mp3"u8));
            json.Skip();
        }

        return isElsewhere;
    }

    // An address, or a data URL of whatever type. A slash may be escaped, so it is not looked for; a colon is not
    // unless it hides.
    private static bool IsNoBase64(in StrictJson json) => json.IsSet
        && (!json.IsString || json.ValueSpan.Contains((byte)':') || json.ValueSpan.IndexOf("\\u"u8) >= 0);

    /// <summary>Whether an object such as <c>citations</c> switches something on: all but <c>enabled: false</c> does.
    /// Stops at its last token.</summary>
    public static bool IsEnabled(ref StrictJson json)
    {
        var isEnabled = true;
        while (json.Read() && json.TokenType == JsonTokenType.PropertyName)
        {
            var isSwitch = json.Is("enabled"u8);
            if (!json.Read()) break;
            if (isSwitch) isEnabled = json.TokenType != JsonTokenType.False;
            json.Skip();
        }

        return isEnabled;
    }

    private static long DataUrl(in StrictJson json)
    {
        if (!json.IsString) return 0;
        var url = json.ValueSpan;
        return url.StartsWith("data:image/png"u8) || url.StartsWith("data:image/jp"u8)
            || url.StartsWith("data:image/webp"u8) || url.StartsWith("data:image/gif"u8) ? url.Length : 0;
    }

    private static bool IsPicture(in StrictJson json) => json.Is("image/png"u8) || json.Is("image/jpeg"u8)
        || json.Is("image/webp"u8) || json.Is("image/gif"u8);
}
