namespace Guerdon.Dialects.Calls;

/// <summary>Sizes of pictures for which it is known how many tokens they take at most.</summary>
internal static class PictureSizes
{
    private static readonly NameTable<bool> Known = new((true,
    [
        "auto", "256x256", "512x512", "1024x1024", "1024x1536", "1536x1024", "1024x1792", "1792x1024",
    ]));

    /// <summary>Whether the reader stands on one.</summary>
    public static bool IsKnown(in StrictJson json) => json.IsString && Known.OfValue(json) is true;
}
