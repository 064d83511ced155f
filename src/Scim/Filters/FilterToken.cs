using System.Text.Json;
using Guerdon.Kernel;

namespace Guerdon.Scim.Filters;

/// <summary>What a filter's text consists of.</summary>
internal enum TokenKind
{
    End,
    Word,
    Quoted,
    Open,
    Close,
    OpenElement,
    CloseElement,
}

/// <param name="Kind">What it is.</param>
/// <param name="Text">A word as it stands, or what quotes enclose with its escapes resolved.</param>
/// <param name="At">Where it begins, from 1.</param>
internal readonly record struct FilterToken(TokenKind Kind, string Text, int At)
{
    /// <summary>The text in pieces, the end as the last.</summary>
    /// <returns>What is wrong in <paramref name="fault"/>; then nothing else.</returns>
    public static IReadOnlyList<FilterToken> Of(string text, out string? fault)
    {
        List<FilterToken> tokens = [];
        fault = null;
        for (var at = 0; at < text.Length;)
        {
            if (char.IsWhiteSpace(text[at]))
            {
                at++;
                continue;
            }

            var (token, end) = Next(text, at, out fault);
            if (fault is not null) return [];
            tokens.Add(token);
            at = end;
        }

        tokens.Add(new(TokenKind.End, "", text.Length + 1));
        return tokens;
    }

    private static (FilterToken Token, int End) Next(string text, int at, out string? fault)
    {
        fault = null;
        var kind = text[at] switch
        {
            '(' => TokenKind.Open,
            ')' => TokenKind.Close,
            '[' => TokenKind.OpenElement,
            ']' => TokenKind.CloseElement,
            '"' => TokenKind.Quoted,
            _ => TokenKind.Word,
        };
        if (kind == TokenKind.Quoted) return Quoted(text, at, out fault);
        if (kind != TokenKind.Word) return (new(kind, text[at].ToString(), at + 1), at + 1);

        var end = at;
        while (end < text.Length && !char.IsWhiteSpace(text[end]) && text[end] is not ('(' or ')' or '[' or ']' or '"'))
            end++;
        return (new(kind, text[at..end], at + 1), end);
    }

    private static (FilterToken Token, int End) Quoted(string text, int at, out string? fault)
    {
        fault = $"has a text at {at + 1} that no quotation mark ends.";
        var end = at + 1;
        while (end < text.Length && text[end] != '"') end += text[end] == '\\' ? 2 : 1;
        if (end >= text.Length) return default;

        fault = $"has a text at {at + 1} that is not written as JSON.";
        try
        {
            var value = JsonSerializer.Deserialize<string>(text[at..(end + 1)]) ?? "";
            fault = InputText.Fault(value) is { } wrong ? $"has a text at {at + 1} that {wrong}" : null;
            return (new(TokenKind.Quoted, value, at + 1), end + 1);
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException or ArgumentException)
        {
            return default;
        }
    }
}
