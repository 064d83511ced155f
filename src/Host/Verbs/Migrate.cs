using Guerdon.Host.Database;
using Guerdon.Host.Running;
using Guerdon.Terminal.Parsing;
using Guerdon.Terminal.Writing;

namespace Guerdon.Host.Verbs;

/// <summary><c>guerdon migrate</c>: bring the database's schema up to date and stop.</summary>
internal static class Migrate
{
    public static Verb Verb() =>
        new Verb("migrate", "Bring the database up to date.", "guerdon migrate").Does(async (_, output, ct) =>
        {
            var options = DatabaseOptions.FromEnvironment() with { RenewsRights = true };
            await using var database =
                await Progress.WhileAsync(output, "Migrating", _ => LocalDatabase.OpenAsync(options, ct));
            return output.Done(new { UpToDate = true }, _ => output.Line("The database is up to date."));
        });
}
