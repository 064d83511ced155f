namespace Guerdon.Approvals.Inputs;

/// <summary>Whom an input reaches. What reaches many is a rule for all of them, and one of them may approve it; what
/// reaches few, or changes something for few of many, is approved by somebody whose it is not.</summary>
/// <param name="watched">Those of whom it is asked what it does to them.</param>
public sealed class InputReach(params IReadOnlyCollection<Guid> watched)
{
    /// <summary>So many people are many.</summary>
    public const int Many = 20;

    private readonly HashSet<Guid> _all = [], _changed = [];
    private readonly Dictionary<Guid, string> _effects = [];
    private int _allCount, _changedCount;

    /// <summary>How many people it changes something for, where they are fewer than all whom it is for; else how many
    /// it is for.</summary>
    public int Count => OfChanged ? _changedCount : _allCount;

    /// <summary>Who they are, where they are fewer than <see cref="Many"/>; else nobody.</summary>
    public IReadOnlyList<Guid> Few => Count < Many ? [.. (OfChanged ? _changed : _all).Order()] : [];

    // Where it is for few, all of them: what it changes later than the month that is compared is theirs too.
    private bool OfChanged => _allCount >= Many && _changedCount > 0;

    /// <summary>Counts somebody in whom it is for, or whom what is in force is for. Each person once.</summary>
    /// <param name="person">Who.</param>
    /// <param name="differs">Whether something is seen to change for them.</param>
    /// <param name="effect">What it does to them, in words.</param>
    public void Add(Guid person, bool differs, Func<string> effect)
    {
        _allCount++;
        if (_all.Count < Many) _all.Add(person);
        if (watched.Contains(person)) _effects[person] = effect();
        if (!differs) return;
        _changedCount++;
        if (_changed.Count < Many) _changed.Add(person);
    }

    /// <summary>What it does to one who is watched; null: it is not for them.</summary>
    public string? EffectOn(Guid? person) => person is { } one ? _effects.GetValueOrDefault(one) : null;
}
