using System.Globalization;
using System.Text.RegularExpressions;
using Guerdon.eng.Mutate;

// Changes one operator at a time and names the changes that no test of Unit notices.
if (args is ["worker", var tree, var replaced, var parent])
{
    await Worker.RunAsync(tree, replaced, Number(parent, "A process id"));
    return 0;
}

const string help = """
    eng/mutate [COUNT] [--seed=NUMBER] [--in=REGEX] [--all]

    Makes COUNT changes (100 if not given), one at a time, and names those that no test of Unit notices.
      --seed=NUMBER  draws the same changes again
      --in=REGEX     only in files of src whose path matches
      --all          also names the changes that are noticed, and every file that no test reaches
    """;

if (args.Contains("--help"))
{
    Console.WriteLine(help);
    return 0;
}

try
{
    var (count, seed, within, tellsAll) = (100, Random.Shared.Next(1, 100_000), ".", false);
    foreach (var arg in args)
    {
        if (arg == "--all") tellsAll = true;
        else if (arg.StartsWith("--seed=", StringComparison.Ordinal)) seed = Number(arg[7..], "--seed");
        else if (arg.StartsWith("--in=", StringComparison.Ordinal)) within = arg[5..];
        else if (arg.StartsWith('-')) throw new ArgumentException($"There is no option {arg}: see --help.");
        else count = Number(arg, "COUNT");
    }

    var root = AppContext.BaseDirectory;
    while (!File.Exists(Path.Combine(root, "Guerdon.slnx"))) root = Path.GetDirectoryName(root)!;
    using var run = new MutationRun(root, tellsAll);
    return run.Sample(count, seed, new Regex(within)) ? 0 : 1;
}
catch (Exception e) when (e is ArgumentException or InvalidOperationException or FormatException)
{
    Console.Error.WriteLine(e.Message);
    return 2;
}

static int Number(string text, string name) =>
    int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number) && number > 0
        ? number
        : throw new FormatException($"{name} must be a whole number from 1 to {int.MaxValue}, not '{text}'.");
