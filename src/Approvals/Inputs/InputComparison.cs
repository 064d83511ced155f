using Guerdon.Kernel;

namespace Guerdon.Approvals.Inputs;

/// <summary>Compares what a file sets for each person with what the versions set that it takes the place of. Whoever is
/// alike in what the file goes by is compared once.</summary>
/// <typeparam name="TPerson">A person as they are on some day.</typeparam>
/// <param name="reach">Takes in whom it reaches.</param>
/// <param name="before">What each version sets for somebody, by setting; nothing for nobody.</param>
/// <param name="after">The same by what is proposed.</param>
/// <param name="alike">All of a person that it goes by.</param>
public sealed class InputComparison<TPerson>(
    InputReach reach, IReadOnlyList<InputComparison<TPerson>.Version> before,
    Func<TPerson, IReadOnlyDictionary<string, string>> after, Func<TPerson, object> alike)
{
    // So many differences are held for people who are alike; with more, they are compared again.
    private const int MostHeld = 1_000_000;

    private readonly Dictionary<object, Compared> _known = [];
    private int _held;

    /// <summary>A version that it takes the place of.</summary>
    /// <param name="Words">Which one; empty: the newest.</param>
    /// <param name="Of">What it sets for somebody.</param>
    public sealed record Version(string Words, Func<TPerson, IReadOnlyDictionary<string, string>> Of);

    private sealed record Compared(bool IsFor, IReadOnlyList<InputDifference> Differences);

    /// <summary>Counts somebody in, unless neither is for them.</summary>
    /// <param name="id">Who.</param>
    /// <param name="person">As they are on its first day.</param>
    /// <param name="own">What changes for them that the file does not say.</param>
    /// <param name="effect">What it does to them, in words, with all that changes.</param>
    public void Add(
        Guid id, TPerson person, IReadOnlyList<InputDifference> own,
        Func<IReadOnlyList<InputDifference>, string> effect)
    {
        var compared = Compare(person);
        if (!compared.IsFor && own.Count == 0) return;
        reach.Add(id, compared.Differences, own, () => effect([.. own, .. compared.Differences]));
    }

    /// <summary>The same of one who is watched, as they are from a later day on.</summary>
    public void AddLater(Guid id, TPerson person, DateOnly from) => reach.AddLater(
        id, Compare(person).Differences, more => $"From {from.InWords()} on: {InputDifference.InWords(more)}");

    private Compared Compare(TPerson person)
    {
        var key = alike(person);
        if (_known.TryGetValue(key, out var known)) return known;
        var becomes = after(person);
        var was = before.Select(version => (version.Words, Of: version.Of(person))).ToList();
        var compared = new Compared(
            becomes.Count > 0 || was.Any(one => one.Of.Count > 0),
            [.. was.SelectMany(one => InputDifference.Between(one.Of, becomes, one.Words))]);
        if ((_held += compared.Differences.Count) > MostHeld)
        {
            _known.Clear();
            _held = compared.Differences.Count;
        }

        return _known[key] = compared;
    }
}
