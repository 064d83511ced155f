namespace Stipend.Web;

/// <summary>
/// Counts the live pages that each account has open on this node. A live page asks the database every few seconds, so
/// that without a limit one account's pages would be what it is busy with.
/// </summary>
internal sealed class LivePages
{
    /// <summary>More than anybody looks at: a page that nobody sees holds no connection.</summary>
    public const int MostOfOne = 20;

    private readonly Lock _gate = new();
    private readonly Dictionary<Guid, int> _open = []; // only accounts with open pages

    /// <summary>Opens one more; null where there are enough. It closes with what is returned.</summary>
    public IDisposable? Open(Guid account)
    {
        lock (_gate)
        {
            var open = _open.GetValueOrDefault(account);
            if (open >= MostOfOne) return null;
            _open[account] = open + 1;
            return new Page(this, account);
        }
    }

    private void Close(Guid account)
    {
        lock (_gate)
        {
            if (_open[account] > 1) _open[account]--;
            else _open.Remove(account);
        }
    }

    private sealed class Page(LivePages pages, Guid account) : IDisposable
    {
        private bool _isClosed;

        public void Dispose()
        {
            if (_isClosed) return;
            _isClosed = true;
            pages.Close(account);
        }
    }
}
