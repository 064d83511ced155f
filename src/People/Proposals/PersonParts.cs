using Guerdon.Kernel;
using Guerdon.People.Spans;

namespace Guerdon.People.Proposals;

/// <summary>One thing of somebody that changes, in words.</summary>
/// <param name="Part">Which, as records of changes name it: <c>pay</c>.</param>
/// <param name="Before">Null: it was not there.</param>
/// <param name="After">Null: it is gone.</param>
internal readonly record struct PartChange(string Part, string? Before, string? After)
{
    /// <summary>Whether it tells what they are paid.</summary>
    public bool ShowsPay => Part == PersonParts.Pay;

    /// <summary>Whether nothing is computed from it.</summary>
    public bool IsInNothing => PersonParts.InNothing.Contains(Part);
}

/// <summary>What differs between two states of what is on file of somebody, part by part. No I/O.</summary>
internal static class PersonParts
{
    /// <summary>Pay with its currency, which are one thing.</summary>
    public const string Pay = StandingWords.Pay;

    /// <summary>Somebody who is new.</summary>
    public const string New = "new person";

    private const string None = "none";

    /// <summary>Parts that nothing is computed from, so that they wait for nobody.</summary>
    public static IReadOnlySet<string> InNothing { get; } =
        new HashSet<string>(StringComparer.Ordinal) { "name", "cost_centre", "time_zone" };

    private static IReadOnlyList<(string Name, Func<Standing, IReadOnlyDictionary<Guid, string>, string?> Words)>
        Dated => StandingWords.Parts;

    /// <summary>The names of what has dates.</summary>
    public static IEnumerable<string> DatedNames => Dated.Select(part => part.Name);

    /// <summary>What changes of somebody.</summary>
    /// <param name="was">Before; null: they are new.</param>
    /// <param name="becomes">After.</param>
    /// <param name="managers">Addresses of managers, by person.</param>
    public static IReadOnlyList<PartChange> Between(
        OnFile? was, OnFile becomes, IReadOnlyDictionary<Guid, string> managers)
    {
        if (was is null) return OfNew(becomes, managers);
        var changes = new List<PartChange>();
        Add("email", was.Email, becomes.Email);
        Add("name", was.Name, becomes.Name);
        Add("hired_on", was.HiredOn.Iso(), becomes.HiredOn.Iso());
        Add("left_on", was.LeftOn?.Iso(), becomes.LeftOn?.Iso());
        Add("is_bot", Flag(was.IsBot), Flag(becomes.IsBot));
        foreach (var (name, words) in Dated)
            if (Between(Steps(was.Spans, s => words(s, managers)), Steps(becomes.Spans, s => words(s, managers)))
                is var (before, after)) changes.Add(new(name, before, after));
        foreach (var kind in was.Identities.Keys.Union(becomes.Identities.Keys).Order(StringComparer.Ordinal))
            Add(OfIdentity(kind), was.Identities.GetValueOrDefault(kind), becomes.Identities.GetValueOrDefault(kind));
        return changes;

        void Add(string part, string? before, string? after)
        {
            if (before != after) changes.Add(new(part, before, after));
        }
    }

    // A kind may have been declared before there was a column of that name, which is something else.
    private static string OfIdentity(string kind) =>
        kind == Pay || InNothing.Contains(kind) ? $"identity {kind}" : kind;

    private static IReadOnlyList<PartChange> OfNew(OnFile one, IReadOnlyDictionary<Guid, string> managers)
    {
        var standing = one.Spans[^1].Standing;
        var words = new List<string>
        {
            one.Name, $"from {one.HiredOn.Iso()}{(one.LeftOn is { } left ? $" to {left.Iso()}" : "")}",
        };
        words.AddRange(Dated.Where(part => part.Name != Pay).Select(part => part.Words(standing, managers))
            .OfType<string>());
        if (one.IsBot) words.Add("a bot");
        words.AddRange(one.Identities.OrderBy(i => i.Key, StringComparer.Ordinal).Select(i => $"{i.Key} {i.Value}"));
        return [new(New, null, string.Join(", ", words)), new(Pay, null, StandingWords.PayOf(standing))];
    }

    // What is said of each time, from the last on that both have.
    private static (string Before, string After)? Between(
        List<(DateOnly From, string? Text)> was, List<(DateOnly From, string? Text)> becomes)
    {
        var same = was.Zip(becomes).TakeWhile(pair => pair.First == pair.Second).Count();
        if (same == was.Count && same == becomes.Count) return null;
        var skip = Math.Max(0, same - 1);
        return (InWords(was, skip), InWords(becomes, skip));
    }

    private static string InWords(List<(DateOnly From, string? Text)> steps, int skip) =>
        string.Join("; ", steps.Skip(skip).Select(
            step => $"{step.Text ?? None}{(step.From == DateOnly.MinValue ? "" : $" from {step.From.Iso()}")}"));

    // The first holds before its day, too.
    private static List<(DateOnly From, string? Text)> Steps(
        IReadOnlyList<PersonSpan> spans, Func<Standing, string?> of)
    {
        var steps = new List<(DateOnly From, string? Text)>();
        foreach (var span in spans)
            if (of(span.Standing) is var text && (steps.Count == 0 || steps[^1].Text != text))
                steps.Add((steps.Count == 0 ? DateOnly.MinValue : span.StartsOn, text));
        return steps;
    }

    private static string Flag(bool set) => set ? "yes" : "no";
}
