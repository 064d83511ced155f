using System.Text;
using Guerdon.Tests;

namespace Guerdon.Database.Host;

/// <summary>db/schema.sql, for people to read, is the sum of the migrations.</summary>
public sealed class SchemaTests(TestDatabase database) : IClassFixture<TestDatabase>
{
    private const string Head = """
        -- The sum of db/migrations, as pg_dump writes it. Nobody runs this file; it is here to be read and searched.
        -- GUERDON_UPDATE=1 ./test Database -class Guerdon.Database.Host.SchemaTests writes it.

        """;

    // Lines about the session and the dump itself, which differ from one pg_dump to the next.
    private static readonly string[] Noise = ["--", "SET ", "SELECT pg_catalog.", "\\"];

    [Fact]
    public async Task Schema_IsTheSumOfTheMigrations()
    {
        var expected = Head + Tidy(await database.DumpAsync("--schema-only", "--no-owner", "--no-privileges"));
        var path = Path.Combine(Checkout.Root, "db", "schema.sql");
        var ct = TestContext.Current.CancellationToken;
        if (Environment.GetEnvironmentVariable("GUERDON_UPDATE") == "1")
            await File.WriteAllTextAsync(path, expected, ct);
        Assert.True(File.Exists(path), "db/schema.sql is missing; GUERDON_UPDATE=1 writes it.");
        Assert.Equal(expected, await File.ReadAllTextAsync(path, ct));
    }

    // Comments inside a function are part of it and stay.
    private static string Tidy(string dump)
    {
        var text = new StringBuilder();
        var (inBody, blank) = (false, true);
        foreach (var line in dump.Split('\n').Select(l => l.TrimEnd()))
        {
            if (!inBody && Noise.Any(n => line.StartsWith(n, StringComparison.Ordinal))) continue;
            if (line.Length == 0 && blank) continue;
            if (line.Split("$$").Length % 2 == 0) inBody = !inBody;
            blank = line.Length == 0;
            text.Append(line).Append('\n');
        }

        return text.ToString().TrimEnd('\n') + "\n";
    }
}
