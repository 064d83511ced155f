using Guerdon.Terminal;
using Guerdon.Terminal.Tables;

namespace Guerdon.Unit.Terminal;

/// <summary>A table at the width of its terminal: columns, columns with wrapped texts, or a block a row.</summary>
public sealed class TableTests
{
    private static readonly TextTable Grants = new TextTable()
        .Left("Person").Left("Kind").Right("USD").Right("Tokens").Left("Why")
        .Row("Ada Lovelace", "allowance", "250.00", "250,000,000", "5 % of base pay, pro rata from 12 November on")
        .Row("Bo Diddley", "award", "10.00", "10,000,000", "");

    [Fact]
    public void Lines_RoomForAll_AreColumns() => Assert.Equal("""
        Person        Kind          USD       Tokens  Why
        Ada Lovelace  allowance  250.00  250,000,000  5 % of base pay, pro rata from 12 November on
        Bo Diddley    award       10.00   10,000,000
        """, At(120, Grants));

    [Fact]
    public void Lines_Piped_AreTheSameWhateverTheWidth() => Assert.Equal(At(120, Grants), At(null, Grants));

    [Fact]
    public void Lines_80Columns_WrapTheLongTextBetweenWords() => Assert.Equal("""
        Person        Kind          USD       Tokens  Why
        Ada Lovelace  allowance  250.00  250,000,000  5 % of base pay, pro rata from 12
                                                      November on
        Bo Diddley    award       10.00   10,000,000
        """, At(80, Grants));

    [Fact]
    public void Lines_40Columns_AreABlockARow() => Assert.Equal("""
        Person  Ada Lovelace
        Kind    allowance
        USD     250.00
        Tokens  250,000,000
        Why     5 % of base pay, pro rata from
                12 November on

        Person  Bo Diddley
        Kind    award
        USD     10.00
        Tokens  10,000,000
        """, At(40, Grants));

    // A column of words is never narrower than twenty; where it would be, each row is a block.
    [Theory]
    [InlineData(27, "AAAAA  aaaa aaaa aaaa aaaa")]
    [InlineData(26, "AAAAA")]
    public void Lines_AColumnOfWords_GetsNoNarrowerThanTwenty(int width, string row)
    {
        var table = new TextTable().Left("Name").Left("Why").Row("AAAAA", "aaaa aaaa aaaa aaaa aaaa aaaa");
        var lines = At(width, table).Split('\n');
        Assert.Equal(width == 27 ? "Name   Why" : "Name  AAAAA", lines[0]);
        if (width == 27) Assert.StartsWith(row, lines[1], StringComparison.Ordinal);
    }

    [Fact]
    public void Lines_IdLongerThanItsPlace_StaysWhole() => Assert.Equal("""
        Run
          run_01990f6c6a6e7b3f8f0e0c1d2e3f4a5b
        State   posted
        Digest
        2f1c52a7d0b38a6a5e0c5e0d7d3e6a1b4c9f8e7d6c5b4a39281706f5e4d3c2b1
        """, At(40, new TextTable().Left("").Left("")
            .Row("Run", "run_01990f6c6a6e7b3f8f0e0c1d2e3f4a5b").Row("State", "posted")
            .Row("Digest", "2f1c52a7d0b38a6a5e0c5e0d7d3e6a1b4c9f8e7d6c5b4a39281706f5e4d3c2b1")));

    [Fact]
    public void Lines_FirstColumnWithoutHeader_HeadsItsBlock() => Assert.Equal("""
        Set aside for a conversion
        USD     12.00
        Tokens  12,000,000
        """, At(30, new TextTable().Left("").Right("USD").Right("Tokens")
            .Row("Set aside for a conversion", "12.00", "12,000,000")));

    [Fact]
    public void Lines_WideLetters_CountAsTwoCells() => Assert.Equal("""
        Name      Team
        山田太郎  A
        Ada       B
        """, At(80, new TextTable().Left("Name").Left("Team").Row("山田太郎", "A").Row("Ada", "B")));

    [Theory]
    [InlineData("a  b   c", "a b c")]
    [InlineData("  over 200,000", "  over 200,000")]
    [InlineData("a\nb\t", "a b")]
    public void Cell_Blanks_NeverLookLikeAColumn(string text, string cell) => Assert.Equal(cell, Clean.Cell(text));

    [Fact]
    public void Lines_NoRows_AreTheHeader() => Assert.Equal("A  B", At(80, new TextTable().Left("A").Left("B")));

    private static string At(int? width, TextTable table) => string.Join('\n', table.Lines(width, text => text));
}
