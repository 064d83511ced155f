using Guerdon.Client.Verbs;
using Guerdon.Client;
using Guerdon.Terminal.Parsing;

namespace Guerdon.Cli.Conversions;

/// <summary><c>guerdon convert withdraw CONVERSION</c>: one's own, before it is decided.</summary>
internal static class WithdrawConversion
{
    public static Verb Build()
    {
        var id = ConversionVerbs.Id();
        return new Verb(
            "withdraw", "Withdraw your own request; you get all its tokens back.",
            "guerdon convert withdraw cnv_01990f6c6a6e7b3f8f0e0c1d2e3f4a5b")
        {
            id,
        }.Does((call, ct) => Decisions.DecideAsync(
            call, "Withdrawing the conversion", $"api/v1/conversions/{Uri.EscapeDataString(call.Value(id))}/withdraw",
            reason: null, "conversion", ct));
    }
}
