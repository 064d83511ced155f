
namespace Guerdon.Approvals.Inputs;

/// <summary>Something that changes for somebody, as text: a factor of their level, a setting of an award. The same text
/// before and after is the same change, whoever it is for.</summary>
/// <param name="Of">Which setting, in words of its own.</param>
/// <param name="Was">Empty: they had nothing by it.</param>
/// <param name="Becomes">Empty: they have nothing by it any more.</param>
public readonly record struct InputDifference(string Of, string Was, string Becomes)
{
    private const int MostInWords = 10;

    /// <summary>What differs between two states of the same settings of somebody.</summary>
    /// <param name="was">By setting; what is not in it is empty.</param>
    /// <param name="becomes">The same afterwards.</param>
    /// <param name="beside">Which version it was, said after each setting; empty: the newest.</param>
    public static IEnumerable<InputDifference> Between(
        IReadOnlyDictionary<string, string> was, IReadOnlyDictionary<string, string> becomes, string beside = "") =>
        was.Keys.Union(becomes.Keys)
            .Select(of => new InputDifference(
                beside.Length == 0 ? of : $"{of} ({beside})", was.GetValueOrDefault(of, ""),
                becomes.GetValueOrDefault(of, "")))
            .Where(one => one.Was != one.Becomes);

    /// <summary>Differences as sentences have them; the first ten.</summary>
    public static string InWords(IReadOnlyCollection<InputDifference> differences) =>
        differences.Count == 0 ? "Nothing changes for you." : $"For you changes: {Listed(differences)}.";

    /// <summary>The same without a verb.</summary>
    internal static string Listed(IReadOnlyCollection<InputDifference> differences)
    {
        var more = differences.Count > MostInWords ? $"; and {differences.Count - MostInWords} more" : "";
        return string.Join("; ", differences.Take(MostInWords).Select(one =>
            $"{one.Of} from {OrNothing(one.Was)} to {OrNothing(one.Becomes)}")) + more;
    }

    private static string OrNothing(string text) => text.Length == 0 ? "nothing" : text;
}
