using System.Text.RegularExpressions;

namespace Guerdon.Unit.Architecture;

/// <summary>SQL says what it means: codes by their names, and what a posting is for by its column.</summary>
public sealed partial class SqlTests
{
    private static readonly string[] Sources = [.. Repository.Files("src", ".sql", ".cs", ".razor")];

    // What came with the baseline stays as it was written.
    private static readonly string[] Migrations =
    [
        .. Repository.Files("db/migrations", ".sql")
            .Where(file => !file.EndsWith("/0001_baseline.sql", StringComparison.Ordinal)),
    ];

    [Fact]
    public void Codes_HaveNames() => Assert.Empty(
        from file in Sources.Concat(Migrations)
        from line in Repository.Lines(file).Select((text, at) => (Text: text, At: at + 1))
        where BareCode().IsMatch(line.Text)
        select $"{file}:{line.At} has a number where a name is, such as ledger.kind_grant(): {line.Text.Trim()}");

    [Fact]
    public void Keys_AreNotTakenApart() => Assert.Empty(
        from file in Sources
        from match in KeySurgery().Matches(Repository.Read(file))
        select $"{file} takes a key apart, or puts one together: {match.Value}; what it is for is in source_id");

    [Theory]
    [InlineData("where e.kind in (2, 10)", true)]
    [InlineData("where kind in (ledger.kind_grant(), 10)", true)]
    [InlineData("filter (where account = 1)", true)]
    [InlineData("and e.from_account <> 0", true)]
    [InlineData("where e.to_account = any ('{1,2}')", true)]
    [InlineData("when m.account = ledger.account_spent() then 4 else m.account end", true)]
    [InlineData("and r.state not in (1, 3)", true)]
    [InlineData("where r.source <> 3 and r.outcome=7", true)]
    [InlineData("where kind = $1 and asset = @asset", false)]
    [InlineData("where e.kind in (ledger.kind_grant(), ledger.kind_award()) and e.lot > 0", false)]
    [InlineData("where l.kind = 'tier'", false)]
    [InlineData("then ledger.account_expired() else m.account end", false)]
    public void BareCode_IsFound(string sql, bool isBare) => Assert.Equal(isBare, BareCode().IsMatch(sql));

    [Theory]
    [InlineData("where key like 'flush:%'", true)]
    [InlineData("and c.key ~ '^(re)?convert:'", true)]
    [InlineData("split_part(c.key, ':', 2)", true)]
    [InlineData("substring(e.key from 5)", true)]
    [InlineData("regexp_replace(key, ':.*', '')", true)]
    [InlineData("e.key = 'flush:' || replace(r.settled_by::text, '-', '')", true)]
    [InlineData("'flush:' || replace(r.settled_by::text, '-', '') in (select e.key", true)]
    [InlineData("e.key = x.key and e.key = any ($2)", false)]
    [InlineData("split_part(term, '/', 1)", false)]
    public void KeySurgery_IsFound(string sql, bool isSurgery) => Assert.Equal(isSurgery, KeySurgery().IsMatch(sql));

    // A column of codes beside a digit, alone, in a list, or as what a case makes of it.
    [GeneratedRegex("""
        \b(?:kind|asset|account|from_account|to_account|state|source|outcome)\b
        \s*(?: (?:=|<>|<|>|<=|>=)\s*-?\d
             | =\s*any\s*\(\s*(?:array\s*\[|'\{)\s*-?\d
             | (?:not\s+)?in\s*\((?:[^()]|\(\))*(?<![\w.])\d )
        | \bthen\s+-?\d+\s+else\s+(?:\w+\.)?(?:kind|asset|account|state|source|outcome)\b
        """, RegexOptions.IgnorePatternWhitespace)]
    private static partial Regex BareCode();

    [GeneratedRegex("""
        \bkey\s+(?:not\s+)?(?:i?like|similar)\b | \bkey\s+!?~
        | \bkey\s*(?:=|<>)\s*'[\w-]*:'\s*\|\| | '[\w-]+:'\s*\|\|\s*replace\s*\(
        | \b(?:split_part|substring|substr|regexp_\w+|replace|translate|starts_with|strpos|position|left|right)
          \s*\(\s*(?:\w+\.)?key\b
        """, RegexOptions.IgnorePatternWhitespace)]
    private static partial Regex KeySurgery();
}
