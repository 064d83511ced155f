using System.Text.RegularExpressions;
using Guerdon.Storage;
using Npgsql;

namespace Guerdon.People.Employees;

/// <summary>A kind of name that people have elsewhere: a column of the file of people.</summary>
/// <param name="Kind">As the column is called: <c>payroll_id</c>.</param>
/// <param name="FindsPerson">Whether it finds the person in a file, before the e-mail address does.</param>
public sealed partial record IdentityKind(string Kind, bool FindsPerson)
{
    private const string All = "select kind, finds_person from people.v_identity_kind order by kind";

    /// <summary>Those that every installation has.</summary>
    public static IReadOnlyList<IdentityKind> BuiltIn { get; } =
        [new(PersonColumns.GithubLogin, false), new(PersonColumns.ProviderUserId, false), new("payroll_id", true)];

    /// <summary>Whether a text can be a kind: it must not be another column of the file.</summary>
    public static bool IsName(string? text) =>
        text is not null && Form().IsMatch(text) && text != PersonColumns.PersonId && text != PersonColumns.IsBot
        && !PersonColumns.Required.Contains(text) && !DatedCells.Columns.Contains(text);

    /// <summary>All that are declared, by name.</summary>
    public static async Task<IReadOnlyList<IdentityKind>> AllAsync(NpgsqlConnection connection, CancellationToken ct) =>
        await connection.ReadAsync(All, row => new IdentityKind(row.Text("kind"), row.Bool("finds_person")), [], ct);

    [GeneratedRegex(@"^[a-z][a-z0-9_]{0,39}\z")]
    private static partial Regex Form();
}

/// <summary>What somebody is called by a kind.</summary>
internal readonly record struct Identity(string Kind, string Value);
