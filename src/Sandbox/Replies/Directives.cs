using System.Globalization;
using System.Text;

namespace Guerdon.Sandbox.Replies;

/// <summary>What a caller asks the sandbox to do wrong, or exactly, e.g. <c>status=429; retry-after=1</c>.</summary>
/// <remarks>Each word's meaning and range is a row of the table in README.md.</remarks>
internal sealed record Directives
{
    public const string Header = "x-sandbox";
    public static readonly Directives None = new();

    /// <summary>Longest bracketed list looked for in a prompt, in bytes: prompts are full of other brackets.</summary>
    private const int MaxListBytes = 256;

    public int LatencyMs { get; init; }

    public int ChunkDelayMs { get; init; }

    public int? Status { get; init; }

    public int? RetryAfterSeconds { get; init; }

    /// <summary>Drop the connection after so many stream chunks.</summary>
    public int? Cut { get; init; }

    /// <summary>Send the provider's error event after so many stream chunks.</summary>
    public int? Fail { get; init; }

    public bool NoUsage { get; init; }

    public bool NullUsage { get; init; }

    public int? Tokens { get; init; }

    /// <summary>So many tokens of the prompt, and of the answer, count as audio.</summary>
    public int AudioTokens { get; init; }

    public bool Split { get; init; }

    /// <summary>The provider's error in place of an answer, with status 200.</summary>
    public bool Error { get; init; }

    /// <summary>Exactly so many input tokens are said, beside the cache.</summary>
    public int? InputTokens { get; init; }

    /// <summary>Answers as this model.</summary>
    public string? Model { get; init; }

    /// <summary>Says that it was served so.</summary>
    public string? ServiceTier { get; init; }

    /// <summary>Uses of the provider's own tools.</summary>
    public int Searches { get; init; }

    public int FileSearches { get; init; }

    public int CodeRuns { get; init; }

    /// <summary>Anthropic: what the answer was made of, beside its totals.</summary>
    public IReadOnlyList<Iteration> Iterations { get; init; } = [];

    /// <summary>A counter in the usage that no provider has.</summary>
    public (string Name, int Count)? Counter { get; init; }

    /// <param name="Type">Such as <c>compaction</c>.</param>
    /// <param name="Model">Whose; null leaves it out.</param>
    public sealed record Iteration(string Type, string? Model, int Input, int Output);

    public bool Tool { get; init; }

    public string? ToolName { get; init; }

    /// <summary>Reads a list on top of what is already asked for. False names the first word it does not know, or whose
    /// value is out of range.</summary>
    public static bool TryParse(ReadOnlySpan<char> list, Directives start, out Directives result, out string? unknown)
    {
        (result, unknown) = (start, null);
        foreach (var range in list.SplitAny(';', ','))
        {
            var part = list[range].Trim();
            if (part.IsEmpty) continue;
            var equals = part.IndexOf('=');
            var name = equals < 0 ? part : part[..equals].TrimEnd();
            var value = equals < 0 ? default : part[(equals + 1)..].TrimStart();
            if (result.With(name, value, equals >= 0) is not { } next)
            {
                unknown = part.ToString();
                return false;
            }
            result = next;
        }
        return true;
    }

    /// <summary>Reads every bracket in a prompt that is a list from start to end; others mean nothing.</summary>
    public static Directives FromText(ReadOnlySpan<byte> text, Directives start)
    {
        Span<char> list = stackalloc char[MaxListBytes];
        while (text.IndexOf((byte)'[') is >= 0 and var open)
        {
            text = text[(open + 1)..];
            var close = text[..Math.Min(text.Length, MaxListBytes)].IndexOf((byte)']');
            if (close <= 0) continue;
            var length = Encoding.UTF8.GetChars(text[..close], list);
            if (TryParse(list[..length], start, out var read, out _)) start = read;
        }
        return start;
    }

    private Directives? With(ReadOnlySpan<char> name, ReadOnlySpan<char> value, bool hasValue) =>
        WithTime(name, value) ?? WithFault(name, value, hasValue) ?? WithCount(name, value)
            ?? WithAnswer(name, value, hasValue);

    private Directives? WithTime(ReadOnlySpan<char> name, ReadOnlySpan<char> value) => name switch
    {
        "latency" => Number(value, 0, 600_000) is { } ms ? this with { LatencyMs = ms } : null,
        "chunk-delay" => Number(value, 0, 60_000) is { } ms ? this with { ChunkDelayMs = ms } : null,
        _ => null,
    };

    private Directives? WithFault(ReadOnlySpan<char> name, ReadOnlySpan<char> value, bool hasValue) => name switch
    {
        "status" => Number(value, 400, 599) is { } code ? this with { Status = code } : null,
        "retry-after" => Number(value, 0, 3_600) is { } seconds ? this with { RetryAfterSeconds = seconds } : null,
        "cut" => Number(value, 0, 1_000_000) is { } chunks ? this with { Cut = chunks } : null,
        "fail" => Number(value, 0, 1_000_000) is { } chunks ? this with { Fail = chunks } : null,
        "error" when !hasValue => this with { Error = true, Fail = 0 },
        _ => null,
    };

    private Directives? WithCount(ReadOnlySpan<char> name, ReadOnlySpan<char> value) => name switch
    {
        "tokens" => Number(value, 1, 1_000_000) is { } count ? this with { Tokens = count } : null,
        "audio" => Number(value, 1, 1_000_000) is { } count ? this with { AudioTokens = count } : null,
        "input" => Number(value, 1, 1_000_000) is { } count ? this with { InputTokens = count } : null,
        "search" => Number(value, 1, 100) is { } count ? this with { Searches = count } : null,
        "file-search" => Number(value, 1, 100) is { } count ? this with { FileSearches = count } : null,
        "code" => Number(value, 1, 100) is { } count ? this with { CodeRuns = count } : null,
        _ => null,
    };

    private Directives? WithAnswer(ReadOnlySpan<char> name, ReadOnlySpan<char> value, bool hasValue) => name switch
    {
        "no-usage" when !hasValue => this with { NoUsage = true },
        "null-usage" when !hasValue => this with { NullUsage = true },
        "model" when !value.IsEmpty => this with { Model = value.ToString() },
        "tier" when !value.IsEmpty => this with { ServiceTier = value.ToString() },
        "iteration" => WithIteration(value.ToString().Split('/')),
        "counter" => WithCounter(value.ToString().Split('/')),
        "split" when !hasValue => this with { Split = true },
        "tool" when !hasValue => this with { Tool = true },
        "tool" when !value.IsEmpty => this with { Tool = true, ToolName = value.ToString() },
        _ => null,
    };

    private Directives? WithIteration(string[] parts)
    {
        if (parts.Length is < 3 or > 4 || parts[0].Length == 0) return null;
        return Number(parts[^2], 0, 1_000_000) is { } input && Number(parts[^1], 0, 1_000_000) is { } output
            ? this with
            {
                Iterations = [.. Iterations, new(parts[0], parts.Length == 4 ? parts[1] : null, input, output)],
            }
            : null;
    }

    private Directives? WithCounter(string[] parts) =>
        parts is [{ Length: > 0 } name, var text] && Number(text, 0, 1_000_000) is { } count
            ? this with { Counter = (name, count) } : null;

    private static int? Number(ReadOnlySpan<char> text, int least, int most) =>
        int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number)
            && number >= least && number <= most ? number : null;
}
