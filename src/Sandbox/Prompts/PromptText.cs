using System.Runtime.InteropServices;
using System.Text;
using System.Text.Json;
using Guerdon.Sandbox.Wire;

namespace Guerdon.Sandbox.Prompts;

/// <summary>Everything a request says, as one run of UTF-8 in the provider's order, and its token count.</summary>
internal sealed class PromptText : IDisposable
{
    private readonly PooledBytes _bytes = new(4_096);
    private int _userStart;
    private int _userEnd;

    public int Tokens { get; private set; }

    public int Messages { get; private set; }

    public int Length => _bytes.Length;

    public ReadOnlySpan<byte> Bytes => _bytes.Span;

    /// <summary>The text of the last user message that has any; directives are read from it.</summary>
    public ReadOnlySpan<byte> LastUserText => _bytes.Span[_userStart.._userEnd];

    public void BeginMessage()
    {
        Messages++;
        Tokens += TokenRule.PerMessage;
    }

    /// <summary>Adds a JSON string's text; anything but a string adds nothing.</summary>
    public void AddText(JsonElement text)
    {
        if (text.ValueKind is not JsonValueKind.String) return;
        var raw = JsonMarshal.GetRawUtf8Value(text)[1..^1];
        if (raw.Contains((byte)'\\')) AddEscaped(text, raw);
        else Append(raw);
    }

    /// <summary>Adds a value as the JSON it was written in: tool definitions, tool arguments.</summary>
    public void AddJson(JsonElement value) => Append(JsonMarshal.GetRawUtf8Value(value));

    /// <summary>Adds an image, sound or file, of which only the start counts.</summary>
    public void AddMedia(JsonElement value)
    {
        var raw = JsonMarshal.GetRawUtf8Value(value);
        Append(raw[..Math.Min(raw.Length, TokenRule.MaxMediaBytes)]);
    }

    /// <summary>Says that what was added since <paramref name="start"/> is a user's message.</summary>
    public void MarkUser(int start)
    {
        if (Length > start) (_userStart, _userEnd) = (start, Length);
    }

    /// <summary>Counts tokens that came as numbers instead of text, one each.</summary>
    public void AddTokenIds(JsonElement ids)
    {
        var before = Tokens;
        AddJson(ids);
        Tokens = before + ids.GetArrayLength();
    }

    public void Dispose() => _bytes.Dispose();

    private void AddEscaped(JsonElement text, ReadOnlySpan<byte> raw)
    {
        try
        {
            Append(Encoding.UTF8.GetBytes(text.GetString()!));
        }
        catch (InvalidOperationException)
        {
            Append(raw); // a lone surrogate has no UTF-8, so it counts as it is written
        }
    }

    private void Append(ReadOnlySpan<byte> text)
    {
        _bytes.Write(text);
        Tokens += TokenRule.Count(text.Length);
    }
}
