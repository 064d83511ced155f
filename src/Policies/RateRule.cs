using Guerdon.Kernel;

namespace Guerdon.Policies;

/// <summary>Whose calls a rule counts together.</summary>
public enum RateScope { Person, Model, PersonAndModel }

/// <summary>At most so many requests or tokens in any window.</summary>
/// <param name="Number">Its place in the policy, from 1.</param>
/// <param name="Per">Whose calls count together.</param>
/// <param name="Models">Only these; empty: all.</param>
/// <param name="Requests">The most calls, or null.</param>
/// <param name="Tokens">The most tokens, input and output together, or null.</param>
/// <param name="Window">A minute, an hour or a day.</param>
/// <param name="Whom">Whose section states it; null: it is for all.</param>
public sealed record RateRule(
    int Number, RateScope Per, IReadOnlyList<string> Models, long? Requests, long? Tokens, TimeSpan Window,
    string? Whom = null)
{
    /// <summary>The rule in words, such as <c>rule 2: 60 requests a minute per person</c>. It also names
    /// its counters.</summary>
    public string Words { get; } = Describe(Number, Per, Models, Requests, Tokens, Window, Whom);

    private static string Describe(
        int number, RateScope per, IReadOnlyList<string> models, long? requests, long? tokens,
        TimeSpan window, string? whom)
    {
        var limits = new List<string>();
        if (requests is { } calls) limits.Add(Wording.Count(calls, "request"));
        if (tokens is { } used) limits.Add(Wording.Count(used, "token"));
        var span = window.TotalDays >= 1 ? "a day" : window.TotalHours >= 1 ? "an hour" : "a minute";
        var whose = per switch
        {
            RateScope.Person => "person",
            RateScope.Model => "model",
            _ => "person and model",
        };
        var section = whom is null ? "" : $" for {whom}";
        var of = models.Count > 0 ? $" of {string.Join(", ", models)}" : "";
        return $"rule {number}{section}: {string.Join(" and ", limits)} {span} per {whose}{of}";
    }
}
