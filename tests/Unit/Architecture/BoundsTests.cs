using System.Collections.Concurrent;
using System.Reflection;
using System.Runtime.CompilerServices;
using System.Threading.Channels;
using System.Threading.RateLimiting;

namespace Guerdon.Unit.Architecture;

/// <summary>
/// Everything in memory that grows with what comes in says here how far. A caller who chooses keys must not be able to
/// fill the memory: hash what they choose, and bound the number.
/// </summary>
public sealed class BoundsTests
{
    private static readonly Type[] Growing =
    [
        typeof(ConcurrentDictionary<,>), typeof(ConcurrentQueue<>), typeof(ConcurrentBag<>), typeof(Channel<>),
        typeof(PartitionedRateLimiter<>), typeof(ConditionalWeakTable<,>), typeof(ConcurrentStack<>),
    ];

    private static readonly Type[] Keyed =
    [
        typeof(Dictionary<,>), typeof(HashSet<>), typeof(SortedDictionary<,>), typeof(SortedList<,>),
        typeof(SortedSet<>), typeof(Queue<>), typeof(PriorityQueue<,>), typeof(Stack<>), typeof(LinkedList<>),
        typeof(List<>),
    ];

    // What callers share is locked, or made to be shared; an object of one file, command or document is bounded by it.
    private static readonly Type[] Locks = [typeof(Lock), typeof(SemaphoreSlim)];

    private static readonly Dictionary<string, string> Bounds = new()
    {
        ["Throttle._current"] = "mostKeys, hashed",
        ["Throttle._previous"] = "mostKeys, hashed",
        ["ActLog._counted"] = "MostKnown, MostUnknown, MostWhoms, and one for each kind; written each minute",
        ["GatheredLookup._waiting"] = "MostWaiting, hashed",
        ["GatheredLookup._unknown"] = "MostUnknown, hashed",
        ["Queue._waiting"] = "HashTurns.MostWaiting",
        ["KeyRing._known"] = "MostKnown, hashed; only keys that there are",
        ["KeyBudgets._budgets"] = "keys with a budget that are used; idle ones go",
        ["RateCounters._counters"] = "mostCounters; wallets that there are and models of the price book",
        ["WalletHolds._inFlight"] = "calls under way, each with a hold",
        ["WalletHolds._escrows"] = "wallets that there are; idle ones go",
        ["OutputHabits._longest"] = "MostModels; models of the price book",
        ["WalletStops._stopped"] = "wallets that a call's cost passed its hold in; each is a row",
        ["WalletStops._unwritten"] = "as WalletStops._stopped, until the row is written",
        ["Breaker._isWell"] = "MostPeople",
        ["Breaker._tried"] = "MostPeople",
        ["InputShape.Known"] = "types of handlers' arguments",
        ["HeldLines._waiting"] = "MostWaiting",
        ["InboxCounts._counts"] = "Most; administrators, of whom there are few",
        ["ProviderSet._byName"] = "providers that are set",
        ["ProviderSet._replaced"] = "what administrators changed a while ago, or calls still use",
        ["CallsUnderWay._calls"] = "calls under way",
        ["LiveStreams._open"] = "LiveStreams.Most",
        ["CallShares._taken"] = "wallets that have calls under way",
        ["ConnectionShares._taken"] = "people who have calls under way",
        ["Resolver._faces"] = "fonts that Guerdon carries, and one of the system's",
        ["PlanMembers._members"] = "people on file",
        ["PlanCache._plans"] = "of one run: versions of its plans",
        ["RunWork._running"] = "grant runs under way",
        ["Lane._queue"] = "LedgerOptions.QueueSize",
        ["OpeningWriter._queue"] = "MeteringOptions.Backlog",
        ["Settlements._failed"] = "MostFailed; batches that are rows",
        ["ClosingWriter._queue"] = "calls that were admitted; none are beyond MeteringOptions.Backlog",
    };

    [Fact]
    public void Collections_ThatGrow_SayHowFar()
    {
        var found = Fields().Select(NameOf).ToHashSet();
        var (unsaid, gone) = (found.Except(Bounds.Keys).Order(), Bounds.Keys.Except(found).Order());
        var wrong = unsaid.Select(name => $"{name} has no bound here").Concat(gone.Select(name => $"{name} is gone"));
        Assert.True(found.SetEquals(Bounds.Keys), string.Join("\n", wrong));
    }

    private static IEnumerable<FieldInfo> Fields() =>
        from project in Repository.Files("src", ".csproj")
        let module = Path.GetFileNameWithoutExtension(project)
        from type in Assembly.Load(module == "Host" ? "guerdon" : module).GetTypes()
        where module != "Sandbox" && !type.FullName!.Contains('<', StringComparison.Ordinal)
        let isShared = FieldsOf(type).Any(f => Locks.Contains(f.FieldType))
        from field in FieldsOf(type)
        where IsGrowing(field.FieldType, Growing)
            || ((isShared || field is { IsStatic: true, IsInitOnly: false }) && IsGrowing(field.FieldType, Keyed))
        select field;

    private static FieldInfo[] FieldsOf(Type type) => type.GetFields(
        BindingFlags.NonPublic | BindingFlags.Public | BindingFlags.Instance | BindingFlags.Static
        | BindingFlags.DeclaredOnly);

    private static bool IsGrowing(Type type, Type[] kinds)
    {
        for (var at = type; at is not null; at = at.BaseType)
            if (at.IsGenericType && kinds.Contains(at.GetGenericTypeDefinition())) return true;
        return false;
    }

    private static string NameOf(FieldInfo field) => $"{field.DeclaringType!.Name.Split('`')[0]}.{field.Name}";
}
