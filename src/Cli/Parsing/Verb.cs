using System.CommandLine;

namespace Stipend.Cli;

/// <summary>A command whose <c>--help</c> ends with examples.</summary>
#pragma warning disable CA1010 // Command enumerates its parts so that it can be written as a list; nothing else does.
public class Verb : Command
#pragma warning restore CA1010
{
    /// <param name="name">As it is typed.</param>
    /// <param name="description">One sentence.</param>
    /// <param name="examples">Whole command lines.</param>
    public Verb(string name, string description, params string[] examples) : base(name, description) => Examples = examples;

    /// <summary>Whole command lines.</summary>
    public IReadOnlyList<string> Examples { get; }
}
