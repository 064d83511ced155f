
namespace Guerdon.Metering.Requests;

/// <summary>Why a call may have cost something else than it was charged, in words.</summary>
public static class DoubtWords
{
    /// <summary>Doubts as people read them, one sentence each.</summary>
    public static IReadOnlyList<string> Of(Doubts doubts) =>
        [.. Enum.GetValues<Doubts>().Where(d => d != Doubts.None && (doubts & d) != 0).Select(WordOf)];

    private static string WordOf(Doubts doubt) => doubt switch
    {
        Doubts.UndatedPrice => "priced by the undated name; the dated one has no row",
        Doubts.OtherModel => "another model answered, which has no row",
        Doubts.OtherTier => "served in a tier or region that has no row",
        Doubts.UnpricedTool => "the tool has no fee",
        Doubts.UnknownTool => "a tool that is not known",
        Doubts.UnknownIteration => "a kind of iteration that is not known",
        Doubts.UnknownUsage => "a count that is not known",
        _ => "too long to be read whole",
    };
}
