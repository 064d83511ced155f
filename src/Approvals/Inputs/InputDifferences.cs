namespace Guerdon.Approvals.Inputs;

/// <summary>All that differs for somebody, or for all who are alike in what a file goes by.</summary>
/// <param name="Changes">From what the file takes the place of: what changes for them.</param>
/// <param name="Lately">From what people had lately. It is no change, and theirs all the same where it is for few.
/// </param>
public sealed record InputDifferences(IReadOnlyList<InputDifference> Changes, IReadOnlyList<InputDifference> Lately)
{
    /// <summary>Both.</summary>
    public IEnumerable<InputDifference> All => Changes.Concat(Lately);

    /// <summary>Whether nothing differs.</summary>
    public bool IsNothing => Changes.Count + Lately.Count == 0;

    /// <summary>How many people were counted in with it; it is of one <see cref="InputReach"/>.</summary>
    internal int Counted { get; set; }

    /// <summary>Nothing; of one person alone, since it is counted.</summary>
    public static InputDifferences Nothing() => new([], []);

    /// <summary>The same of some of it, each said in another way.</summary>
    /// <param name="of">What it is, or null where it is left out.</param>
    public InputDifferences Select(Func<InputDifference, InputDifference?> of) => new(
        [.. Changes.Select(of).OfType<InputDifference>()], [.. Lately.Select(of).OfType<InputDifference>()]);
}
