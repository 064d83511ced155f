using System.Globalization;
using System.Text.RegularExpressions;
using Guerdon.Mutate;

// Changes one operator at a time and names the changes that no test of Unit notices.
if (args is ["worker", var tree, var replaced])
{
    await Worker.RunAsync(tree, replaced);
    return 0;
}

var root = AppContext.BaseDirectory;
while (!File.Exists(Path.Combine(root, "Guerdon.slnx"))) root = Path.GetDirectoryName(root)!;
var count = Number(args.FirstOrDefault(a => !a.StartsWith('-')) ?? "100");
var seed = Number(Option("--seed") ?? Random.Shared.Next(1, 100_000).ToString(CultureInfo.InvariantCulture));
var within = new Regex(Option("--in") ?? ".");

using var run = new MutationRun(root, args.Contains("--all"));
return run.Sample(count, seed, within) ? 0 : 1;

string? Option(string name) =>
    args.FirstOrDefault(a => a.StartsWith($"{name}=", StringComparison.Ordinal))?[(name.Length + 1)..];

static int Number(string text) => int.Parse(text, CultureInfo.InvariantCulture);
