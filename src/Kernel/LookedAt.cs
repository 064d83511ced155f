using Microsoft.AspNetCore.Http;

namespace Guerdon.Kernel;

/// <summary>Whose figures an answer shows, where its address does not say so: they learn who looked. Where the address
/// names them as <c>personOrEmail</c>, <c>Person</c> or <c>wallet</c>, nobody has to say it.</summary>
public static class LookedAt
{
    private static readonly object Key = new();

    /// <summary>Says that the answer shows what is a person's.</summary>
    public static void Say(HttpContext http, Guid person) => http.Items[Key] = $"prs_{person:N}";

    /// <summary>Says that the answer is a list of everybody's.</summary>
    public static void SayAll(HttpContext http) => http.Items[Key] = "";

    /// <summary>Whose: <c>prs_…</c>, or empty for everybody's; null: nothing was said.</summary>
    public static string? Of(HttpContext http) => http.Items[Key] as string;
}
