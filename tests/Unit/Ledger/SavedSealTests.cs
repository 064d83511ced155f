using Guerdon.Ledger.Audit;

namespace Guerdon.Unit.Ledger;

public class SavedSealTests
{
    private const string Head = "# guerdon seals 1: day root entries changes";
    private static readonly string Root = string.Concat(Enumerable.Repeat("0123456789abcdef", 4));

    [Fact]
    public void Read_WhatWasWritten_IsTheSame()
    {
        SavedSeal[] seals = [new(new(2026, 11, 1), Root, 3, 4), new(new(2026, 11, 2), Root[1..] + "f", 0, 0)];
        var text = SavedSeal.Write(seals);
        Assert.Equal($"{Head}\n2026-11-01 {Root} 3 4\n2026-11-02 {Root[1..]}f 0 0\n", text);
        Assert.Equal(seals, SavedSeal.Read(text).Seals!);
        Assert.Equal(seals, SavedSeal.Read(text.ReplaceLineEndings("\r\n")).Seals!);
        var spaced = text.Replace("\n2026-11-02", "\n\n  2026-11-02", StringComparison.Ordinal);
        Assert.Equal(seals, SavedSeal.Read(spaced).Seals!);
        Assert.Equal(seals[..1], SavedSeal.Read($"{Head}\n2026-11-01 {Root.ToUpperInvariant()} 3 4").Seals!);
    }

    [Theory]
    [InlineData("", "line 1 is not")]
    [InlineData("something else", "line 1 is not")]
    [InlineData(Head + "\n", "it has no seal")]
    [InlineData(Head + "\n2026-11-01 ROOT 3 4\n2026-11-02 ROOT 3", "line 3 is not")]
    [InlineData(Head + "\n2026-11-01 ROOT 3 4 5", "line 2 is not")]
    [InlineData(Head + "\n2026-11-31 ROOT 3 4", "line 2 is not")]
    [InlineData(Head + "\n2026-11-01 ROOT0 3 4", "line 2 is not")]
    [InlineData(Head + "\n2026-11-01 ROOT -3 4", "line 2 is not")]
    [InlineData(Head + "\n2026-11-01 ROOT 3 x", "line 2 is not")]
    public void Read_AMistake_IsNamedWithItsLine(string text, string error)
    {
        var (seals, said) = SavedSeal.Read(text.Replace("ROOT", Root, StringComparison.Ordinal));
        Assert.Null(seals);
        Assert.StartsWith(error, said, StringComparison.Ordinal);
    }

    [Fact]
    public void FromRoot_Takes64HexadecimalDigitsOnly()
    {
        Assert.Equal(new SavedSeal(null, Root), SavedSeal.FromRoot($" {Root.ToUpperInvariant()}\n"));
        Assert.Null(SavedSeal.FromRoot(Root[1..]));
        Assert.Null(SavedSeal.FromRoot(Root + "0"));
        Assert.Null(SavedSeal.FromRoot(Root[1..] + "g"));
    }
}
