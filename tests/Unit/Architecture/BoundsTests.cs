using System.Collections.Concurrent;
using System.Reflection;
using System.Runtime.CompilerServices;
using System.Threading.Channels;
using System.Threading.RateLimiting;

namespace Stipend.Unit.Architecture;

/// <summary>
/// Everything in memory that grows with what comes in says here how far. A caller who chooses keys must not be able to
/// fill the memory: hash what they choose, and bound the number.
/// </summary>
public sealed class BoundsTests
{
    private static readonly Type[] Growing =
    [
        typeof(ConcurrentDictionary<,>), typeof(ConcurrentQueue<>), typeof(ConcurrentBag<>), typeof(Channel<>),
        typeof(PartitionedRateLimiter<>), typeof(ConditionalWeakTable<,>),
    ];

    private static readonly Type[] Keyed =
        [typeof(Dictionary<,>), typeof(HashSet<>), typeof(SortedDictionary<,>), typeof(Queue<>), typeof(LinkedList<>)];

    // Objects that live for one file, one command or one document are bounded by its size: their folders and types.
    private static readonly string[] OfOneRun =
    [
        "Stipend.Sandbox.", "Stipend.Host.Demo.", "Stipend.Pricing.", "Stipend.Kernel.YamlMap", "Stipend.Cli.",
        "Stipend.Compensation.Documents.",
    ];

    private static readonly Dictionary<string, string> Bounds = new()
    {
        ["Throttle.current"] = "mostKeys, hashed",
        ["Throttle.previous"] = "mostKeys, hashed",
        ["GatheredLookup.waiting"] = "MostWaiting, hashed",
        ["GatheredLookup.unknown"] = "MostUnknown, hashed",
        ["KeyRing.known"] = "MostKnown, hashed; only keys that there are",
        ["KeyRing.budgets"] = "MostKnown, idle ones go; only keys that there are",
    };

    [Fact]
    public void Collections_ThatGrow_SayHowFar()
    {
        var found = Fields().Select(NameOf).ToHashSet();
        var (unsaid, gone) = (found.Except(Bounds.Keys).Order(), Bounds.Keys.Except(found).Order());
        Assert.Equal("", string.Join("\n", [.. unsaid, .. gone.Select(name => $"{name} is no more")]));
    }

    private static IEnumerable<FieldInfo> Fields() =>
        from project in Repository.Files("src", ".csproj")
        let module = Path.GetFileNameWithoutExtension(project)
        from type in Assembly.Load(module == "Host" ? "stipend" : module).GetTypes()
        where !type.FullName!.Contains('<', StringComparison.Ordinal)
            && !OfOneRun.Any(name => type.FullName!.StartsWith(name, StringComparison.Ordinal))
        from field in type.GetFields(
            BindingFlags.NonPublic | BindingFlags.Public | BindingFlags.Instance | BindingFlags.Static
            | BindingFlags.DeclaredOnly)
        where IsGrowing(field.FieldType, Growing)
            || (!(field.IsStatic && field.IsInitOnly) && IsGrowing(field.FieldType, Keyed))
        select field;

    private static bool IsGrowing(Type type, Type[] kinds)
    {
        for (var at = type; at is not null; at = at.BaseType)
            if (at.IsGenericType && kinds.Contains(at.GetGenericTypeDefinition())) return true;
        return false;
    }

    private static string NameOf(FieldInfo field) => $"{field.DeclaringType!.Name.Split('`')[0]}.{field.Name}";
}
