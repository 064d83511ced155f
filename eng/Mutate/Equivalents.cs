namespace Guerdon.eng.Mutate;

/// <summary>
/// Mutants that behave exactly like the program: one a line, <c>file | before  ->  after | reason</c>. They are found
/// by the file's name and the code, so that the file may be moved.
/// </summary>
internal sealed class Equivalents
{
    private const string Separator = " | ";

    private readonly Dictionary<(string File, string Change), string> _reasons = [];

    /// <exception cref="InvalidOperationException">An entry is malformed, or does not name exactly one candidate.
    /// </exception>
    public Equivalents(string path, IEnumerable<Mutant> candidates)
    {
        foreach (var line in File.ReadLines(path).Where(line => line.Length > 0 && line[0] != '#'))
        {
            // The code between them may have a separator of its own.
            var first = line.IndexOf(Separator, StringComparison.Ordinal);
            var last = line.LastIndexOf(Separator, StringComparison.Ordinal);
            if (first == last) throw new InvalidOperationException($"equivalent.txt: '{line}' is not in three parts.");
            _reasons[(line[..first], line[(first + Separator.Length)..last])] = line[(last + Separator.Length)..];
        }

        var matches = candidates.Select(KeyOf).Where(_reasons.ContainsKey).CountBy(key => key).ToDictionary();
        foreach (var key in _reasons.Keys)
        {
            var count = matches.GetValueOrDefault(key);
            if (count != 1) throw new InvalidOperationException(
                $"equivalent.txt: '{key.File}{Separator}{key.Change}' matches {count} candidates, not one.");
        }
    }

    public string? ReasonFor(Mutant mutant) => _reasons.GetValueOrDefault(KeyOf(mutant));

    private static (string File, string Change) KeyOf(Mutant mutant) =>
        (Path.GetFileName(mutant.Source.Path), $"{mutant.Before}  ->  {mutant.After}");
}
