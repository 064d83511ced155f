using Guerdon.Ledger.Audit;

namespace Guerdon.Unit.Ledger;

public class OtherTablesTests
{
    [Theory]
    [InlineData("", "")]
    [InlineData("insert, delete", "")]
    [InlineData("update", "*")]
    [InlineData("insert, update, delete", "*")]
    [InlineData("insert, update (state, tries, next_at), delete", "state,tries,next_at")]
    [InlineData("update (a)", "a")]
    public void Updated_OfATablesRights_AreItsColumns(string rights, string columns) =>
        Assert.Equal(columns, new OtherTables.Table("a.b", rights, "why").Updated);

    [Fact]
    public void All_Tables_AreNamedOnceWithTheirEvidence()
    {
        Assert.Equal(OtherTables.All.Count, OtherTables.All.Select(table => table.Name).Distinct().Count());
        Assert.DoesNotContain(OtherTables.All, table => table.Evidence.Length == 0);
    }
}
