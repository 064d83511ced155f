using Guerdon.Identity.Audit;
using Guerdon.Kernel;
using Guerdon.Storage;

namespace Guerdon.Admin.Audit;

/// <summary>What an act was, as people say it.</summary>
internal static class ActWords
{
    public static string Kind(string kind) => kind switch
    {
        ActKinds.Write => "Changed",
        ActKinds.Answered => "Asked, nothing changed",
        ActKinds.Refused => "Refused",
        ActKinds.Failed => "Failed",
        ActKinds.SignedIn => "Signed in",
        ActKinds.Throttled => "Tried too often",
        ActKinds.Looked => "Looked at another's",
        _ => kind,
    };

    /// <summary>What it was about.</summary>
    public static string What(ActEntry act) =>
        Permissions.Find(act.Permission)?.Opens ?? (act.Endpoint, act.Means) switch
        {
            ("several", _) => "Several things within a minute.",
            (_, "schedule") => "What Guerdon does by itself.",
            (_, "local") => "The command line on the server's machine.",
            ("POST /sign-in" or "POST /api/v1/login/password" or "GET /sign-in/with/{provider}/back", _) =>
                "Signing in.",
            ("POST /sign-in/with/{provider}/logout", _) => "Signing out, as a sign-in provider said.",
            _ => "What takes no permission.",
        };

    /// <summary>How they came.</summary>
    public static string Means(string means) => means switch
    {
        "session" => "in a session",
        "token" => "with a token",
        "local" => "on the server's machine",
        "schedule" => "by itself",
        _ => "not signed in",
    };

    /// <summary>What the server said, as <c>not allowed (403)</c>.</summary>
    public static string Answer(ActEntry act) => act.Status switch
    {
        0 => act.Kind == ActKinds.Write ? "written" : "several",
        < 400 => $"done ({act.Status})",
        401 => "not signed in (401)",
        403 => "not allowed (403)",
        404 => "not found (404)",
        429 => "too many (429)",
        < 500 => $"refused ({act.Status})",
        _ => $"fault ({act.Status})",
    };

    /// <summary>How many rows it wrote, of which the first twenty are listed.</summary>
    public static string Rows(int listed) =>
        listed < 20 ? $"{Wording.Count(listed, "row")} written" : "The first twenty rows written";
}
