namespace Guerdon.Bounds.Edits;

/// <summary>
/// What providers call the output cap of a chat completion. OpenAI renamed it; some of those who speak its dialect know
/// only the old name and answer 422 to the new one, or ignore it.
/// </summary>
public static class CapMembers
{
    public const string Old = "max_tokens";
    public const string New = "max_completion_tokens";

    // By whose models they serve. Sources: the API references of Mistral (unknown members are refused), DeepSeek and
    // Moonshot.
    private static readonly string[] KnowOldAlone = ["mistral", "deepseek", "moonshot"];

    // Those whose old name caps the words of an answer and not what the model thinks before them, which is charged
    // alike. Sources: the references of Alibaba, which says so, and of xAI, whose new name has reasoning in it.
    private static readonly string[] ThinkBesideOld = ["alibaba", "xai"];

    /// <summary>Whether the cap is sent even where the model's own most would do: without it thinking has another, or
    /// none.</summary>
    public static bool MustBeSent(string served) => ThinkBesideOld.Contains(served, StringComparer.OrdinalIgnoreCase);

    public static bool IsOne(string member) => member is "" or Old or New;

    /// <summary>
    /// The member that a provider is sent a cap in, and that a caller's is renamed to; null: callers' stay as they
    /// are, and one that is put in has the new name.
    /// </summary>
    /// <param name="set">As it is set; empty: it is not.</param>
    /// <param name="served">Whose models it serves.</param>
    public static string? Of(string set, string served)
    {
        if (set.Length > 0) return set;
        if (MustBeSent(served)) return New;
        return KnowOldAlone.Contains(served, StringComparer.OrdinalIgnoreCase) ? Old : null;
    }
}
