using Guerdon.Ledger.Audit;

namespace Guerdon.Database.Tamper;

/// <summary>Every table is guarded, or says what its evidence is.</summary>
public sealed class TamperCatalogueTests
{
    [Fact]
    public void Tables_EachIsGuardedOrListedWithItsEvidence() => Assert.Empty(
        from table in SchemaText.Own.Tables.Keys
        where !SchemaText.Own.Partitions.Contains(table) // its evidence is its table's
        let isGuarded = SchemaText.Own.Guarded.Any(t => t.Name == table)
        let isListed = OtherTables.All.Any(t => t.Name == table)
        where isGuarded == isListed
        select isGuarded ? $"{table} is guarded: take it out of src/Ledger/Audit/OtherTables.cs"
            : $"{table} has no evidence. In its migration give it a primary key and "
                + $"\"digest bytea not null default ''\", and end with: select kernel.guard('{table}', changing => "
                + "'{columns,that,guerdon,updates}', removable => true or false); or, where its rows are recomputed "
                + "from others, list it in src/Ledger/Audit/OtherTables.cs with the reason and its rights.");

    [Fact]
    public void Partitions_OfTheEntries_AreSixteen() => Assert.Equal(
        Enumerable.Range(0, 16).Select(i => $"ledger.entry_{i:00}"),
        SchemaText.Own.Partitions.Where(table => table.StartsWith("ledger.", StringComparison.Ordinal)).Order());

    // A body that is not quoted text ("begin atomic", "return") is not read, and could not be compared.
    [Fact]
    public void Functions_AreAllReadFromTheSchema() => Assert.Equal(
        System.Text.RegularExpressions.Regex.Count(SchemaText.Own.Text, "^CREATE FUNCTION ",
            System.Text.RegularExpressions.RegexOptions.Multiline),
        SchemaText.Own.Functions.Count);

    [Fact]
    public void OtherTables_AllExist() => Assert.Empty(
        OtherTables.All.Select(t => t.Name).Except(SchemaText.Own.Tables.Keys));

    [Fact]
    public void Guards_NameColumnsThatExist() => Assert.Empty(
        from table in SchemaText.Own.Guarded
        from column in (string[])[.. table.Key, .. table.Changing, .. table.Passing]
        where !SchemaText.Own.Tables[table.Name].Any(c => c.Split(' ')[0] == column)
        select $"{table.Name} has no column {column}: correct its kernel.guard");
}
