using System.CommandLine;
using Guerdon.Host.Running;
using Guerdon.Kernel;
using Guerdon.Ledger.Audit;
using Guerdon.Terminal.Parsing;

namespace Guerdon.Host.Verbs;

/// <summary><c>guerdon seals</c>: the days' seals as text, to be saved outside the database.</summary>
internal static class SealsVerb
{
    public static Verb Verb()
    {
        var last = new Option<bool>("--last") { Description = "Only the newest." };
        return new Verb("seals",
            "Write the days' seals, to be saved where nobody who runs the database can change them.",
            "guerdon seals > seals.txt", "guerdon seals --last", "guerdon verify --seal-file seals.txt")
        {
            last,
        }.Does(async (parse, output, ct) =>
        {
            await using var database = await LocalDatabase.OpenAsync(ct);
            var seals = await SavedSeals.ListAsync(database.Source, ct);
            if (parse.GetValue(last)) seals = [.. seals.TakeLast(1)];
            if (seals.Count == 0) return output.Refuse(HostRefusals.NothingSealed.With("No day is sealed yet."));
            return output.Done(new { Seals = seals }, _ =>
            {
                foreach (var line in SavedSeal.Write(seals).TrimEnd().Split('\n')) output.Line(line);
            });
        });
    }
}
