using Microsoft.AspNetCore.Http;

namespace Guerdon.Forms;

/// <summary>What there is to say of a form that was sent before, or could not be taken. The page of the form shows it
/// in words.</summary>
/// <param name="Kind">One of the constants.</param>
/// <param name="At">When the form was sent, where that matters.</param>
public sealed record FormNote(string Kind, DateTimeOffset? At)
{
    /// <summary>The page was drawn for another session, or before signing in.</summary>
    public const string Stale = "stale";

    /// <summary>The page stood open for too long, or the form was not one of ours.</summary>
    public const string Old = "old";

    /// <summary>What was asked for is no longer there to be done.</summary>
    public const string Gone = "gone";

    /// <summary>So many forms were sent that no more are taken for a while.</summary>
    public const string TooMany = "many";

    /// <summary>What was sent was taken, and its answer was shown once.</summary>
    public const string Shown = "shown";

    /// <summary>What was sent has no answer yet.</summary>
    public const string Open = "open";

    private static readonly object Key = new();

    /// <summary>What there is to say on the page that is shown now; null: nothing.</summary>
    public static FormNote? Of(HttpContext http) => http.Items.TryGetValue(Key, out var note) ? (FormNote?)note : null;

    /// <summary>Whether an address may name it: only what needs no time.</summary>
    internal static bool IsWord(string named) => named is Stale or Old or Gone or TooMany;

    internal static void Set(HttpContext http, string kind, DateTimeOffset? at) =>
        http.Items[Key] = new FormNote(kind, at);
}
