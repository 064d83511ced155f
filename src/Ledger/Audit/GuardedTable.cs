using System.Text.RegularExpressions;

namespace Guerdon.Ledger.Audit;

/// <summary>A table guarded by <c>kernel.guard</c>, whose arguments its triggers carry.</summary>
/// <param name="Name">With its schema.</param>
/// <param name="Key">The primary key's columns, in order.</param>
/// <param name="Changing">The columns that Guerdon updates; all others stay as they were written.</param>
/// <param name="Passing">Columns that no digest covers, because they say only when to look next.</param>
/// <param name="Removable">Guerdon deletes rows of it.</param>
/// <param name="HasOwnDigest">Its module computes the digests, and checks them.</param>
public sealed partial record GuardedTable(
    string Name, IReadOnlyList<string> Key, IReadOnlyList<string> Changing, IReadOnlyList<string> Passing,
    bool Removable, bool HasOwnDigest = false)
{
    /// <summary>Reads it from the definition of its <c>zzz_log_insert</c> trigger.</summary>
    public static GuardedTable Parse(string name, string trigger)
    {
        var words = Arguments().Match(trigger).Groups["word"].Captures.Select(c => c.Value).ToArray();
        if (words.Length != 4)
            throw new FormatException($"The trigger of {name} does not carry four arguments: {trigger}");
        return new(name, List(words[0]), List(words[1]), List(words[2]), words[3] == "removable");
    }

    private static string[] List(string words) => words.Split(',', StringSplitOptions.RemoveEmptyEntries);

    [GeneratedRegex(@"log_change\((?:'(?<word>[^']*)'(?:, )?)*\)")]
    private static partial Regex Arguments();
}
