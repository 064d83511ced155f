using Guerdon.Client.Verbs;
using Guerdon.Client;
using Guerdon.Terminal.Parsing;

namespace Guerdon.Cli.Conversions;

/// <summary><c>guerdon convert approve CONVERSION</c>: pays it out; approving again changes nothing.</summary>
internal static class ApproveConversion
{
    public static Verb Build()
    {
        var id = ConversionVerbs.Id();
        return new Verb(
            "approve", "Approve somebody else's conversion, which pays it out.",
            "guerdon convert approve cnv_01990f6c6a6e7b3f8f0e0c1d2e3f4a5b")
        {
            id,
        }.Does((call, ct) => Decisions.DecideAsync(
            call, "Approving the conversion", $"api/v1/conversions/{Uri.EscapeDataString(call.Value(id))}/approve",
            reason: null, "conversion", ct));
    }
}
