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

    /// <summary>A version that it takes the place of, or that held lately.</summary>
    /// <param name="Words">Which one; empty: the newest.</param>
    /// <param name="Of">What it sets for somebody.</param>
    /// <param name="IsLately">It held lately, and nothing is left of it.</param>
    public sealed record Version(
        string Words, Func<TPerson, IReadOnlyDictionary<string, string>> Of, bool IsLately = false);

    private sealed record Compared(bool IsFor, InputDifferences Differences);

    /// <summary>Counts somebody in, unless neither is for them.</summary>
    /// <param name="id">Who.</param>
    /// <param name="person">As they are on its first day.</param>
    /// <param name="own">What differs for them besides, by what the files differ in for them.</param>
    /// <param name="effect">What it does to them, in words, with all that changes.</param>
    public void Add(
        Guid id, TPerson person, Func<InputDifferences, InputDifferences> own,
        Func<IReadOnlyList<InputDifference>, string> effect)
    {
        var compared = Compare(person);
        var theirs = own(compared.Differences);
        if (!compared.IsFor && theirs.IsNothing) return;
        reach.Add(
            id, compared.Differences, theirs, () => effect([.. theirs.Changes, .. compared.Differences.Changes]));
    }

    /// <summary>The same where nothing else differs for anybody.</summary>
    public void Add(Guid id, TPerson person, Func<IReadOnlyList<InputDifference>, string> effect) =>
        Add(id, person, _ => InputDifferences.Nothing(), effect);

    /// <summary>The same of one who is watched, as they are from a later day on.</summary>
    public void AddLater(Guid id, TPerson person, DateOnly from) => reach.AddLater(
        id, Compare(person).Differences, more => $"From {from.InWords()} on: {InputDifference.InWords(more)}");

    private Compared Compare(TPerson person)
    {
        var key = alike(person);
        if (_known.TryGetValue(key, out var known)) return known;
        var becomes = after(person);
        var was = before.Select(version => (Version: version, Of: version.Of(person))).ToList();
        var compared = new Compared(
            becomes.Count > 0 || was.Any(one => one.Of.Count > 0 && !one.Version.IsLately),
            new(Of(isLately: false), Of(isLately: true)));
        _held += compared.Differences.All.Count();
        if (_held > MostHeld)
        {
            _known.Clear();
            _held = compared.Differences.All.Count();
        }

        return _known[key] = compared;

        IReadOnlyList<InputDifference> Of(bool isLately) =>
        [
            .. was.Where(one => one.Version.IsLately == isLately)
                .SelectMany(one => InputDifference.Between(one.Of, becomes, one.Version.Words)),
        ];
    }
}
