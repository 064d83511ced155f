using Guerdon.Kernel;
using Npgsql;

namespace Guerdon.People.Employees;

/// <summary>
/// Imports a CSV of people: who is not on file is created, who is (by id, payroll number or address) changed, nobody is
/// removed (a leaver has a <c>left_on</c>). All or nothing, and the same file again changes nothing.
/// </summary>
internal static class ImportPeople
{
    private const int MostChangesShown = 1_000;
    internal const long MaxBytes = 32 * 1024 * 1024;

    /// <param name="Rows">Rows of the file.</param>
    /// <param name="Created">People who are new; in a dry run, who would be.</param>
    /// <param name="Updated">People of whom something differs.</param>
    /// <param name="Unchanged">People who are as the file says.</param>
    /// <param name="ErrorCount">All errors, of which the first 10,000 are listed; with any,
    /// nothing is imported.</param>
    /// <param name="Errors">By line.</param>
    /// <param name="ReadAs">How the file was read, such as <c>separated by semicolons, UTF-8</c>.</param>
    public sealed record Reply(
        int Rows, int Created, int Updated, int Unchanged, int ErrorCount,
        IReadOnlyList<RowError> Errors, string ReadAs)
    {
        /// <summary>Addresses that changed, or in a dry run would; the first thousand.</summary>
        public IReadOnlyList<EmailChange> EmailChanges { get; init; } = [];

        /// <summary>How many people are changed from a day before today, so that what was granted to them may come to
        /// something else.</summary>
        public int Backdated { get; init; }
    }

    /// <summary>The import itself, for callers that already have a file and need nobody's approval.</summary>
    /// <param name="csv">With a header; its form is recognised.</param>
    /// <param name="dryRun">Say what would happen, change nothing.</param>
    /// <param name="db">The database.</param>
    /// <param name="clock">For new ids.</param>
    /// <param name="ct">Cancels it as a whole.</param>
    /// <param name="by">Who imports them; null: Guerdon itself.</param>
    public static async Task<Reply> RunAsync(
        Stream csv, bool dryRun, NpgsqlDataSource db, TimeProvider clock, CancellationToken ct, Actor? by = null)
    {
        IReadOnlyList<IdentityKind> kinds;
        await using (var connection = await db.OpenConnectionAsync(ct))
            kinds = await IdentityKind.AllAsync(connection, ct);
        var file = await PeopleFile.ReadAsync(csv, kinds, ct);
        var saved = file.Errors.Count == 0
            ? await SavePeople.RunAsync(db, file.Rows, file.Errors, keep: !dryRun, by ?? Actor.Guerdon, clock, ct)
            : default;
        if (file.Errors.Count > 0)
            return new Reply(file.RowCount, 0, 0, 0, file.Errors.Count, file.Errors.InOrder, file.ReadAs);

        return ReplyOf(file.RowCount, saved, file.ReadAs);
    }

    /// <summary>What an import without an error answers.</summary>
    internal static Reply ReplyOf(int rows, Saved saved, string readAs) =>
        new(rows, saved.Created, saved.Updated, rows - saved.Created - saved.Updated, 0, [], readAs)
        {
            EmailChanges = [.. saved.EmailChanges.Take(MostChangesShown)], Backdated = saved.Backdated,
        };
}
