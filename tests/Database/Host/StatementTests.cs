using System.Reflection;
using System.Text.RegularExpressions;
using Guerdon.Tests;
using Npgsql;

namespace Guerdon.Database.Host;

/// <summary>Every statement of every module is understood by the migrated database.</summary>
public sealed partial class StatementTests(TestDatabase database) : IClassFixture<TestDatabase>
{
    // Every project of src/, each of which lies beside the tests; Host's is called as the program is.
    private static readonly IEnumerable<string> Modules =
        from module in Directory.EnumerateDirectories(Path.Combine(Checkout.Root, "src"))
        from project in Directory.EnumerateFiles(module, "*.csproj")
        let name = Path.GetFileNameWithoutExtension(project)
        select name == "Host" ? "guerdon" : name;

    // PREPARE does not take COPY: the tests that post with it see it work.
    private static readonly string[] Skipped = ["Metering/Requests/CopyRequests.sql"];

    [Fact]
    public async Task Statements_AllOfThem_CanBePrepared()
    {
        var (wrong, prepared) = (new List<string>(), 0);
        await using var connection = await database.Db.OpenConnectionAsync(TestContext.Current.CancellationToken);
        foreach (var (name, sql) in Modules.SelectMany(Statements).Where(s => !Skipped.Contains(s.Name)))
        {
            foreach (var statement in sql.TrimEnd().TrimEnd(';').Split(";\n"))
            {
                prepared++;
                if (await ProblemAsync(connection, Numbered(statement)) is { } problem) wrong.Add($"{name}: {problem}");
            }
        }

        Assert.Empty(wrong);
        Assert.InRange(prepared, 200, 1_000); // or the search for them is broken
    }

    private static async Task<string?> ProblemAsync(NpgsqlConnection connection, string statement)
    {
        var ct = TestContext.Current.CancellationToken;
        try
        {
            await using var prepare = new NpgsqlCommand($"prepare one as {statement}", connection);
            await prepare.ExecuteNonQueryAsync(ct);
            await using var forget = new NpgsqlCommand("deallocate one", connection);
            await forget.ExecuteNonQueryAsync(ct);
            return null;
        }
        catch (PostgresException e)
        {
            return e.MessageText;
        }
    }

    // Files beside the code, and constants in it.
    private static IEnumerable<(string Name, string Sql)> Statements(string module)
    {
        var assembly = Assembly.Load(module);
        foreach (var file in assembly.GetManifestResourceNames())
            if (file.EndsWith(".sql", StringComparison.Ordinal)
                && !file.StartsWith("migrations", StringComparison.Ordinal))
                yield return (file, Read(assembly, file));

        const BindingFlags Own = BindingFlags.Static | BindingFlags.NonPublic | BindingFlags.Public;
        foreach (var type in assembly.GetTypes().Where(t => !t.ContainsGenericParameters))
            foreach (var field in type.GetFields(Own).Where(f => f.IsLiteral && f.FieldType == typeof(string)))
                if (field.GetRawConstantValue() is string sql && Verb().IsMatch(sql))
                    yield return ($"{type.FullName}.{field.Name}", sql);
    }

    private static string Read(Assembly assembly, string file)
    {
        using var reader = new StreamReader(assembly.GetManifestResourceStream(file)!);
        return reader.ReadToEnd();
    }

    private static string Numbered(string sql)
    {
        var names = new List<string>();
        return Parameter().Replace(sql, match =>
        {
            if (!names.Contains(match.Value)) names.Add(match.Value);
            return $"${names.IndexOf(match.Value) + 1}";
        });
    }

    [GeneratedRegex(@"^\s*(--[^\n]*\n\s*)*(select|insert|update|delete|with)\s", RegexOptions.IgnoreCase)]
    private static partial Regex Verb();

    [GeneratedRegex(@"(?<![@\w])@[a-zA-Z_]\w*")]
    private static partial Regex Parameter();
}
