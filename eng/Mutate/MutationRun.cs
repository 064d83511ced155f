using System.Text.RegularExpressions;

namespace Guerdon.eng.Mutate;

/// <summary>Draws mutants, tests each, and says which survive.</summary>
internal sealed class MutationRun : IDisposable
{
    private const int MinKilledPercent = 90;

    private readonly bool _tellsAll;
    private readonly Source[] _sources, _tests;
    private readonly Reach _reach;
    private readonly Tests _unit;
    private readonly Equivalents _equivalents;
    private readonly Dictionary<string, Module> _modules;
    private readonly Probes _probes = new();
    private Dictionary<string, HashSet<int>> _reached = [];

    public MutationRun(string root, bool tellsAll)
    {
        _tellsAll = tellsAll;
        (_sources, _tests) = ([.. Sources.Read(root, "src")], [.. Sources.Read(root, "tests/Unit")]);
        _reach = new Reach(_sources.Concat(_tests));
        _unit = new Tests(root);
        _equivalents = new Equivalents(
            Path.Combine(root, "eng", "Mutate", "equivalent.txt"),
            _sources.Where(IsMutated).SelectMany(Mutations.Of));
        _modules = _sources.Where(IsMutated).Select(s => s.Project).Distinct()
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
        var drawn = _sources.Where(s => isIn(s) && within.IsMatch(s.Path)).SelectMany(Mutations.Of).ToArray();
        random.Shuffle(drawn);
        return [.. drawn];
    }

    // Unit must also pass against what is compiled here, or every mutant would seem to be killed.
    private void Mark()
    {
        foreach (var (project, module) in _modules)
        {
            var own = _sources.Where(s => IsMutated(s) && s.Project == project);
            _unit.Replace(module.Assembly, module.Compile(own, _probes));
        }

        _reached = _unit.Mark(_tests.SelectMany(Reach.TestClasses), _probes.Count);
        foreach (var module in _modules.Values) _unit.Restore(module.Assembly);
    }

    private void TellUnreached(List<Mutant> mutants)
    {
        var files = mutants.Where(m => !TestsOf(m).Any()).CountBy(m => m.Source.Path)
            .OrderByDescending(file => file.Value).ToArray();
        Console.WriteLine($"{files.Sum(file => file.Value)} of them are reached by no test:");
        foreach (var (path, count) in files.Take(_tellsAll ? int.MaxValue : 10)) Console.WriteLine($"{count,6} {path}");
    }

    private static bool IsMutated(Source source) => Sources.IsPure(source) || Sources.IsLane(source);

    private IEnumerable<string> TestsOf(Mutant mutant)
    {
        var near = _reach.TestsOf(mutant.Source.Path);
        if (_probes.Of(mutant.Source, mutant.Old) is not { } mark) return near;
        return near.Union(_reached.Keys)
            .Where(name => _reached.TryGetValue(name, out var marks) && marks.Contains(mark));
    }

    private (int Tested, int Killed) Test(List<Mutant> mutants, int count)
    {
        var (tested, killed) = (0, 0);
        foreach (var mutant in mutants)
        {
            if (tested == count) break;
            if (_equivalents.ReasonFor(mutant) is { } reason)
            {
                Console.WriteLine($"equivalent: {mutant}: {reason}");
                continue;
            }

            var module = _modules[mutant.Source.Project];
            if (module.Compile(mutant) is not { } assembly) continue; // such as a - of two strings
            _unit.Replace(module.Assembly, assembly);
            var classes = TestsOf(mutant).ToArray();
            var killer = classes.Length == 0 ? null : _unit.Run(classes);
            _unit.Restore(module.Assembly);
            tested++;
            if (killer is not null) killed++;
            var reached = classes.Length == 0 ? "  [no test reaches it]" : "";
            if (killer is null) Console.WriteLine($"SURVIVES {mutant}{reached}");
            else if (_tellsAll) Console.WriteLine($"killed   {mutant}  [{killer}]");
        }

        return (tested, killed);
    }

    public void Dispose() => _unit.Dispose();
}
