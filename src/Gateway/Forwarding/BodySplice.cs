using System.Globalization;
using System.Text;

namespace Stipend.Gateway;

/// <summary>
/// A change to a body: <paramref name="Removed"/> bytes at an offset become <paramref name="Inserted"/>.
/// </summary>
internal readonly record struct Edit(int Offset, int Removed, byte[] Inserted);

/// <summary>
/// Plans the changes between what the caller sent and what the provider gets, without copying the body.
/// </summary>
internal static class BodySplice
{
    private static readonly byte[] True = "true"u8.ToArray();
    private static readonly byte[] Usage = "\"include_usage\":true"u8.ToArray();
    private static readonly byte[] UsageFirst = "\"include_usage\":true,"u8.ToArray();
    private static readonly byte[] Options = "{\"include_usage\":true}"u8.ToArray();
    private static readonly byte[] OptionsMember = "\"stream_options\":{\"include_usage\":true},"u8.ToArray();

    /// <summary>
    /// The edits in order of offset; empty where the body goes out as it came in. A <paramref name="cap"/> is written
    /// for each choice; null leaves the caller's. <paramref name="planned"/> are the edits of <see cref="PlanEdits"/>.
    /// </summary>
    public static Edit[] Plan(in CallFacts call, long? cap, IReadOnlyList<Edit>? planned = null)
    {
        var asksUsage = call is { Api: Api.Chat, Stream: true } && !call.IncludeUsageAsked;
        if (cap is null && !asksUsage && planned is not { Count: > 0 }) return [];

        var edits = new List<Edit>(planned ?? []);
        if (asksUsage) edits.Add(AskForUsage(call));
        if (cap is { } tokens) LowerCap(call, tokens, edits);
        edits.Sort(static (a, b) => a.Offset.CompareTo(b.Offset));
        return [.. edits];
    }

    /// <summary>The body's length after its edits.</summary>
    public static long Length(int bodyBytes, ReadOnlySpan<Edit> edits)
    {
        long length = bodyBytes;
        foreach (var edit in edits) length += edit.Inserted.Length - edit.Removed;
        return length;
    }

    // Without it a chat stream never says what it used.
    private static Edit AskForUsage(in CallFacts call)
    {
        if (call.IncludeUsage.Exists) return new(call.IncludeUsage.Offset, call.IncludeUsage.Length, True);
        if (!call.StreamOptions.Exists) return new(call.InsertAt, 0, OptionsMember);

        var isNull = call.StreamOptions.Length == 4; // no object with a member is as short; {} is 2 bytes or more
        if (isNull && !call.StreamOptionsIsEmpty) return new(call.StreamOptions.Offset, 4, Options);
        return new(call.StreamOptions.Offset + 1, 0, call.StreamOptionsIsEmpty ? Usage : UsageFirst);
    }

    private static void LowerCap(in CallFacts call, long cap, List<Edit> edits)
    {
        var number = Encoding.ASCII.GetBytes(cap.ToString(CultureInfo.InvariantCulture));
        var written = Replace(call.Cap, cap, number, edits) | Replace(call.OldCap, cap, number, edits);
        if (written) return;

        // No number to lower. A null would come after what is inserted and win, so it is replaced.
        edits.Add(call.Cap.Place.Exists
            ? new Edit(call.Cap.Place.Offset, call.Cap.Place.Length, number)
            : Insert(call, $"\"{call.Api.CapName}\":{number.AsText()}"));
    }

    // Gemini's stands in an object of its own, which the caller may have left out, left empty or set to null.
    private static Edit Insert(in CallFacts call, string cap)
    {
        if (call.Api.Dialect != Dialect.Gemini) return new(call.InsertAt, 0, Encoding.ASCII.GetBytes(cap + ","));
        if (!call.Config.Exists)
            return new(call.InsertAt, 0, Encoding.ASCII.GetBytes($"\"generationConfig\":{{{cap}}},"));
        if (call.ConfigIsNull)
            return new(call.Config.Offset, call.Config.Length, Encoding.ASCII.GetBytes($"{{{cap}}}"));
        return new(call.Config.Offset + 1, 0, Encoding.ASCII.GetBytes(call.ConfigIsEmpty ? cap : cap + ","));
    }

    private static bool Replace(AskedCap asked, long cap, byte[] number, List<Edit> edits)
    {
        if (asked.Tokens is not { } tokens) return false;
        if (tokens > cap) edits.Add(new Edit(asked.Place.Offset, asked.Place.Length, number));
        return true;
    }

    private static string AsText(this byte[] ascii) => Encoding.ASCII.GetString(ascii);
}
