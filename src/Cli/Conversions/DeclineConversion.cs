using Guerdon.Client.Verbs;
using Guerdon.Client;
using Guerdon.Terminal.Parsing;

namespace Guerdon.Cli.Conversions;

/// <summary><c>guerdon convert decline CONVERSION</c>: all its tokens come back.</summary>
internal static class DeclineConversion
{
    public static Verb Build()
    {
        var id = ConversionVerbs.Id();
        var reason = Decisions.Why("Why; the person reads it.");
        return new Verb(
            "decline", "Decline a conversion; all its tokens come back.",
            "guerdon convert decline cnv_01990f6c6a6e7b3f8f0e0c1d2e3f4a5b --reason \"Ask again in spring.\"")
        {
            id, reason,
        }.Does((call, ct) => Decisions.DecideAsync(
            call, "Declining the conversion", $"api/v1/conversions/{Uri.EscapeDataString(call.Value(id))}/decline",
            call.Value(reason), "conversion", ct));
    }
}
