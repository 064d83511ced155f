namespace Guerdon.Approvals.Inputs;

/// <summary>Whom an input reaches. What reaches many is a rule for all of them, and one of them may approve it; what
/// reaches few is approved by somebody whom it does not reach.</summary>
public sealed class InputReach
{
    /// <summary>So many people are many.</summary>
    public const int Many = 20;

    private readonly HashSet<Guid> _few = [];

    /// <summary>How many people it reaches.</summary>
    public int Count { get; private set; }

    /// <summary>Who they are, where they are fewer than <see cref="Many"/>; else nobody.</summary>
    public IReadOnlyList<Guid> Few => Count < Many ? [.. _few.Order()] : [];

    /// <summary>Counts somebody in. Each once.</summary>
    public void Add(Guid person)
    {
        if (Count < Many && !_few.Add(person)) return;
        Count++;
    }

    /// <summary>A reach as it was stored.</summary>
    public static InputReach Of(int count, IEnumerable<Guid> few)
    {
        var reach = new InputReach { Count = count };
        reach._few.UnionWith(few);
        return reach;
    }
}
