namespace Guerdon.Mutate;

/// <summary>
/// Mutants that nobody could tell from the program: a line each, <c>file | before  ->  after | reason</c>. By the
/// file's name and the code, so that it may be moved.
/// </summary>
internal sealed class Equivalents
{
    private readonly Dictionary<(string File, string Change), string> reasons = [];

    public Equivalents(string path)
    {
        foreach (var line in File.ReadLines(path).Where(line => line.Length > 0 && line[0] != '#'))
        {
            var parts = line.Split(" | ");
            reasons[(parts[0], parts[1])] = parts[2];
        }
    }

    public string? ReasonFor(Mutant mutant) => reasons.GetValueOrDefault(
        (Path.GetFileName(mutant.Source.Path), $"{mutant.Before}  ->  {mutant.After}"));
}
