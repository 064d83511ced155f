using Guerdon.Sandbox.Prompts;
using Guerdon.Sandbox.Wire;

namespace Guerdon.Sandbox.Answers;

/// <summary>Writes the answers: plain sentences that follow from a seed alone.</summary>
internal static class AnswerText
{
    public const int MinTokens = 20;
    public const int MaxTokens = 300;

    /// <summary>Whole sentences, <see cref="MinTokens"/> to <see cref="MaxTokens"/> tokens by the token rule.</summary>
    public static byte[] Natural(ulong seed)
    {
        using var text = new PooledBytes(MaxTokens * TokenRule.BytesPerToken);
        var draw = new Draw(seed);
        var wanted = MinTokens + draw.Below(MaxTokens - MinTokens + 1);
        while (true)
        {
            var sentenceStart = text.Length;
            AddSentence(text, ref draw);
            var tokens = TokenRule.Count(text.Length);
            if (tokens > MaxTokens) return text.Span[..sentenceStart].ToArray();
            if (tokens >= wanted) return text.Span.ToArray();
        }
    }

    /// <summary>Exactly so many tokens of the same sentences. A finished text ends with a full stop; an unfinished one
    /// ends where the tokens do, in the middle of a word if need be.</summary>
    public static byte[] Exactly(ulong seed, int tokens, bool finished)
    {
        if (tokens <= 0) return [];
        var bytes = checked(tokens * TokenRule.BytesPerToken);
        using var text = new PooledBytes(bytes + 256);
        var draw = new Draw(seed);
        draw.Next(); // the length's draw in Natural, so that a cut answer starts like the whole one
        while (text.Length < bytes) AddSentence(text, ref draw);
        var exact = text.Span[..bytes].ToArray();
        if (finished) exact[^1] = (byte)'.';
        return exact;
    }

    /// <summary>Bytes of the next streamed piece, which starts with the space or comma before its word.</summary>
    public static int NextPiece(ReadOnlySpan<byte> rest)
    {
        if (rest.Length <= 1) return rest.Length;
        var end = rest[1..].IndexOfAny((byte)' ', (byte)',');
        return end < 0 ? rest.Length : end + 1;
    }

    private static void AddSentence(PooledBytes text, ref Draw draw)
    {
        if (text.Length > 0) text.Write(" "u8);
        var start = text.Length;
        text.Write(Pick(Vocabulary.Leads, ref draw));
        text.Write(Pick(Vocabulary.Subjects, ref draw));
        text.Write(" "u8);
        text.Write(Pick(Vocabulary.Verbs, ref draw));
        text.Write(" "u8);
        text.Write(Pick(Vocabulary.Objects, ref draw));
        text.Write(Pick(Vocabulary.Tails, ref draw));
        text.Write("."u8);
        text.Capitalise(start);
    }

    private static ReadOnlySpan<byte> Pick(byte[][] phrases, ref Draw draw) => phrases[draw.Below(phrases.Length)];
}
