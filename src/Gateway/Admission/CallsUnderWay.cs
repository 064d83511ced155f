using System.Collections.Concurrent;
using Guerdon.Ledger;
using Microsoft.AspNetCore.Http;

namespace Guerdon.Gateway.Admission;

/// <summary>Whose calls this node has under way, so that they can be ended for whoever may not have an answer any
/// more.</summary>
public sealed class CallsUnderWay
{
    private readonly ConcurrentDictionary<HttpContext, WalletId> _calls = [];

    /// <summary>Notes a call until it is disposed.</summary>
    public IDisposable Begin(WalletId wallet, HttpContext http)
    {
        _calls[http] = wallet;
        return new Call(this, http);
    }

    /// <summary>Whose calls are under way.</summary>
    public IReadOnlySet<WalletId> Wallets => _calls.Values.ToHashSet();

    /// <summary>Disconnects the callers of some wallets. What a provider works on already is read on for its usage and
    /// charged, as where a caller hangs up.</summary>
    public void End(IReadOnlySet<WalletId> wallets)
    {
        foreach (var (http, wallet) in _calls)
            if (wallets.Contains(wallet)) http.Abort();
    }

    private sealed class Call(CallsUnderWay calls, HttpContext http) : IDisposable
    {
        public void Dispose() => calls._calls.TryRemove(http, out _);
    }
}
