namespace Guerdon.Providers;

/// <summary>
/// Shares out connections of which there are only so many. Nobody begins a call more than there are connections that
/// nobody has: somebody alone may have half of all, two people a third each, four a fifth each; and as many are left
/// for whoever comes next.
/// </summary>
/// <param name="all">How many there are.</param>
internal sealed class ConnectionShares(int all)
{
    private readonly Lock _gate = new();
    private readonly Dictionary<Guid, int> _taken = []; // only people with calls
    private int _sum;

    /// <summary>Whether a person may begin a call more. Everybody may have one.</summary>
    public bool HasRoomFor(Guid person)
    {
        lock (_gate) return HasRoom(_taken.GetValueOrDefault(person));
    }

    /// <summary>Takes one, or says that there is no room: <see cref="GiveBack"/> it.</summary>
    /// <param name="person">Whose call it is.</param>
    /// <param name="isLimited">False: there are as many as are wanted, so that it only counts.</param>
    public bool TryTake(Guid person, bool isLimited)
    {
        lock (_gate)
        {
            var mine = _taken.GetValueOrDefault(person);
            if (isLimited && !HasRoom(mine)) return false;
            _taken[person] = mine + 1;
            _sum++;
            return true;
        }
    }

    /// <summary>A call of a person's has ended.</summary>
    public void GiveBack(Guid person)
    {
        lock (_gate)
        {
            _sum--;
            if (--_taken[person] == 0) _taken.Remove(person);
        }
    }

    private bool HasRoom(int mine) => mine == 0 || mine < all - _sum;
}
