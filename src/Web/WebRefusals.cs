using Stipend.Kernel;

namespace Stipend.Web;

/// <summary>Every expected "no" of an address that is nobody's.</summary>
public static class WebRefusals
{
    public static readonly Refusal NotFound = new("web.not_found", 404, Retryable: false,
        "Check the address; /api/v1/openapi.json lists all that programs can call.");
}
