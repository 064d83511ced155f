using System.CommandLine;
using Guerdon.Host.Running;
using Guerdon.Kernel;
using Guerdon.Ledger.Audit;
using Guerdon.Statements;
using Guerdon.Terminal;
using Guerdon.Terminal.Parsing;
using Guerdon.Terminal.Writing;
using Npgsql;

namespace Guerdon.Host.Verbs;

/// <summary>
/// <c>guerdon verify</c>: recompute everything from the entries; exit 1 and name what does not match.
/// </summary>
internal static class Verify
{
    private const int Shown = 100;

    /// <summary>Whether everything matches, how often it does not, the first of those places, and
    /// what else to know.</summary>
    public sealed record Report(
        bool Sound, int Findings, IReadOnlyList<Finding> First, IReadOnlyList<string> Notes, SavedSeal? Newest,
        DateOnly? SavedThrough);

    private static readonly Option<string[]> Seal = new("--seal")
    {
        Description = "Root of a seal that was saved outside the database; more than one may be given.",
        HelpName = "ROOT",
    };

    private static readonly Option<string> SealFile = new("--seal-file")
    {
        Description = "Seals saved outside by 'guerdon seals'; '-': standard input.", HelpName = "FILE",
    };

    public static Verb Verb() =>
        new Verb("verify", "Recompute ledger, journal, grants and guarded rows, and name what does not match.",
            "guerdon verify", "guerdon verify --json", "guerdon verify --seal-file seals.txt")
        {
            Seal, SealFile,
        }.Does(async (parse, output, ct) =>
        {
            var (saved, wrong) = await ReadSavedAsync(parse, ct);
            if (saved is null) return output.Refuse(HostRefusals.SealUnreadable.With(wrong!));

            await using var database = await LocalDatabase.OpenAsync(ct);
            var options = new VerifyOptions { Saved = saved };
            var report = await Progress.WhileAsync(
                output, "Verifying", say => RunAsync(database.Source, options, say, ct));
            output.Json(report);
            Tell(output, report);
            if (report.Sound) return ExitCodes.Done;
            output.Note($"{Mismatches(report.Findings)} {HostRefusals.Unsound.NextStep}");
            return ExitCodes.Refused;
        });

    /// <summary>As <c>2 rows do not match.</c></summary>
    public static string Mismatches(long rows) =>
        $"{Wording.Count(rows, "row")} {(rows == 1 ? "does" : "do")} not match.";

    public static Task<Report> RunAsync(NpgsqlDataSource db, Action<string> say, CancellationToken ct) =>
        RunAsync(db, new(), say, ct);

    public static async Task<Report> RunAsync(
        NpgsqlDataSource db, VerifyOptions options, Action<string> say, CancellationToken ct)
    {
        var (first, count) = (new List<Finding>(), 0);
        await foreach (var finding in VerifyCompany.RunAsync(db, say, options, ct))
        {
            count++;
            if (first.Count < Shown) first.Add(finding);
        }

        return new(count == 0, count, first, options.Notes, options.Newest, options.SavedThrough);
    }

    private static void Tell(Output output, Report report)
    {
        foreach (var finding in report.First) output.Line(finding.ToString());
        if (report.Findings > report.First.Count) output.Line($"and {report.Findings - report.First.Count} more");
        if (report.Sound)
            output.Line("Everything matches: chains, positions, lots, escrow, seals, requests and "
                + "their sums, guarded rows, grant lines, pay lines.");
        foreach (var note in report.Notes) output.Line($"Note: {note}");
        output.Line(VerifyCompany.Recomputed);
        if (report.SavedThrough is { } day)
            output.Line($"Compared with the seal of {day:yyyy-MM-dd} that was saved outside: it is the same, so "
                + "everything up to it is as it was when that seal was saved.");
        else output.Line(VerifyCompany.RestsOnSeals);
        if (report.Newest is { } newest) output.Line($"Newest seal: {newest.Day:yyyy-MM-dd} {newest.Root}");
    }

    private static async Task<(IReadOnlyList<SavedSeal>? Saved, string? Wrong)> ReadSavedAsync(
        ParseResult parse, CancellationToken ct)
    {
        var saved = new List<SavedSeal>();
        foreach (var root in parse.GetValue(Seal) ?? [])
            if (SavedSeal.FromRoot(root) is { } seal) saved.Add(seal);
            else return (null, $"'{root}' is not a seal's root, which is 64 hexadecimal digits.");

        if (parse.GetValue(SealFile) is not { } file) return (saved, null);
        try
        {
            using var reader = file == "-" ? Console.In : new StreamReader(file);
            var most = new char[SavedSeal.LongestFile + 1];
            var length = await reader.ReadBlockAsync(most, ct);
            if (length == most.Length)
                return (null, $"{file} has more than {SavedSeal.LongestFile} characters: it is not a file of seals.");

            var text = new string(most, 0, length);
            var (seals, error) = SavedSeal.Read(text);
            if (seals is null) return (null, $"{file} is not a file of seals: {error}.");
            return ([.. saved, .. seals], null);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or ArgumentException)
        {
            return (null, $"{file} cannot be read: {e.Message}");
        }
    }
}
