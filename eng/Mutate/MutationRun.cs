using System.Text.RegularExpressions;

namespace Guerdon.Mutate;

/// <summary>Draws mutants, tests each, and says which survive.</summary>
internal sealed class MutationRun : IDisposable
{
    private const int MinKilledPercent = 90;

    private readonly bool tellsAll;
    private readonly Source[] sources, tests;
    private readonly Reach reach;
    private readonly Tests unit;
    private readonly Equivalents equivalents;
    private readonly Dictionary<string, Module> modules;
    private readonly Probes probes = new();
    private Dictionary<string, HashSet<int>> reached = [];

    public MutationRun(string root, bool tellsAll)
    {
        this.tellsAll = tellsAll;
        (sources, tests) = ([.. Sources.Read(root, "src")], [.. Sources.Read(root, "tests/Unit")]);
        reach = new Reach(sources.Concat(tests));
        unit = new Tests(root);
        equivalents = new Equivalents(
            Path.Combine(root, "eng", "Mutate", "equivalent.txt"),
            sources.Where(IsMutated).SelectMany(Mutations.Of));
        modules = sources.Where(IsMutated).Select(s => s.Project).Distinct()
            .ToDictionary(project => project, project => new Module(root, project));
    }

    /// <returns>Whether enough were killed of those in files without I/O; of the lanes' where there are no others.
    /// </returns>
    /// <exception cref="InvalidOperationException">None was tested, or Unit fails as it is.</exception>
    public bool Sample(int count, int seed, Regex within)
    {
        var random = new Random(seed);
        var pure = Draw(Sources.IsPure, within, random);
        var lanes = Draw(Sources.IsLane, within, random);
        Console.WriteLine(
            $"{pure.Count} candidates in files without I/O, {lanes.Count} in the ledger's lanes, seed {seed}");
        Mark();
        TellUnreached(pure);

        var (tested, killed) = Test(pure, count);
        var (lanesTested, lanesKilled) = Test(lanes, pure.Count == 0 ? count : count / 10);
        Console.WriteLine($"The lanes: {Sum(lanesTested, lanesKilled)}");
        Console.WriteLine($"{Sum(tested, killed)}, seed {seed}");
        if (tested + lanesTested == 0) throw new InvalidOperationException("No mutant was tested: see --in.");
        return tested > 0 ? IsEnough(tested, killed) : IsEnough(lanesTested, lanesKilled);

        static bool IsEnough(int tested, int killed) => killed * 100 >= tested * MinKilledPercent;

        static string Sum(int tested, int killed) =>
            $"{tested} mutants, {killed} killed, {tested - killed} survived";
    }

    private List<Mutant> Draw(Func<Source, bool> isIn, Regex within, Random random)
    {
        var drawn = sources.Where(s => isIn(s) && within.IsMatch(s.Path)).SelectMany(Mutations.Of).ToArray();
        random.Shuffle(drawn);
        return [.. drawn];
    }

    // Unit must also pass against what is compiled here, or every mutant would seem to be killed.
    private void Mark()
    {
        foreach (var (project, module) in modules)
        {
            var own = sources.Where(s => IsMutated(s) && s.Project == project);
            unit.Replace(module.Assembly, module.Compile(own, probes));
        }

        reached = unit.Mark(tests.SelectMany(Reach.TestClasses), probes.Count);
        foreach (var module in modules.Values) unit.Restore(module.Assembly);
    }

    private void TellUnreached(List<Mutant> mutants)
    {
        var files = mutants.Where(m => !TestsOf(m).Any()).CountBy(m => m.Source.Path)
            .OrderByDescending(file => file.Value).ToArray();
        Console.WriteLine($"{files.Sum(file => file.Value)} of them are reached by no test:");
        foreach (var (path, count) in files.Take(tellsAll ? int.MaxValue : 10)) Console.WriteLine($"{count,6} {path}");
    }

    private static bool IsMutated(Source source) => Sources.IsPure(source) || Sources.IsLane(source);

    private IEnumerable<string> TestsOf(Mutant mutant)
    {
        var near = reach.TestsOf(mutant.Source.Path);
        if (probes.Of(mutant.Source, mutant.Old) is not { } mark) return near;
        return near.Union(reached.Keys).Where(name => reached.TryGetValue(name, out var marks) && marks.Contains(mark));
    }

    private (int Tested, int Killed) Test(List<Mutant> mutants, int count)
    {
        var (tested, killed) = (0, 0);
        foreach (var mutant in mutants)
        {
            if (tested == count) break;
            if (equivalents.ReasonFor(mutant) is { } reason)
            {
                Console.WriteLine($"equivalent: {mutant}: {reason}");
                continue;
            }

            var module = modules[mutant.Source.Project];
            if (module.Compile(mutant) is not { } assembly) continue; // such as a - of two strings
            unit.Replace(module.Assembly, assembly);
            var classes = TestsOf(mutant).ToArray();
            var killer = classes.Length == 0 ? null : unit.Run(classes);
            unit.Restore(module.Assembly);
            tested++;
            if (killer is not null) killed++;
            var reached = classes.Length == 0 ? "  [no test reaches it]" : "";
            if (killer is null) Console.WriteLine($"SURVIVES {mutant}{reached}");
            else if (tellsAll) Console.WriteLine($"killed   {mutant}  [{killer}]");
        }

        return (tested, killed);
    }

    public void Dispose() => unit.Dispose();
}
