using System.CommandLine;
using Guerdon.Client.Verbs;
using Guerdon.Client;
using Guerdon.Terminal.Parsing;

namespace Guerdon.Cli.Conversions;

/// <summary><c>guerdon convert reverse CONVERSION</c>: one administrator asks for it, another agrees.</summary>
internal static class ReverseConversion
{
    public static Verb Build()
    {
        var id = ConversionVerbs.Id();
        var reason = new Option<string?>("--reason") { Description = "Ask for it, and why.", HelpName = "TEXT" };
        var approve = new Option<bool>("--approve") { Description = "Agree to what another administrator asked for." };
        var decline = new Option<bool>("--decline")
        {
            Description = "Decline what another administrator asked for; it stays paid.",
        };
        var step = Values.Whole(
            "--step", "The step in which it was asked for, from 'guerdon convert list --all'.", 1, int.MaxValue);
        return new Verb(
            "reverse", "Reverse a conversion that was paid out; it takes two administrators.",
            "guerdon convert reverse cnv_01990f6c6a6e7b3f8f0e0c1d2e3f4a5b --reason \"It was paid twice.\"",
            "guerdon convert reverse cnv_01990f6c6a6e7b3f8f0e0c1d2e3f4a5b --approve --step 4")
        {
            id, reason, approve, decline, step,
        }.Does(async (call, ct) =>
        {
            var why = call.Value(reason);
            var (approves, declines) = (call.Value(approve), call.Value(decline));
            if ((why is null ? 0 : 1) + (approves ? 1 : 0) + (declines ? 1 : 0) != 1)
                return call.Misuse("Name one of --reason, --approve and --decline.");
            if (why is not null && call.Value(step) is not null)
                return call.Misuse("--step goes with --approve or --decline.");
            const string doing = "Reversing the conversion";
            var path = $"api/v1/conversions/{Uri.EscapeDataString(call.Value(id))}/reversal";
            if (why is not null) return await Decisions.DecideAsync(call, doing, path, why, "conversion", ct);
            return Decisions.Show(call, "conversion", await call.PostAsync(
                doing, $"{path}/{(approves ? "approve" : "decline")}", new ConversionVerbs.OnStep(call.Value(step)),
                ConversionsJson.Default.ConversionVerbsOnStep, ct));
        });
    }
}
