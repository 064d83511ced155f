using Guerdon.Kernel;

namespace Guerdon.Providers;

/// <summary>
/// Whether a provider is left alone. Failures count by person: one person's never keep others from it, however many
/// there are. It takes two people, or a person and a probe that carries nothing of theirs.
/// </summary>
/// <remarks>
/// Left alone for <see cref="GatewayOptions.BreakFor"/>; then each person may try it once in as long, until somebody's
/// call goes well. What is remembered is bounded: <see cref="MostPeople"/> people, for ten seconds.
/// </remarks>
internal sealed class Breaker(GatewayOptions options, TimeProvider clock)
{
    /// <summary>So many people are told apart; calls of others count, but for nobody.</summary>
    public const int MostPeople = 64;

    private const int LeastCalls = 10;
    private const int LeastPeople = 2;
    private static readonly TimeSpan Watched = TimeSpan.FromSeconds(10);

    private readonly Lock _gate = new();
    private readonly SteadyTime _time = new(clock);
    private readonly Dictionary<Guid, bool> _isWell = []; // how each person's last call went
    private readonly HashSet<Guid> _tried = [];
    private long _until; // 0: it is not left alone, nor being tried again
    private long _watchedSince; // 0: nothing has failed lately
    private long _triedSince;
    private int _calls;
    private int _failed;

    /// <summary>Until when it is left alone; null: it is not.</summary>
    public DateTimeOffset? LeftAloneUntil =>
        Interlocked.Read(ref _until) is > 0 and var until && Now < until
            ? new DateTimeOffset(until, TimeSpan.Zero) : null;

    /// <summary>It was left alone, and no call since has shown that it is well.</summary>
    public bool IsTriedAgain => Interlocked.Read(ref _until) != 0;

    /// <summary>Whether a person's call may go to it now. Asking changes nothing.</summary>
    public bool MayCall(Guid person)
    {
        if (Interlocked.Read(ref _until) == 0) return true; // almost always, and without the lock
        lock (_gate)
        {
            if (_until == 0) return true;
            if (Now < _until) return false;
            return Now - _triedSince >= options.BreakFor.Ticks
                || (_tried.Count < MostPeople && !_tried.Contains(person));
        }
    }

    /// <summary>A call goes out: where the provider is being tried again, this was the person's try.</summary>
    public void Begin(Guid? person)
    {
        if (Interlocked.Read(ref _until) == 0) return;
        lock (_gate)
        {
            if (_until == 0 || Now < _until) return;
            if (Now - _triedSince >= options.BreakFor.Ticks)
            {
                _tried.Clear();
                _triedSince = Now;
            }

            if (person is { } who && _tried.Count < MostPeople) _tried.Add(who);
        }
    }

    /// <summary>A call to the provider ended: it was answered, or not.</summary>
    /// <param name="person">Whose it was; null: of nobody who could be told apart.</param>
    /// <param name="isFailure">The provider failed, or seems to have.</param>
    /// <param name="isAgain">A call that was noted as answered turned out to have failed.</param>
    /// <returns>True where only a probe can tell whether the provider is ill.</returns>
    public bool Note(Guid? person, bool isFailure, bool isAgain = false)
    {
        if (!isFailure && Interlocked.Read(ref _watchedSince) == 0 && Interlocked.Read(ref _until) == 0) return false;
        lock (_gate)
        {
            if (_until != 0 && Now < _until) return false;
            if (!isFailure && _until != 0)
            {
                Forget(); // tried again, and well
                _until = 0;
                return false;
            }

            if (Now - _watchedSince > Watched.Ticks) Forget();
            if (!isFailure && _watchedSince == 0) return false;
            if (_watchedSince == 0) _watchedSince = Now;
            Count(person, isFailure, isAgain);
            return isFailure && IsSuspect() && !IsSeenBySeveral();
        }
    }

    /// <summary>What a probe met: without it nobody's failures alone leave a provider alone.</summary>
    public void NoteProbe(bool isFailure)
    {
        lock (_gate)
        {
            if (isFailure && _watchedSince != 0) LeaveAlone();
            else Forget();
        }
    }

    /// <summary>Leaves it alone from now on, for as long as is set.</summary>
    public void LeaveAlone()
    {
        lock (_gate)
        {
            Forget();
            _tried.Clear();
            _until = Now + options.BreakFor.Ticks;
            _triedSince = _until;
        }
    }

    private void Count(Guid? person, bool isFailure, bool isAgain)
    {
        if (!isAgain) _calls++;
        if (isFailure) _failed++;
        _calls = Math.Max(_calls, _failed); // an answer before the first failure was not counted
        if (person is { } who && (_isWell.Count < MostPeople || _isWell.ContainsKey(who))) _isWell[who] = !isFailure;
    }

    // While it is tried again a single failure is enough to ask about, because few calls go to it.
    private bool IsSuspect() => _until != 0 || (_calls >= LeastCalls && IsEnough(_failed, _calls));

    private bool IsSeenBySeveral()
    {
        var ill = _isWell.Count(person => !person.Value);
        if (ill < LeastPeople || !IsEnough(ill, _isWell.Count)) return false;
        LeaveAlone();
        return true;
    }

    private bool IsEnough(int failed, int all) => failed * 10L >= (long)options.BreakAtTenths * all;

    private void Forget()
    {
        _isWell.Clear();
        (_calls, _failed, _watchedSince) = (0, 0, 0);
    }

    private long Now => _time.Now.UtcTicks;
}
