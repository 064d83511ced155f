using System.Runtime.CompilerServices;
using Guerdon.Kernel;
using Npgsql;

namespace Guerdon.Ledger.Audit;

/// <summary>
/// Compares the database itself with what the program takes it to be (<see cref="SchemaText"/>): tables and columns,
/// guards and what they run, views, constraints, and who may do what.
/// </summary>
internal static class CatalogueVerify
{
    private static readonly SchemaText Own = SchemaText.Own;
    private static readonly string ColumnsSql = Sql.Read("Ledger/Audit/CatalogueColumns.sql");
    private static readonly string RightsSql = Sql.Read("Ledger/Audit/CatalogueRights.sql");

    private const string TriggersSql = """
        select c.oid::regclass::text || ' ' || t.tgname as name, t.tgenabled = 'O' as is_on,
               pg_get_triggerdef(t.oid) as text
          from pg_trigger t join pg_class c on c.oid = t.tgrelid
         where not t.tgisinternal and t.tgparentid = 0 and c.relnamespace::regnamespace::text = any ($1)
        """;

    private const string FunctionsSql = """
        select p.pronamespace::regnamespace::text || '.' || p.proname as name, p.prosrc as body,
               case when p.prokind in ('f', 'p') then pg_get_functiondef(p.oid) else '' end as text
          from pg_proc p where p.pronamespace::regnamespace::text = any ($1)
        """;

    private const string RulesSql = """
        select conname::text as name from pg_constraint
         where connamespace::regnamespace::text = any ($1) and convalidated
        union all
        select indexrelid::regclass::text from pg_index where indisvalid
        """;

    private const string DivertedSql = """
        select c.oid::regclass::text as name, 'it has the rule ' || r.rulename || ', which is not Guerdon''s' as problem
          from pg_rewrite r join pg_class c on c.oid = r.ev_class
         where r.rulename <> '_RETURN' and c.relnamespace::regnamespace::text = any ($1)
        union all
        select c.oid::regclass::text, 'row security hides rows of it' from pg_class c
         where (c.relrowsecurity or c.relforcerowsecurity) and c.relnamespace::regnamespace::text = any ($1)
        """;

    // Only while the temporary view is there; so it is no constant, which a test would prepare.
    private static readonly string SameViewSql = """
        select coalesce(pg_get_viewdef('pg_temp.guerdon_expected'::regclass) = pg_get_viewdef(to_regclass($1)), false)
               as is_same
        """;

    private static readonly string[] Schemas = [.. Own.Tables.Keys.Select(t => t.Split('.')[0]).Distinct()];

    /// <param name="connection">In a transaction with <see cref="GuardedRows.Settings"/>.</param>
    /// <param name="options">Where what is no fault is noted.</param>
    /// <param name="ct">Stops it.</param>
    public static async IAsyncEnumerable<Finding> RunAsync(
        NpgsqlConnection connection, VerifyOptions options, [EnumeratorCancellation] CancellationToken ct)
    {
        foreach (var finding in await TablesAsync(connection, ct)) yield return finding;
        foreach (var finding in await TriggersAsync(connection, ct)) yield return finding;
        foreach (var finding in await FunctionsAsync(connection, ct)) yield return finding;
        foreach (var finding in await ViewsAsync(connection, ct)) yield return finding;
        var diverted = await AuditReads.ReadAsync(
            connection, DivertedSql, row => new Finding(row.Text("name"), "", row.Text("problem")), [Schemas], ct);
        foreach (var finding in diverted) yield return finding;

        var rules = (await AuditReads.ReadAsync(connection, RulesSql, row => row.Text("name"), [Schemas], ct))
            .Select(name => name[(name.IndexOf('.', StringComparison.Ordinal) + 1)..]).ToHashSet();
        foreach (var missing in Own.Rules.Where(rule => !rules.Contains(rule)).Order(StringComparer.Ordinal))
            yield return new("pg_constraint", $"name={missing}", "this constraint or index of Guerdon's is gone");
        foreach (var finding in await RightsAsync(connection, options, ct)) yield return finding;
    }

    private static async Task<List<Finding>> TablesAsync(NpgsqlConnection connection, CancellationToken ct)
    {
        var findings = new List<Finding>();
        var found = (await AuditReads.ReadAsync(
            connection, ColumnsSql, row => (Table: row.Text("table_name"), Column: row.Text("column_text"),
                IsPartition: row.Bool("relispartition")), [Schemas], ct)).ToLookup(c => c.Table);
        foreach (var (table, columns) in Own.Tables)
        {
            var there = found[table].Select(c => c.Column).ToList();
            if (there.Count == 0) findings.Add(new(table, "", "this table is gone", FindingKind.TableBroken));
            else
            {
                foreach (var column in columns.Except(there))
                    findings.Add(new(table, "", $"its column '{column}' is gone or of another type",
                        FindingKind.TableBroken));
                foreach (var column in there.Except(columns))
                    findings.Add(new(table, "", $"it has a column '{column}' that is not Guerdon's"));
            }
        }

        findings.AddRange(found.Where(t => !Own.Tables.ContainsKey(t.Key) && !t.First().IsPartition)
            .Select(t => new Finding(t.Key, "", "this table is not Guerdon's")));
        return findings;
    }

