using System.Net;
using Guerdon.Gateway.Admission;
using Guerdon.Providers;

namespace Guerdon.Gateway.Forwarding;

/// <summary>The providers that one call goes to, one after the other, until one begins to answer.</summary>
internal sealed class Attempts : IDisposable
{
    // Spread, so that callers who failed together do not come back together.
    private static readonly TimeSpan LongestPause = TimeSpan.FromMilliseconds(250);

    private readonly ProviderGroup _providers;
    private readonly GatewayOptions _options;
    private readonly Guid _person;
    private List<Provider>? _failed;
    private Provider? _entered;

    /// <summary>Until it is disposed, these providers keep their connections even where others replace them.</summary>
    public Attempts(ProviderGroup providers, GatewayOptions options, Guid person)
    {
        (_providers, _options, _person) = (providers, options, person);
        providers.Enter();
        Current = providers.Choose(person, [], Random.Shared.NextDouble());
    }

    /// <summary>Who takes this attempt; null where nobody is healthy.</summary>
    public Provider? Current { get; private set; }

    /// <summary>Counts the attempt among the person's calls with <see cref="Current"/>, until <see cref="End"/>.
    /// </summary>
    /// <returns>False where they have as many there as leave enough connections to others.</returns>
    public bool TryBegin()
    {
        if (Current?.TryEnter(_person) != true) return false;
        _entered = Current;
        return true;
    }

    /// <summary>The attempt is over.</summary>
    public void End()
    {
        _entered?.Leave(_person);
        _entered = null;
    }

    /// <summary>Nobody takes the call because the person has too many with whoever would.</summary>
    public bool IsFull => _providers.IsFullFor(_person);

    /// <summary>What is held for the attempt under way; null where nothing is, or not yet.</summary>
    public Hold? Hold { get; set; }

    public void Dispose()
    {
        End();
        _providers.Leave();
    }

    /// <summary>
    /// Whether this attempt's failure may be followed by another attempt, which then is <see cref="Current"/>'s.
    /// </summary>
    /// <param name="failure">The status it failed with; null where it was not reached.</param>
    /// <param name="isFinal">The provider says that it would fail again.</param>
    public bool TryNext(HttpStatusCode? failure, bool isFinal)
    {
        isFinal &= !IsOfKey(failure); // with this key, and another provider has another
        if (isFinal || Current is not { } failed || !IsWorthElsewhere(failure)) return false;
        _failed ??= [];
        _failed.Add(failed);
        if (_failed.Count >= _options.Attempts) return false;
        if (_providers.Choose(_person, _failed, Random.Shared.NextDouble()) is { } other)
        {
            Current = other;
            return true;
        }

        // There is nobody else, so the same provider once more, unless it answered: then it would only fail again.
        return _failed.Count(f => f == failed) == 1 && failed.MayCall(_person) && IsWorthRepeating(failure);
    }

    /// <summary>How long to wait before the attempt. None before another provider's turn.</summary>
    public TimeSpan Pause => Current is { } current && _failed?.Contains(current) == true
        ? LongestPause * Random.Shared.NextDouble()
        : TimeSpan.Zero;

    // Of the company's key, since callers' keys never reach a provider.
    private static bool IsOfKey(HttpStatusCode? failure) =>
        failure is HttpStatusCode.Unauthorized or HttpStatusCode.Forbidden;

    // 504 is not among them, because the model may have worked, and would be paid twice.
    private static bool IsWorthElsewhere(HttpStatusCode? failure) => IsOfKey(failure) || failure is null
        or HttpStatusCode.TooManyRequests or HttpStatusCode.InternalServerError or HttpStatusCode.BadGateway
        or HttpStatusCode.ServiceUnavailable or Overloaded;

    private static bool IsWorthRepeating(HttpStatusCode? failure) =>
        failure is null or HttpStatusCode.BadGateway or HttpStatusCode.ServiceUnavailable or Overloaded;

    private const HttpStatusCode Overloaded = (HttpStatusCode)529; // Anthropic's
}
