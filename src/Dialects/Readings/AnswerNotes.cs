using System.Collections.Immutable;
using System.Text;
using System.Text.Json;
using Guerdon.Metering.Requests;
using Guerdon.Pricing.Costing;

namespace Guerdon.Dialects.Readings;

/// <summary>One run of a model inside an answer, in Anthropic's own counts.</summary>
/// <param name="Kind">What Anthropic calls it.</param>
/// <param name="Model">Whose run; null where it is the answer's.</param>
/// <param name="Said">Its counts.</param>
public sealed record Iteration(IterationKind Kind, string? Model, UsageReading Said);

public enum IterationKind
{
    /// <summary>None that is known.</summary>
    Unknown,

    /// <summary>The answer, or a model that declined before another answered: in the answer's totals, or instead of
    /// them.</summary>
    Main,

    /// <summary>Beside the answer, and outside its totals: compaction, an adviser.</summary>
    Beside,
}

/// <summary>A count of something that no price is known for.</summary>
public readonly record struct UnknownCount(Doubts Doubt, string Name, long Count);

/// <summary>
/// What an answer said that is more than the tokens of the model that was asked: runs of other models, uses of tools,
/// a region, counts that are not known. Ordinary answers have none. Immutable, as a reading that turns out to be no
/// JSON is discarded.
/// </summary>
public sealed record AnswerNotes
{
    public static readonly AnswerNotes None = new();

    // No answer of a provider comes near either. What is beyond is marked, so that it is not dropped unseen.
    private const int MostIterations = 256;
    private const int MostNames = 32;
    private const int MostNameLength = 200;
    private const int MostNameBytes = 1_200;

    public ImmutableArray<Iteration> Iterations { get; private init; } = [];

    /// <summary>By the usage's own counters, which are running totals: the latest replaces.</summary>
    public ImmutableDictionary<HostedTool, long> Counters { get; private init; } =
        ImmutableDictionary<HostedTool, long>.Empty;

    /// <summary>As they came, one by one, in a stream; or as they stand in a whole answer. The same uses: the larger
    /// count holds.</summary>
    public ImmutableDictionary<HostedTool, long> Streamed { get; private init; } =
        ImmutableDictionary<HostedTool, long>.Empty;

    public ImmutableDictionary<HostedTool, long> Whole { get; private init; } =
        ImmutableDictionary<HostedTool, long>.Empty;

    /// <summary>Ids of containers in which code ran.</summary>
    public ImmutableHashSet<string> Containers { get; private init; } = [];

    public ImmutableArray<UnknownCount> Unknown { get; private init; } = [];

    public AnswerNotes WithIterations(ImmutableArray<Iteration> all) => all.Length <= MostIterations
        ? this with { Iterations = all }
        : (this with { Iterations = all[..MostIterations] }).With(
            Doubts.UnknownIteration, "iterations", all.Length - MostIterations);

    public AnswerNotes WithCounter(HostedTool tool, long uses) => this with { Counters = Counters.SetItem(tool, uses) };

    public AnswerNotes WithStreamed(HostedTool tool) =>
        this with { Streamed = Streamed.SetItem(tool, Streamed.GetValueOrDefault(tool) + 1) };

    public AnswerNotes WithWhole(ImmutableDictionary<HostedTool, long> uses) => this with { Whole = uses };

    public AnswerNotes WithContainer(string id) =>
        Containers.Count < MostNames ? this with { Containers = Containers.Add(id) }
            : With(Doubts.UnknownTool, "containers", 1);

    /// <summary>Notes a count; of one name the largest stays, since counts are running totals.</summary>
    public AnswerNotes With(Doubts doubt, string name, long count)
    {
        name = Clean(name);
        for (var i = 0; i < Unknown.Length; i++)
        {
            if (Unknown[i].Doubt != doubt || Unknown[i].Name != name) continue;
            return count <= Unknown[i].Count ? this : this with
            {
                Unknown = Unknown.SetItem(i, new(doubt, name, count)),
            };
        }

        return Unknown.Length < MostNames ? this with { Unknown = Unknown.Add(new(doubt, name, count)) } : this;
    }

