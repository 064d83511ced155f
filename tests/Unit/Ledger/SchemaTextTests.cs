using Guerdon.Ledger.Audit;

namespace Guerdon.Unit.Ledger;

/// <summary>What the program takes the database to be, read from a schema as pg_dump writes it.</summary>
public class SchemaTextTests
{
    private const string Logged =
        "REFERENCING NEW TABLE AS written FOR EACH STATEMENT EXECUTE FUNCTION kernel.log_change";

    private const string Arguments = "'ware_id', 'name,position', 'seen_at', 'removable'";

    private static readonly SchemaText Small = new($"""
        CREATE FUNCTION shop.twice(n bigint) RETURNS bigint
            LANGUAGE sql STABLE STRICT
            SET search_path TO 'pg_catalog'
            AS $$
            select n * 2

        $$;

        CREATE TABLE shop.ware (
            ware_id uuid NOT NULL,
            name text DEFAULT 'a'::text NOT NULL,
            "position" integer,
            digest bytea,
            CONSTRAINT ware_price CHECK ((price > 0)),
            CONSTRAINT ware_name CHECK ((name <> ''::text))
        );

        CREATE TABLE shop."order" (
            order_id uuid NOT NULL
        );

        CREATE TABLE shop.order_0 (
            order_id uuid NOT NULL
        );

        CREATE VIEW shop.v_ware AS
         SELECT ware_id
           FROM shop.ware;

        ALTER TABLE ONLY shop."order" ATTACH PARTITION shop.order_0 FOR VALUES WITH (modulus 1, remainder 0);

        ALTER TABLE ONLY shop.ware
            ADD CONSTRAINT ware_pkey PRIMARY KEY (ware_id);

        CREATE UNIQUE INDEX ware_by_name ON shop.ware USING btree (name);

        CREATE INDEX ware_by_position ON shop.ware USING btree ("position");

        CREATE TRIGGER zzz_guard_row BEFORE UPDATE ON shop.ware FOR EACH ROW EXECUTE FUNCTION kernel.guard_row();

        CREATE TRIGGER zzz_log_insert AFTER INSERT ON shop.ware {Logged}({Arguments});

        CREATE TRIGGER zzz_log_insert AFTER INSERT ON shop."order" {Logged}('order_id,line', '', '', 'lasting');

        """);

    [Fact]
    public void Tables_OfATable_AreItsColumnsWithoutDefaultsAndConstraints()
    {
        Assert.Equal(["shop.order", "shop.order_0", "shop.ware"], Small.Tables.Keys.Order(StringComparer.Ordinal));
        Assert.Equal(["ware_id uuid", "name text", "position integer", "digest bytea"], Small.Tables["shop.ware"]);
        Assert.Equal(["order_id uuid"], Small.Tables["shop.order"]);
        Assert.Equal(["shop.order_0"], Small.Partitions);
    }

    [Fact]
    public void Functions_OfAFunction_AreItsBodyAndHowItRuns()
    {
        Assert.Equal("    select n * 2\n", Assert.Single(Small.Functions, f => f.Key == "shop.twice").Value);
        Assert.Equal("'pg_catalog' SET STABLE STRICT TO search_path sql", Small.Manners["shop.twice"]);
    }

    [Fact]
    public void Others_AreReadByTheirNames()
    {
        Assert.Equal(" SELECT ware_id\n   FROM shop.ware", Small.Views["shop.v_ware"]);
        Assert.Single(Small.Views);
        Assert.Equal(["ware_by_name", "ware_by_position", "ware_name", "ware_pkey", "ware_price"],
            Small.Rules.Order(StringComparer.Ordinal));
        Assert.Equal(["shop.order zzz_log_insert", "shop.ware zzz_guard_row", "shop.ware zzz_log_insert"],
            Small.Triggers.Keys.Order(StringComparer.Ordinal));
        Assert.Equal(
            "CREATE TRIGGER zzz_guard_row BEFORE UPDATE ON shop.ware FOR EACH ROW EXECUTE FUNCTION kernel.guard_row()",
            Small.Triggers["shop.ware zzz_guard_row"]);
    }

    [Fact]
    public void Guarded_Tables_AreThoseWhoseInsertsAreLogged()
    {
        Assert.Equal(["shop.order", "shop.ware"], Small.Guarded.Select(t => t.Name));
        var (order, ware) = (Small.Guarded[0], Small.Guarded[1]);
        Assert.Equal((false, true), (order.Removable, ware.Removable));
        Assert.Equal((true, false), (order.HasOwnDigest, ware.HasOwnDigest)); // without a trigger that computes it
        Assert.Equal(["order_id", "line"], order.Key);
        Assert.Empty(order.Changing);
        Assert.Empty(order.Passing);
        Assert.Equal(["name", "position"], ware.Changing);
        Assert.Equal(["seen_at"], ware.Passing);
    }

    [Theory]
    [InlineData("a\nb", "a\nb\n")]
    [InlineData("\n\na  \n\t\n  b\n", "a\n  b\n")]
    [InlineData(" \n", "")]
    public void Tidy_OfABody_LeavesOutWhatDoesNotChangeItsMeaning(string body, string tidy) =>
        Assert.Equal(tidy, SchemaText.Tidy(body));

    [Theory]
    [InlineData("LANGUAGE sql STABLE\n AS $$ x $$", "STABLE sql")]
    [InlineData(" LANGUAGE plpgsql  SECURITY DEFINER SET a TO 'b' AS $x$", "'b' DEFINER SECURITY SET TO a plpgsql")]
    [InlineData("RETURNS trigger", "")]
    public void MannerOf_ADefinition_IsItsWordsInOrder(string definition, string manner) =>
        Assert.Equal(manner, SchemaText.MannerOf(definition));

    [Theory]
    [InlineData("log_change('a', 'b', 'c', 'removable')", true)]
    [InlineData("log_change('a', 'b', 'c')", false)]
    [InlineData("log_change('a', 'b', 'c', 'd', 'e')", false)]
    [InlineData("log_change()", false)]
    [InlineData("guard_row('a', 'b', 'c', 'd')", false)]
    public void Parse_OfAGuard_NeedsFourArguments(string trigger, bool isRead)
    {
        if (isRead) Assert.True(GuardedTable.Parse("a.b", trigger).Removable);
        else Assert.Throws<FormatException>(() => GuardedTable.Parse("a.b", trigger));
    }

    [Fact]
    public void Own_TheProgramsSchema_HasWhatVerifyLooksFor()
    {
        Assert.Contains("ledger.entry", SchemaText.Own.Tables.Keys);
        Assert.Contains("ledger.entry", SchemaText.Own.Partitions.Select(name => name[..12]));
        Assert.Contains("compensation.claim", SchemaText.Own.Guarded.Select(t => t.Name));
        Assert.Contains("kernel.guard_row", SchemaText.Own.Functions.Keys);
        Assert.Same(SchemaText.Own, SchemaText.Own);
    }
}
