using System.Globalization;

namespace Guerdon.Approvals.Inputs;

/// <summary>Where a proposal stood in the list as a page ended with it. The next page goes on from there, also where it
/// was decided meanwhile.</summary>
/// <param name="Waits">Whether it waited.</param>
/// <param name="AskedAt">When it was proposed, to the microsecond.</param>
/// <param name="Id">Which.</param>
public readonly record struct InputPlace(bool Waits, DateTimeOffset AskedAt, InputId Id)
{
    private const char Between = '.';

    private static readonly long MostMicros =
        (DateTimeOffset.MaxValue - DateTimeOffset.UnixEpoch).Ticks / TimeSpan.TicksPerMicrosecond;

    internal static InputPlace Of(InputProposal one) => new(one.State == InputState.Waiting, one.AskedAt, one.Id);

    /// <summary>Reads what a page gave as the next.</summary>
    public static bool TryParse(string? text, out InputPlace place)
    {
        place = default;
        if (text?.Split(Between) is not ["0" or "1", var micros, var id] parts
            || !long.TryParse(micros, NumberStyles.None, CultureInfo.InvariantCulture, out var at) || at > MostMicros
            || !InputId.TryParse(id, out var known)) return false;
        place = new(parts[0] == "1", DateTimeOffset.UnixEpoch.AddTicks(at * TimeSpan.TicksPerMicrosecond), known);
        return true;
    }

    public override string ToString()
    {
        var micros = (AskedAt - DateTimeOffset.UnixEpoch).Ticks / TimeSpan.TicksPerMicrosecond;
        return string.Create(CultureInfo.InvariantCulture, $"{(Waits ? 1 : 0)}{Between}{micros}{Between}{Id}");
    }
}
