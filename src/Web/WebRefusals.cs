using Guerdon.Kernel;

namespace Guerdon.Web;

/// <summary>Every expected "no" of an address that is nobody's, and of what keeps pages current.</summary>
public static class WebRefusals
{
    public static readonly Refusal NotFound = new("web.not_found", 404, Retryable: false,
        "Check the address; /api/v1/openapi.json lists all that programs can call.");

    public static readonly Refusal LiveStreams = new("web.live_streams", 429, Retryable: true,
        "Close pages that are open elsewhere, or read the page again: it shows the same without a stream.");
}
