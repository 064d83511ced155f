using System.Globalization;
using System.Text;
using Guerdon.Dialects.Calls;

namespace Guerdon.Bounds.Edits;

/// <summary>
/// A change to a body: <paramref name="Removed"/> bytes at an offset become <paramref name="Inserted"/>.
/// </summary>
public readonly record struct Edit(int Offset, int Removed, byte[] Inserted);

/// <summary>
/// Plans the changes between what the caller sent and what the provider gets, without copying the body.
/// </summary>
public static class BodySplice
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
    /// <param name="call">What was read of the body.</param>
    /// <param name="cap">The cap to send.</param>
    /// <param name="capMember">What the provider calls a chat's cap, and no other name; null: any name passes.</param>
    /// <param name="planned">Edits that are made beside it.</param>
    public static Edit[] Plan(
        in CallFacts call, long? cap, string? capMember = null, IReadOnlyList<Edit>? planned = null)
    {
        var asksUsage = call is { Stream: true, IncludeUsageAsked: false } && call.Api.MustAskForUsage;
        if (!call.Api.DiffersByMaker) capMember = null; // there is one name for it
        if (cap is null && !asksUsage && capMember is null && planned is not { Count: > 0 }) return [];

        var edits = new List<Edit>(planned ?? []);
        if (asksUsage) edits.Add(AskForUsage(call));
        if (capMember is not null) NameCap(call, capMember, cap, edits);
        else if (cap is { } tokens) LowerCap(call, tokens, edits);
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

    // One cap goes out, by the one name, since a provider might take either of two: the smaller
    // where the caller gave two.
    private static void NameCap(in CallFacts call, string member, long? cap, List<Edit> edits)
    {
        var (first, second) = (call.Cap, call.OldCap);
        if (!first.Place.Exists || (second.Place.Exists && second.Place.Offset < first.Place.Offset))
            (first, second) = (second, first);
        if (!first.Place.Exists)
        {
            if (cap is { } given) edits.Add(Insert(call, $"\"{member}\":{Number(given).AsText()}"));
            return;
        }

        var tokens = Smaller(Smaller(first.Tokens, second.Tokens), cap);
        var isNamed = (first == call.OldCap) == (member == CapMembers.Old);
        if (!isNamed)
            edits.Add(new Edit(first.Name.Offset, first.Name.Length, Encoding.ASCII.GetBytes($"\"{member}\"")));
        if (tokens is { } number && tokens != first.Tokens)
            edits.Add(new Edit(first.Place.Offset, first.Place.Length, Number(number)));
        if (second.Place.Exists)
            edits.Add(new Edit(second.Lead, second.Place.Offset + second.Place.Length - second.Lead, []));
    }

    private static long? Smaller(long? one, long? other) =>
        one is { } a && other is { } b ? Math.Min(a, b) : one ?? other;

    private static byte[] Number(long value) => Encoding.ASCII.GetBytes(value.ToString(CultureInfo.InvariantCulture));

    private static void LowerCap(in CallFacts call, long cap, List<Edit> edits)
    {
        var number = Number(cap);
        var written = Replace(call.Cap, cap, number, edits) | Replace(call.OldCap, cap, number, edits);
        if (written) return;

        // There is no number to lower. A null is replaced, because it would come after what is inserted and win.
        edits.Add(call.Cap.Place.Exists
            ? new Edit(call.Cap.Place.Offset, call.Cap.Place.Length, number)
            : Insert(call, $"\"{call.Api.CapName}\":{number.AsText()}"));
    }

    // The cap may have to stand in an object of its own, so that one which the caller left out, left empty or set to
    // null is written whole.
    private static Edit Insert(in CallFacts call, string cap)
    {
        if (call.Api.CapParent is not { } parent) return new(call.InsertAt, 0, Encoding.ASCII.GetBytes(cap + ","));
        if (!call.Config.Exists)
            return new(call.InsertAt, 0, Encoding.ASCII.GetBytes($"\"{parent}\":{{{cap}}},"));
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
