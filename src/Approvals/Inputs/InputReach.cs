namespace Guerdon.Approvals.Inputs;

/// <summary>Something that changes for somebody, as text: a factor of their level, an award. The same text before and
/// after is the same change, whoever it is for.</summary>
/// <param name="Of">Which setting, in words of its own.</param>
/// <param name="Was">Empty: they had nothing by it.</param>
/// <param name="Becomes">Empty: they have nothing by it any more.</param>
public readonly record struct InputDifference(string Of, string Was, string Becomes)
{
    /// <summary>What differs between two states of the same settings of somebody.</summary>
    /// <param name="was">By setting; what is not in it is empty.</param>
    /// <param name="becomes">The same afterwards.</param>
    public static IEnumerable<InputDifference> Between(
        IReadOnlyDictionary<string, string> was, IReadOnlyDictionary<string, string> becomes) =>
        was.Keys.Union(becomes.Keys)
            .Select(of => new InputDifference(of, was.GetValueOrDefault(of, ""), becomes.GetValueOrDefault(of, "")))
            .Where(one => one.Was != one.Becomes);

    /// <summary>Differences as sentences have them.</summary>
    public static string InWords(IReadOnlyCollection<InputDifference> differences) => differences.Count == 0
        ? "Nothing changes for you."
        : $"For you changes: {string.Join("; ", differences.Select(one =>
            $"{one.Of} from {OrNothing(one.Was)} to {OrNothing(one.Becomes)}"))}.";

    private static string OrNothing(string text) => text.Length == 0 ? "nothing" : text;
}

/// <summary>Whom an input reaches. What reaches many is a rule for all of them, and one of them may approve it; what
/// reaches few is approved by somebody whose it is not. Each change counts by itself: whatever is changed for everybody
/// in the same file, a change for few is theirs.</summary>
/// <param name="watched">Those of whom it is asked what it does to them.</param>
public sealed class InputReach(params IReadOnlyCollection<Guid> watched)
{
    /// <summary>So many people are many.</summary>
    public const int Many = 20;

    private readonly HashSet<Guid> _all = [], _changed = [], _met = [];
    private readonly Dictionary<InputDifference, HashSet<Guid>> _each = [];
    private readonly Dictionary<Guid, string> _effects = [];
    private int _allCount, _changedCount;

    /// <summary>Those of whom it is asked what it does to them; they are added once more as of each later day on which
    /// something changes for them.</summary>
    public IReadOnlyCollection<Guid> Watched => watched;

    /// <summary>How many people it changes something for, where they are fewer than all whom it is for; else how many
    /// it is for.</summary>
    public int Count => OfChanged ? _changedCount : _allCount;

    /// <summary>Those whom it reaches as one of few, so that they do not approve it: all, where they are fewer than
    /// <see cref="Many"/>, and those for whom any one thing changes that changes for fewer.</summary>
    public IReadOnlyList<Guid> Few =>
    [
        .. (_allCount < Many ? _all : _changedCount < Many ? _changed : [])
            .Union(_each.Values.Where(people => people.Count < Many).SelectMany(people => people)).Order(),
    ];

    // Where it is for few, all of them: what it changes later than what is compared is theirs too.
    private bool OfChanged => _allCount >= Many && _changedCount > 0;

    /// <summary>Counts somebody in whom it is for, or whom what is in force is for. Each person once, but for those
    /// watched.</summary>
    /// <param name="person">Who.</param>
    /// <param name="differences">All that is seen to change for them.</param>
    /// <param name="effect">What it does to them, in words.</param>
    public void Add(Guid person, IReadOnlyCollection<InputDifference> differences, Func<string> effect)
    {
        foreach (var one in differences)
        {
            if (!_each.TryGetValue(one, out var people)) _each[one] = people = [];
            if (people.Count < Many) people.Add(person);
        }

        var again = false;
        if (watched.Contains(person))
        {
            again = !_met.Add(person);
            if (!again || differences.Count > 0) _effects[person] = effect();
        }

        if (!again) Take(_all, ref _allCount, person);
        if (differences.Count > 0 && !(again && _changed.Contains(person))) Take(_changed, ref _changedCount, person);
    }

    /// <summary>What it does to one who is watched; null: it is not for them.</summary>
    public string? EffectOn(Guid? person) => person is { } one ? _effects.GetValueOrDefault(one) : null;

    // Who they are matters only while they are few.
    private static void Take(HashSet<Guid> some, ref int count, Guid person)
    {
        count++;
        if (some.Count < Many) some.Add(person);
    }
}
