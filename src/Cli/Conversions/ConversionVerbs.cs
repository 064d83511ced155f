using System.CommandLine;
using Guerdon.Kernel;
using Guerdon.Terminal.Parsing;

namespace Guerdon.Cli.Conversions;

/// <summary>What the verbs of <c>guerdon convert</c> share.</summary>
internal static class ConversionVerbs
{
    /// <summary>Which step of a conversion is decided.</summary>
    internal sealed record OnStep(int? Step);

    public static Argument<string> Id() => Values.Id("CONVERSION", "cnv", "guerdon convert list");

    /// <summary>Tokens as people write them, up to three decimals.</summary>
    public static Argument<string> Tokens()
    {
        var tokens = new Argument<string>("TOKENS") { Description = "How many reward tokens, such as 5000 or 12.5." };
        tokens.Validators.Add(result =>
        {
            var text = result.GetValueOrDefault<string>();
            if (!Decimals.TryParse(text, 3, out var milli) || milli < 1)
                result.AddError($"'{text}' is not a number of tokens: write it as 5000 or 12.5.");
        });
        return tokens;
    }

    public static Argument<string> Form()
    {
        var form = new Argument<string>("FORM") { Description = "cash, time_off or equity." };
        form.AcceptOnlyFromAmong("cash", "time_off", "equity");
        return form;
    }

    public static long Milli(string tokens) => Decimals.TryParse(tokens, 3, out var milli) ? milli : 0;
}
