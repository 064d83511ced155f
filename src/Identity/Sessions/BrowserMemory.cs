using Microsoft.AspNetCore.Http;

namespace Guerdon.Identity.Sessions;

/// <summary>What a browser keeps of pages, so that they show at once when somebody goes back to them.</summary>
public static class BrowserMemory
{
    // Not cookies: ours are deleted by name, and the theme is nobody's secret. We store nothing else, and what an
    // extension or a later version did is gone with it. Chromium takes some 30 ms for both.
    private const string All = "\"cache\", \"storage\"";

    /// <summary>Has the browser forget it, with the answer that ends its own session. Browsers do so for HTTPS and
    /// this machine.</summary>
    public static void Clear(HttpContext http) => http.Response.Headers["Clear-Site-Data"] = All;
}
