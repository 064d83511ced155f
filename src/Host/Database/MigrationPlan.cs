using Guerdon.Client;

namespace Guerdon.Host.Database;

/// <summary>What the database says it has had.</summary>
internal sealed record AppliedMigration(int Number, string Name, byte[] Checksum);

/// <summary>Compares the program's migrations with a database's.</summary>
internal static class MigrationPlan
{
    private const string FormerFirst = "kernel";

    /// <summary>The migrations still to run, in order; none when the database is up to date.</summary>
    /// <exception cref="DatabaseSetupException">The two histories disagree: nothing may run.</exception>
    public static IReadOnlyList<Migration> Pending(
        IReadOnlyList<Migration> files, IReadOnlyList<AppliedMigration> applied)
    {
        // A number may be left out, so that branches can each reserve their own; two files may not share one.
        for (var i = 1; i < files.Count; i++)
        {
            if (files[i].Number <= files[i - 1].Number)
                throw new DatabaseSetupException(
                    $"db/migrations has {files[i - 1].FileName} and {files[i].FileName}: numbers must go up.");
        }

        if (applied.Any(row => row is { Number: 1, Name: FormerFirst }) && files.All(file => file.Name != FormerFirst))
            throw new DatabaseSetupException(
                $"The database was written by this program under its former name, {FormerName.Word}, and cannot be "
                + "upgraded: name another in GUERDON_DB, or an empty one.");

        var newest = files.Count == 0 ? 0 : files[^1].Number;
        foreach (var row in applied) Compare(row, files, newest);

        var last = applied.Count == 0 ? 0 : applied.Max(row => row.Number);
        var skipped = files.FirstOrDefault(file => file.Number <= last && applied.All(a => a.Number != file.Number));
        return skipped is null
            ? [.. files.Where(file => file.Number > last)]
            : throw new DatabaseSetupException(
                $"The database has migration {last:D4} but not {skipped.FileName}, which comes before it.");
    }

    private static void Compare(AppliedMigration row, IReadOnlyList<Migration> files, int newest)
    {
        if (row.Number > newest)
            throw new DatabaseSetupException(
                $"The database has migration {row.Number:D4}_{row.Name}, which is newer than this Guerdon "
                + $"(it ends at {newest:D4}): run the newer version, or restore a backup from before it.");

        var file = files.FirstOrDefault(file => file.Number == row.Number && file.Name == row.Name)
            ?? throw new DatabaseSetupException(
                $"Migration {row.Number:D4}_{row.Name} was applied to this database, but its file is missing.");

        if (!file.Checksum.AsSpan().SequenceEqual(row.Checksum))
            throw new DatabaseSetupException(
                $"Migration {file.FileName} was changed after it was applied to this database: "
                + "restore the file, and put the change into a new migration.");
    }
}
