using System.Globalization;
using Guerdon.Kernel;
using Microsoft.AspNetCore.Http;

namespace Guerdon.Web.Wallets;

/// <summary>How many streams are open that keep pages current. Each costs a connection and a query every few seconds,
/// so a person has a few of them and a node some thousands.</summary>
/// <param name="most">Of everybody together.</param>
internal sealed class LiveStreams(int most)
{
    /// <summary>Of everybody together, on one node.</summary>
    public const int Most = 5_000;

    /// <summary>Of one person, by whichever of their accounts. A browser has six connections for all its tabs, and
    /// holds none for a tab that nobody sees.</summary>
    public const int MostOfOne = 12;

    /// <summary>When it is worth asking again: somebody has closed a page by then, or not.</summary>
    public static readonly TimeSpan RetryAfter = TimeSpan.FromSeconds(5);

    private readonly Lock _gate = new();
    private readonly Dictionary<Guid, int> _open = [];
    private int _all;

    public LiveStreams() : this(Most)
    {
    }

    /// <summary>Opens a stream for a reader until the request ends, whatever ends it.</summary>
    /// <returns>Why not, or null.</returns>
    public Refused? TryOpen(Actor reader, HttpContext context)
    {
        var who = reader.Person ?? reader.Account ?? Guid.Empty; // accounts of nobody are few and made by hand
        if (TryOpen(who) is { } no)
        {
            context.Response.Headers.RetryAfter = RetryAfter.TotalSeconds.ToString("0", CultureInfo.InvariantCulture);
            return no;
        }

        context.Response.RegisterForDispose(new Slot(this, who));
        return null;
    }

    internal Refused? TryOpen(Guid who)
    {
        lock (_gate)
        {
            var own = _open.GetValueOrDefault(who);
            if (own >= MostOfOne)
                return WebRefusals.LiveStreams.With($"You have {own} open, which is the most that one person may.");
            if (_all >= most)
                return WebRefusals.LiveStreams.With($"This server has {_all} open, which is the most that it may.");
            (_open[who], _all) = (own + 1, _all + 1);
            return null;
        }
    }

    internal void Close(Guid who)
    {
        lock (_gate)
        {
            _all--;
            if (--_open[who] == 0) _open.Remove(who);
        }
    }

    private sealed class Slot(LiveStreams streams, Guid who) : IDisposable
    {
        private int _isClosed;

        public void Dispose()
        {
            if (Interlocked.Exchange(ref _isClosed, 1) == 0) streams.Close(who);
        }
    }
}