    private static async Task<List<Finding>> TriggersAsync(NpgsqlConnection connection, CancellationToken ct)
    {
        var findings = new List<Finding>();
        var found = (await AuditReads.ReadAsync(
            connection, TriggersSql, row => (Name: row.Text("name").Replace("\"", "", StringComparison.Ordinal),
                IsOn: row.Bool("is_on"), Text: row.Text("text")), [Schemas], ct)).ToDictionary(t => t.Name);
        foreach (var (name, text) in Own.Triggers)
        {
            var (table, trigger) = (name.Split(' ')[0], name.Split(' ')[1]);
            if (!found.TryGetValue(name, out var there))
                findings.Add(new(table, "", $"the guard {trigger} of this table is gone"));
            else if (!there.IsOn)
                findings.Add(new(table, "", $"the guard {trigger} of this table is switched off"));
            else if (there.Text != text)
                findings.Add(new(table, "", $"the guard {trigger} of this table is another one: {there.Text}"));
        }

        findings.AddRange(found.Keys.Except(Own.Triggers.Keys).Select(name => new Finding(
            name.Split(' ')[0], "", $"it has a trigger {name.Split(' ')[1]} that is not Guerdon's")));
        return findings;
    }

    private static async Task<List<Finding>> FunctionsAsync(NpgsqlConnection connection, CancellationToken ct)
    {
        var findings = new List<Finding>();
        var found = (await AuditReads.ReadAsync(
            connection, FunctionsSql, row => (Name: row.Text("name"), Body: SchemaText.Tidy(row.Text("body")),
                Manner: SchemaText.MannerOf(row.Text("text"))), [Schemas], ct)).ToLookup(f => f.Name);
        foreach (var (name, body) in Own.Functions)
            if (!found.Contains(name)) findings.Add(new("pg_proc", $"function={name}", "this function is gone"));
            else if (found[name].Any(there => there.Body != body))
                findings.Add(new("pg_proc", $"function={name}", "this function is not what Guerdon made it"));
            else if (found[name].FirstOrDefault(there => there.Manner != Own.Manners[name]) is { Body: not null } odd)
                findings.Add(new("pg_proc", $"function={name}",
                    $"this function runs otherwise than Guerdon made it: {odd.Manner}"));
        findings.AddRange(found.Where(f => !Own.Functions.ContainsKey(f.Key))
            .Select(f => new Finding("pg_proc", $"function={f.Key}", "this function is not Guerdon's")));
        return findings;
    }

    // Servers of different versions write the same view differently, so the server
    // compares it with its own form of ours.
    private static async Task<List<Finding>> ViewsAsync(NpgsqlConnection connection, CancellationToken ct)
    {
        const string made = "create temp view guerdon_expected as ";
        var findings = new List<Finding>();
        foreach (var (name, query) in Own.Views)
        {
            await AuditReads.ExecuteAsync(connection, "savepoint view", [], ct);
            try
            {
                await AuditReads.ExecuteAsync(connection, made + query, [], ct);
                if (await AuditReads.ReadAsync(
                    connection, SameViewSql, row => row.Bool("is_same"), [GuardedRows.QuotedName(name)], ct) is [false])
                    findings.Add(Broken(name, "this view is gone, or is not what Guerdon made it"));
            }
            catch (PostgresException e) when (e.SqlState is PostgresErrorCodes.UndefinedTable
                or PostgresErrorCodes.UndefinedColumn)
            {
                findings.Add(Broken(name, $"what it reads is gone: {e.MessageText}"));
            }

            await AuditReads.ExecuteAsync(connection, "rollback to savepoint view", [], ct);
        }

        return findings;

        static Finding Broken(string view, string problem) =>
            new("pg_views", $"view={view}", problem, FindingKind.ViewBroken);
    }

    private static async Task<List<Finding>> RightsAsync(
        NpgsqlConnection connection, VerifyOptions options, CancellationToken ct)
    {
        var guarded = Own.Guarded.Select(t =>
            (t.Name, Delete: t.Removable, Columns: string.Join(',', (string[])[.. t.Changing, .. t.Passing])));
        var others = OtherTables.All.Select(t => (t.Name,
            Delete: t.Rights.Contains("delete", StringComparison.Ordinal),
            Columns: t.Updated));
        var all = guarded.Concat(others).ToList();
        var rows = await AuditReads.ReadAsync(
            connection, RightsSql,
            row => (Name: row.Text("name"), Role: row.Text("role"), Owns: row.Bool("owns"), May: row.Text("what")),
            [
                all.Select(t => t.Name).ToArray(), all.Select(t => t.Delete).ToArray(),
                all.Select(t => t.Columns).ToArray(), Schemas,
            ], ct);
        if (rows is [{ Owns: true, Role: var owner }, ..])
        {
            options.Notes.Add($"The role {owner} owns the tables that it writes: whoever has its password can "
                + "rewrite everything, and only a seal saved outside shows it. docs/guides/verify.md tells how "
                + "Guerdon runs as a role that owns nothing.");
            return [];
        }

        return [.. rows.Select(row => new Finding(row.Name, "", $"the role {row.Role} may {row.May} it, "
            + "which Guerdon never does: 'guerdon migrate' takes the right away again"))];
    }
}
