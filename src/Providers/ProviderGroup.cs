using Guerdon.Dialects.Calls;

namespace Guerdon.Providers;

/// <summary>Those who serve the same models, and which of them a call goes to.</summary>
/// <param name="members">In one dialect; at least one.</param>
public sealed class ProviderGroup(IReadOnlyList<Provider> members)
{
    private int _calls;

    public Dialect Dialect => members[0].Dialect;

    public IReadOnlyList<Provider> Members => members;

    /// <summary>Calls that are with it now: while there are any, its connections stay.</summary>
    public int Calls => Volatile.Read(ref _calls);

    public void Enter() => Interlocked.Increment(ref _calls);

    public void Leave() => Interlocked.Decrement(ref _calls);

    /// <summary>Whether a person is kept from one of them by their own calls alone.</summary>
    public bool IsFullFor(Guid person) => members.Any(member => member.IsHealthy && member.IsFullFor(person));

    /// <summary>
    /// Who takes the next attempt: by weight among the healthy who have not been tried; those of no weight only where
    /// no other is left. Null where nobody is healthy and untried.
    /// </summary>
    /// <param name="person">Whose call it is.</param>
    /// <param name="tried">Who failed this call already.</param>
    /// <param name="chance">From 0 up to, not including, 1.</param>
    public Provider? Choose(Guid person, IReadOnlyCollection<Provider> tried, double chance)
    {
        if (members.Count == 1) return tried.Count == 0 && members[0].MayCall(person) ? members[0] : null;

        var total = 0L;
        Provider? fallback = null;
        foreach (var member in members)
        {
            if (!member.MayCall(person) || tried.Contains(member)) continue;
            total += member.Weight;
            fallback ??= member.Weight == 0 ? member : null;
        }

        var at = (long)(chance * total);
        foreach (var member in members)
        {
            if (member.Weight == 0 || !member.MayCall(person) || tried.Contains(member)) continue;
            if (at < member.Weight) return member;
            at -= member.Weight;
        }

        return fallback;
    }
}
