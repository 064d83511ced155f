namespace Guerdon.Gateway.Admission;

/// <summary>
/// How long a person's answers from each model have lately been: what an uncapped call of a small wallet is capped by.
/// </summary>
/// <remarks>
/// The longest of recent answers counts, and fades by an eighth with each answer. An answer that ran into its cap
/// counts as that cap, so the next one may be twice as long: whatever length is needed, it is reached in a few calls.
/// </remarks>
public sealed class OutputHabits
{
    private const int MostModels = 64;
    private readonly Lock _gate = new();
    private readonly Dictionary<string, long> _longest = new(StringComparer.Ordinal);

    /// <summary>Tokens of output; null where nothing is known of the model yet.</summary>
    public long? Of(string model)
    {
        lock (_gate) return _longest.TryGetValue(model, out var output) ? output : null;
    }

    public void Note(string model, long output)
    {
        lock (_gate)
        {
            if (_longest.Count >= MostModels && !_longest.ContainsKey(model)) _longest.Clear();
            _longest[model] = Math.Max(output, _longest.GetValueOrDefault(model) * 7 / 8);
        }
    }
}
