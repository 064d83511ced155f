namespace Guerdon.Pricing.PriceImports;

/// <summary>A place in a text, as an editor shows it: both from 1, the column in bytes.</summary>
internal readonly record struct TextPlace(int Line, int Column)
{
    public static readonly TextPlace Start = new(1, 1);

    /// <summary>The place after some more of the text.</summary>
    public TextPlace After(ReadOnlySpan<byte> passed)
    {
        var breaks = passed.Count((byte)'\n');
        return breaks == 0
            ? this with { Column = Column + passed.Length }
            : new(Line + breaks, passed.Length - passed.LastIndexOf((byte)'\n'));
    }
}
