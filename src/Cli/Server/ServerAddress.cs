namespace Stipend.Cli;

/// <summary>Which server to ask: <c>--server</c>, else <c>STIPEND_URL</c>, else this machine.</summary>
internal static class ServerAddress
{
    public const string Default = "http://127.0.0.1:8080";

    public static (Uri? Url, string? Problem) Find(string? option, Surroundings surroundings)
    {
        var text = option ?? surroundings.Setting("STIPEND_URL") ?? Default;
        var source = option is null ? "STIPEND_URL" : "--server";
        // The slash makes paths relative to it, so that a server may live under a path of its own.
        var isAddress = Uri.TryCreate(text.Trim().TrimEnd('/') + "/", UriKind.Absolute, out var url)
            && (url.Scheme is "http" or "https") && url.UserInfo.Length == 0;
        return isAddress
            ? (url, null)
            : (null, $"{source} is not an address: write it as {Default} or https://stipend.example.com.");
    }
}
