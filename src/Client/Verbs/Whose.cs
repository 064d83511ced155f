using System.CommandLine;

namespace Guerdon.Client.Verbs;

/// <summary>Whose things a verb is about: somebody named, or the caller.</summary>
public static class Whose
{
    public static Option<string?> Option() =>
        new("--person") { Description = "An e-mail address or id; left out: you.", HelpName = "PERSON" };

    /// <summary>The address of what is a person's, the caller's own where nobody is named.</summary>
    public static string Path(string? person, string what) =>
        $"api/v1/people/{Uri.EscapeDataString(person ?? "me")}/{what}";
}
