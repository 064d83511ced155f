using Guerdon.Kernel;
using Guerdon.Pricing.Costing;

namespace Guerdon.Dialects.Calls;

/// <summary>Which media a call may use beside text, and whether its model's price covers what it asks for.</summary>
public static class MediaRules
{
    /// <summary>All that the call may be charged for beside text: what is held is the most expensive of it.</summary>
    public static Media MayUse(in CallFacts call)
    {
        var media = call.Asked;
        if (call.Images > 0) media |= Media.ImageInput;
        if (call.ReadsBeyondBody || call.Hosted is not null) media |= Media.AudioInput | Media.ImageInput;
        if (!call.NamesModalities && call.Api.Dialect.AnswersInAnyMedia) media |= Media.AudioOutput | Media.ImageOutput;
        return media;
    }

    /// <summary>What the call's output is where the answer does not tell it apart.</summary>
    public static Media OutputAs(in CallFacts call) =>
        (call.Asked & Media.ImageOutput) != 0 ? Media.ImageOutput : call.Asked & Media.AudioOutput;

    /// <summary>Why the call cannot be charged, or null: what a model has no price for does not pass as
    /// text.</summary>
    public static Refused? Unpriced(in CallFacts call, Price price)
    {
        var lacking = call.Asked & ~price.Base.Priced;
        return lacking == Media.None
            ? null
            : DialectRefusals.Unpriced.With($"The price of '{call.Model}' has none for {NamesOf(lacking)}.");
    }

    private static string NamesOf(Media media) =>
        string.Join(" and ", Enum.GetValues<Media>().Where(kind => (kind & media) != 0).Select(kind => kind switch
        {
            Media.AudioInput => "audio input",
            Media.ImageInput => "image input",
            Media.AudioOutput => "audio output",
            _ => "image output",
        }));
}
