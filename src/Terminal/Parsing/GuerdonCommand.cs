using System.CommandLine;
using System.CommandLine.Help;
using System.CommandLine.Invocation;

namespace Guerdon.Terminal.Parsing;

/// <summary>The root: what every verb shares.</summary>
public sealed class GuerdonCommand : RootCommand, IEnumerable<Symbol>
{
    private static readonly string[] Examples =
    [
        "guerdon demo",
        "guerdon serve",
        "guerdon import people people.csv --dry-run",
        "guerdon wallet ada@example.com",
    ];

    public GuerdonCommand(Surroundings surroundings) : base("Payroll for AI tokens.")
    {
        Surroundings = surroundings;
        HelpName = "guerdon"; // the program may run as `dotnet guerdon.dll`
        Add(Json);
        var help = Options.OfType<HelpOption>().Single();
        var plain = (SynchronousCommandLineAction)help.Action!;
        help.Action = new HelpWithExamples(plain);
        SetAction(parse => help.Action is HelpWithExamples h ? h.Invoke(parse) : ExitCodes.Misused);
    }

    public Surroundings Surroundings { get; }

    /// <summary>As a <see cref="Verb"/> has its parts.</summary>
    public IEnumerator<Symbol> GetEnumerator() => Children.GetEnumerator();

    public Option<bool> Json { get; } = new("--json")
    {
        Description = "Write the result as one JSON document.", Recursive = true,
    };

    private sealed class HelpWithExamples(SynchronousCommandLineAction plain) : SynchronousCommandLineAction
    {
        public override bool ClearsParseErrors => true;

        public override int Invoke(ParseResult parse)
        {
            plain.Invoke(parse);
            var examples = parse.CommandResult.Command switch
            {
                Verb verb => verb.Examples,
                GuerdonCommand => Examples,
                _ => [],
            };
            if (examples.Count == 0) return ExitCodes.Done;

            var writer = parse.InvocationConfiguration.Output;
            writer.WriteLine("Examples:");
            foreach (var example in examples) writer.WriteLine($"  {example}");
            writer.WriteLine();
            return ExitCodes.Done;
        }
    }
}