    /// <summary>How often a tool was used, by whoever counts more of it.</summary>
    public long UsesOf(HostedTool tool)
    {
        // The usage's own counter is taken, since it is what is billed: a search that failed stands in the
        // content and costs nothing.
        if (Counters.TryGetValue(tool, out var counted)) return counted;
        var uses = Math.Max(Streamed.GetValueOrDefault(tool), Whole.GetValueOrDefault(tool));
        return tool == HostedTool.CodeExecution && Containers.Count > 0 ? Containers.Count : uses;
    }

    /// <summary>The name or string that the reader stands on, as it can be kept, whatever is in it.</summary>
    public static string TextOf(ref Utf8JsonReader json)
    {
        var bytes = json.ValueSpan;
        if (bytes.Length <= MostNameBytes)
        {
            try
            {
                return Clean(json.GetString()!);
            }
            catch (InvalidOperationException)
            {
                // What is not UTF-8 is replaced below instead.
            }
        }

        return Clean(Encoding.UTF8.GetString(bytes[..Math.Min(bytes.Length, MostNameBytes)]));
    }

    /// <summary>A name of a provider's, as it can be kept: at most 200 characters, none of them a control.</summary>
    public static string Clean(string name)
    {
        var kept = new StringBuilder(Math.Min(name.Length, MostNameLength));
        foreach (var c in name)
        {
            if (kept.Length == MostNameLength) break;
            kept.Append(char.IsControl(c) || char.IsSurrogate(c) ? '?' : c);
        }

        return kept.ToString();
    }
}

/// <summary>Looks into values that the gateway does not know for counts that somebody may be charged for.</summary>
internal static class UnknownNumbers
{
    private const long MostCount = 1_000_000_000_000_000; // beyond it the number itself says nothing more

    /// <summary>Notes every number above zero in the value after the member's name, by its path.</summary>
    /// <param name="json">Stands on the member's name; ends on the value's last token.</param>
    /// <param name="doubt">What such a number is.</param>
    /// <param name="path">Of the object that the member is in.</param>
    /// <param name="reading">Gets the notes.</param>
    public static void Note(ref Utf8JsonReader json, Doubts doubt, string path, ref UsageReading reading)
    {
        var name = AnswerNotes.Clean(path + AnswerNotes.TextOf(ref json));
        json.Read();
        NoteValue(ref json, doubt, name, ref reading);
    }

    private static void NoteValue(ref Utf8JsonReader json, Doubts doubt, string name, ref UsageReading reading)
    {
        if (json.TokenType == JsonTokenType.Number)
        {
            if (CountOf(ref json) is > 0 and var count) reading.Note(doubt, name, count);
        }
        else if (json.TokenType is JsonTokenType.StartObject or JsonTokenType.StartArray)
        {
            var depth = json.CurrentDepth;
            while (json.Read() && json.CurrentDepth > depth)
            {
                // Only the last of nested names is told, since it is a mark for people, not an address.
                if (json.TokenType == JsonTokenType.PropertyName && json.CurrentDepth == depth + 1)
                    Note(ref json, doubt, name + ".", ref reading);
                else if (json.TokenType is not JsonTokenType.PropertyName)
                    NoteValue(ref json, doubt, name, ref reading);
            }
        }
    }

    // Anything above zero is at least one. A number that is not a count, such as seconds, is rounded
    // up so that it is not lost.
    private static long CountOf(ref Utf8JsonReader json)
    {
        if (json.TryGetInt64(out var whole)) return Math.Min(whole, MostCount);
        if (json.ValueSpan is [(byte)'-', ..]) return 0;
        return json.TryGetDecimal(out var number) && number <= MostCount ? (long)Math.Ceiling(number) : MostCount;
    }
}
