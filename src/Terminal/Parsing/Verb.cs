using System.CommandLine;

namespace Guerdon.Terminal.Parsing;

/// <summary>A command whose <c>--help</c> ends with examples.</summary>
public sealed class Verb : Command, IEnumerable<Symbol>
{
    /// <param name="name">As it is typed.</param>
    /// <param name="description">One sentence.</param>
    /// <param name="examples">Whole command lines.</param>
    public Verb(string name, string description, params string[] examples) : base(name, description) =>
        Examples = examples;

    /// <summary>Whole command lines.</summary>
    public IReadOnlyList<string> Examples { get; }

    /// <summary>Arguments, options and verbs, so that a verb can be written as the list of its parts.</summary>
    public IEnumerator<Symbol> GetEnumerator() => Children.GetEnumerator();
}
