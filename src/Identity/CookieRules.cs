using Microsoft.AspNetCore.Http;

namespace Guerdon.Identity;

/// <summary>How cookies are set: it depends on how the server is reached, which Host knows.</summary>
public sealed class CookieRules
{
    /// <summary>Whether people reach it over HTTPS alone.</summary>
    public bool AreSecure { get; set; } = true;

    internal CookieSecurePolicy Policy => AreSecure ? CookieSecurePolicy.Always : CookieSecurePolicy.SameAsRequest;

    /// <summary>A cookie's name. Over HTTPS no other host can set one of that prefix, and no plain request.</summary>
    public string NameOf(string name) => AreSecure ? $"__Host-{name}" : name;
}
