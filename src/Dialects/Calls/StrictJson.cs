using System.Text;
using System.Text.Json;
using System.Text.Unicode;
using Guerdon.Kernel;

namespace Guerdon.Dialects.Calls;

/// <summary>
/// Reads a body token by token, and ends where an object names a member twice: providers take the last of two, some
/// parsers the first, and what is held for one may not cover the other.
/// </summary>
/// <remarks>
/// A refusal is noted in <see cref="Fault"/> and nothing can be read after it, so that loops end by themselves. Names
/// are compared without their escapes; with <see cref="Folds"/> also without case and underscores, as Google does.
/// </remarks>
public ref struct StrictJson
{
    /// <summary>Tool schemas nest deeper than the reader's default of 64.</summary>
    public const int MostDepth = 256;

    private const int MostPlain = 256; // bytes of an escaped name or word that is looked at without renting memory

    // Bytes of a double at its longest, whether with an exponent (-1.7976931348623157e+308) or,
    // only up to 10^21, without.
    private const int MostNumber = 24;

    private static readonly JsonReaderOptions Options = new() { MaxDepth = MostDepth };

    private readonly ReadOnlySpan<byte> _body;
    private readonly NameSet _names;
    private Utf8JsonReader _json;

    public StrictJson(ReadOnlySpan<byte> body, NameSet names)
    {
        _body = body;
        _names = names;
        _json = new Utf8JsonReader(body, Options);
        var at = Utf8.IsValid(body) ? -1 : FirstWrong(body);
        if (at >= 0) Fault = DialectRefusals.MalformedBody.With($"The body is not UTF-8 at byte {at + 1}.");
    }

    /// <summary>Why the body is refused, as far as it was read.</summary>
    public Refused? Fault { get; private set; }

    /// <summary>Whether objects from here on are Google's own, whose members have several spellings.</summary>
    public bool Folds { get; set; }

    /// <summary>Bytes by which the numbers read so far may become longer: whoever writes <c>1e20</c> again may write it
    /// out.</summary>
    public int Swelling { get; private set; }

    /// <summary>Hash of the name that was read last, without its escapes.</summary>
    public ulong NameHash { get; private set; }

    public readonly JsonTokenType TokenType => _json.TokenType;
    public readonly int CurrentDepth => _json.CurrentDepth;
    public readonly int Start => (int)_json.TokenStartIndex;
    public readonly int Consumed => (int)_json.BytesConsumed;
    public readonly ReadOnlySpan<byte> ValueSpan => _json.ValueSpan;
    public readonly bool ValueIsEscaped => _json.ValueIsEscaped;
    public readonly bool IsString => _json.TokenType == JsonTokenType.String;
    public readonly bool IsSet => _json.TokenType is not (JsonTokenType.Null or JsonTokenType.PropertyName);

    /// <summary>The number, string or word that the reader stands on, quotes included.</summary>
    public readonly Place Here => new(Start, Consumed - Start);

    /// <summary>Whether the name or string that the reader stands on is this. Half a surrogate pair is no text.
    /// </summary>
    public readonly bool Is(ReadOnlySpan<byte> text) =>
        ValueIsEscaped ? IsEscaped(text) : ValueSpan.SequenceEqual(text);

    /// <inheritdoc cref="Is(ReadOnlySpan{byte})"/>
    public readonly bool Is(string text) => Is(Encoding.UTF8.GetBytes(text));

    private readonly bool IsEscaped(ReadOnlySpan<byte> text)
    {
        try
        {
            return _json.ValueTextEquals(text);
        }
        catch (InvalidOperationException)
        {
            return false;
        }
    }

    public readonly string? GetString() => _json.GetString();

    public readonly bool TryGetInt64(out long number)
    {
        number = 0;
        return _json.TokenType == JsonTokenType.Number && _json.TryGetInt64(out number);
    }

    /// <returns>False at the end, and after a fault.</returns>
    /// <exception cref="JsonException">The body is no JSON.</exception>
    public bool Read()
    {
        if (Fault is not null || !_json.Read()) return false;
        switch (_json.TokenType)
        {
            case JsonTokenType.StartObject: _names.Open(); break;
            case JsonTokenType.EndObject: _names.Close(); break;
            case JsonTokenType.PropertyName: return IsNewName();
            case JsonTokenType.Number: NoteNumber(); break;
        }

        return true;
    }

    /// <summary>The token that comes next; nothing else changes.</summary>
    public readonly JsonTokenType Peek()
    {
        var ahead = _json;
        return ahead.Read() ? ahead.TokenType : JsonTokenType.None;
    }

    /// <summary>Goes to the last token of the value that the reader stands on, or on whose name it stands.</summary>
    public void Skip()
    {
        if (TokenType == JsonTokenType.PropertyName && !Read()) return;
        if (TokenType is not (JsonTokenType.StartObject or JsonTokenType.StartArray)) return;
        var depth = CurrentDepth;
        while (Read() && CurrentDepth > depth)
        {
        }
    }

    /// <summary>The same for a value whose names are the caller's own and in one spelling each.</summary>
    public void SkipForeign()
    {
        var folds = Folds;
        Folds = false;
        Skip();
        Folds = folds;
    }

    /// <summary>Why a body that is not JSON is refused.</summary>
    public static Refused Broken(JsonException e) => DialectRefusals.MalformedBody.With(
        $"The body is not valid JSON at line {e.LineNumber + 1}, byte {e.BytePositionInLine + 1} of it.");

    /// <summary>Why a body is refused that has something else where the reader stands than it may have.</summary>
    public readonly Refused Wrong(string name, string expected) => DialectRefusals.MalformedBody.With(
        $"{name} must be {expected}, at byte {Start + 1} of the body.");

    /// <summary>Refuses the body for what stands at a byte of it; <c>{0}</c> becomes where that is.</summary>
    public void Refuse(Refusal refusal, int at, string detail)
    {
        var where = BodyPath.At(_body, at);
        Fault ??= refusal.With(string.Format(System.Globalization.CultureInfo.InvariantCulture, detail, where));
    }

    /// <summary>The text that the reader stands on, without escapes, in <paramref name="buffer"/> if it fits.</summary>
    public readonly bool TryPlain(Span<byte> buffer, out ReadOnlySpan<byte> plain)
    {
        plain = default;
        if (_json.ValueSpan.Length > buffer.Length) return false;
        try
        {
            plain = buffer[.._json.CopyString(buffer)];
            return true;
        }
        catch (InvalidOperationException)
        {
            return false; // half a surrogate pair is valid JSON and no text: a word that counts has none
        }
    }

    /// <summary>Hash of the string that the reader stands on, by which <see cref="NameTable{T}"/> finds it.</summary>
    public readonly ulong ValueHash()
    {
        Span<byte> buffer = stackalloc byte[MostPlain];
        if (!ValueIsEscaped) return NameSet.Hash(ValueSpan);
        return TryPlain(buffer, out var plain) ? NameSet.Hash(plain) : 0;
    }

    private void NoteNumber()
    {
        if (_json.ValueSpan.Length < MostNumber && _json.ValueSpan.IndexOfAny((byte)'e', (byte)'E') >= 0)
            Swelling += MostNumber - _json.ValueSpan.Length;
    }

    private bool IsNewName()
    {
        NameHash = ValueIsEscaped ? EscapedHash() : NameSet.Hash(ValueSpan);
        if (_names.TryAdd(Folds ? FoldedName.HashOf(this, NameHash) : NameHash)) return true;

        Refuse(DialectRefusals.MalformedBody, Start, _names.IsFull
            ? "{0} is one name too many to keep apart."
            : $"{{0}} is given twice, again at byte {Start + 1} of the body.");
        return false;
    }

    private readonly ulong EscapedHash()
    {
        if (ValueSpan.Length <= MostPlain) return ValueHash() is var hash and not 0 ? hash : NameSet.Hash(ValueSpan);
        try
        {
            return NameSet.Hash(Encoding.UTF8.GetBytes(_json.GetString()!));
        }
        catch (InvalidOperationException)
        {
            return NameSet.Hash(ValueSpan);
        }
    }

    private static int FirstWrong(ReadOnlySpan<byte> body)
    {
        var at = 0;
        while (at < body.Length && Rune.DecodeFromUtf8(body[at..], out _, out var length)
            == System.Buffers.OperationStatus.Done) at += length;
        return at;
    }
}
