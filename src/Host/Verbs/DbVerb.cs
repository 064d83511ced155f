using System.CommandLine;
using System.ComponentModel;
using System.Diagnostics;
using System.Globalization;
using Guerdon.Host.Database;
using Guerdon.Host.Running;
using Guerdon.Kernel;
using Guerdon.Terminal;
using Guerdon.Terminal.Parsing;
using Npgsql;

namespace Guerdon.Host.Verbs;

/// <summary><c>guerdon db</c>: a program, psql unless another is named, at the database that Guerdon uses.</summary>
internal static class DbVerb
{
    public static Verb Verb()
    {
        var command = new Argument<string[]>("command")
        {
            Description = "A program and its arguments, after --; psql where none is named.",
            Arity = ArgumentArity.ZeroOrMore,
        };
        var owner = new Option<bool>("--owner")
        {
            Description = "As the role that owns the database, to restore or repair it.",
        };
        return new Verb("db", "Open the database with psql, or run a program at it.",
            "guerdon db", "guerdon db -- psql -c 'select * from ledger.v_balance'",
            "guerdon db -- pg_dump -Fc -f backup.dump")
        {
            command, owner,
        }.Does(async (parse, output, ct) =>
        {
            await using var database = await LocalDatabase.OpenAsync(ct);
            var words = parse.GetValue(command) is { Length: > 0 } given ? given : ["psql"];
            if (string.IsNullOrWhiteSpace(words[0]) || words.Any(w => w.Contains('\0', StringComparison.Ordinal)))
                return output.Refuse(HostRefusals.NoProgram.With("No program has such a name."));
            try
            {
                using var process = Process.Start(Start(words, database, parse.GetValue(owner)))!;
                await process.WaitForExitAsync(ct);
                return process.ExitCode == 0 ? ExitCodes.Done : ExitCodes.Refused;
            }
            catch (Win32Exception e)
            {
                return output.Refuse(HostRefusals.NoProgram.With($"'{words[0]}' cannot be run: {e.Message}."));
            }
        });
    }

    private static ProcessStartInfo Start(string[] words, DatabaseSetup database, bool asOwner)
    {
        var server = asOwner && database.Owner is { } owner
            ? owner : new NpgsqlConnectionStringBuilder(database.Source.ConnectionString);
        var start = new ProcessStartInfo(words[0], words[1..]);
        start.Environment["PGHOST"] = server.Host;
        start.Environment["PGPORT"] = server.Port.ToString(CultureInfo.InvariantCulture);
        start.Environment["PGUSER"] = server.Username;
        start.Environment["PGDATABASE"] = server.Database;
        if (server.Password is { Length: > 0 } password) start.Environment["PGPASSWORD"] = password;
        return start;
    }
}
