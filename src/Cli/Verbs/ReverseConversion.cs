using System.CommandLine;
using Guerdon.Cli.Parsing;

namespace Guerdon.Cli.Verbs;

/// <summary><c>guerdon convert reverse CONVERSION</c>: one administrator asks to undo it, another agrees.</summary>
internal static class ReverseConversion
{
    public static Verb Build()
    {
        var id = PayVerbs.Conversion();
        var reason = new Option<string?>("--reason") { Description = "Ask for it, and why.", HelpName = "TEXT" };
        var approve = new Option<bool>("--approve") { Description = "Agree to what another administrator asked." };
        var decline = new Option<bool>("--decline") { Description = "Leave it paid." };
        var step = Values.Whole(
            "--step", "The step in which it was asked for, from 'guerdon convert list --all'.", 1, int.MaxValue);
        return new Verb(
            "reverse", "Undo a conversion that was paid out; it takes two administrators.",
            "guerdon convert reverse cnv_01990f6c6a6e7b3f8f0e0c1d2e3f4a5b --reason \"It was paid twice.\"",
            "guerdon convert reverse cnv_01990f6c6a6e7b3f8f0e0c1d2e3f4a5b --approve --step 4")
        {
            id, reason, approve, decline, step,
        }.Does(async (call, ct) =>
        {
            var why = call.Value(reason);
            string?[] chosen =
            [
                why is null ? null : "", call.Value(approve) ? "/approve" : null,
                call.Value(decline) ? "/decline" : null,
            ];
            if (chosen.Count(c => c is not null) != 1)
                return call.Misuse("Say one of --reason, --approve and --decline.");
            var path = $"api/v1/conversions/{Uri.EscapeDataString(call.Value(id))}/reversal{string.Concat(chosen)}";
            return await PayVerbs.DecideAsync(
                call, "Undoing the conversion", path, new PayVerbs.Decision(why, call.Value(step)), "conversion", ct);
        });
    }
}
