using System.Net;
using System.Net.Sockets;
using System.Runtime.InteropServices;
using System.Security.Cryptography;
using System.Text;

namespace Guerdon.Kernel;

/// <summary>
/// Lets each key try so often within a sliding window. Callers choose keys, so none is stored: it is hashed with a
/// secret of this process, and the hashes are bounded in number, whoever sends how many. Beyond that number
/// newcomers share one counter, of a hundred times as many tries, until the window has passed; those counted before
/// are not touched by it.
/// </summary>
/// <param name="clock">Whose steady time is used.</param>
/// <param name="permits">Tries of one key within a window.</param>
/// <param name="window">How long.</param>
/// <param name="mostKeys">How many keys are told apart within a window; two windows are in memory, of 40 bytes a key.
/// </param>
public sealed class Throttle(TimeProvider clock, int permits, TimeSpan window, int mostKeys = 50_000)
{
    private const int OthersPermits = 100;
    private static readonly UInt128 Others = UInt128.Zero;

    private readonly byte[] _secret = RandomNumberGenerator.GetBytes(32);
    private readonly Lock _gate = new();
    private readonly long _began = clock.GetTimestamp();
    private Dictionary<UInt128, int> _current = [];
    private Dictionary<UInt128, int> _previous = [];
    private long _period; // number of the window that current counts

    /// <summary>Counters in memory: at most twice the most keys, and two.</summary>
    public int Count
    {
        get { lock (_gate) return _current.Count + _previous.Count; }
    }

    /// <summary>Counts a try, where it is let pass.</summary>
    /// <param name="key">Of any length and content.</param>
    /// <returns>Null: it may. Else how long to wait; then nothing was counted.</returns>
    public TimeSpan? Take(string key)
    {
        var hash = HashOf(key);
        lock (_gate)
        {
            var into = Turn();
            if (!_current.ContainsKey(hash) && _current.Count >= mostKeys) hash = Others;
            var most = hash == Others ? permits * (long)OthersPermits : permits;
            var (now, before) = (_current.GetValueOrDefault(hash), _previous.GetValueOrDefault(hash));
            if (now + before * (1 - into) + 1 > most) return WaitFor(now, before, most, into);
            _current[hash] = now + 1;
            return null;
        }
    }

    /// <summary>A try that does not count in the end, as one that succeeded. It leaves nothing in memory.</summary>
    public void GiveBack(string key)
    {
        var hash = HashOf(key);
        lock (_gate)
        {
            Turn();
            // It may have been counted in this window or the last, by itself or among the others; only
            // one of them may be lowered.
            _ = Lower(_current, hash) || Lower(_previous, hash) || Lower(_current, Others) || Lower(_previous, Others);
        }
    }

    private static bool Lower(Dictionary<UInt128, int> window, UInt128 hash)
    {
        if (!window.TryGetValue(hash, out var count)) return false;
        if (count > 1) window[hash] = count - 1;
        else window.Remove(hash);
        return true;
    }

    /// <summary>The /48 of an IPv6 address, of which whoever has a whole site has 65,536 /64s; null for IPv4.</summary>
    public static string? SiteOf(IPAddress? from) =>
        from is { AddressFamily: AddressFamily.InterNetworkV6, IsIPv4MappedToIPv6: false }
            ? Convert.ToHexString(from.GetAddressBytes(), 0, 6)
            : null;

    /// <summary>
    /// What an address is counted by: IPv4 by itself, IPv6 by its /64, since whoever has one address of it has all.
    /// </summary>
    public static string KeyOf(IPAddress? from)
    {
        if (from is null) return "nowhere";
        if (from.IsIPv4MappedToIPv6) from = from.MapToIPv4();
        return from.AddressFamily == AddressFamily.InterNetworkV6
            ? Convert.ToHexString(from.GetAddressBytes(), 0, 8)
            : from.ToString();
    }

    private double Turn()
    {
        var windows = clock.GetElapsedTime(_began) / window;
        var now = (long)Math.Floor(windows);
        if (now != _period)
        {
            _previous = now == _period + 1 ? _current : [];
            _current = [];
            _period = now;
        }

        return windows - now;
    }

    // Until the weighted count has room for one more.
    private TimeSpan WaitFor(long now, long before, long most, double into)
    {
        var wait = now < most
            ? 1 - into - (most - 1 - now) / (double)before
            : 1 - into + 1 - (most - 1) / (double)now;
        return window * Math.Clamp(wait, 0.001, 2);
    }

    private UInt128 HashOf(string key)
    {
        Span<byte> hash = stackalloc byte[32];
        HMACSHA256.HashData(_secret, Encoding.UTF8.GetBytes(key), hash);
        return MemoryMarshal.Read<UInt128>(hash) | UInt128.One; // never the others'
    }
}
