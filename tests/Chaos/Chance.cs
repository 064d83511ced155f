using System.Globalization;

namespace Guerdon.Chaos;

/// <summary>
/// Disasters that happen alone, one after the other: under load they measure time, and two at once would share the
/// machine's. The others mostly wait, and their bounds leave room for each other.
/// </summary>
[CollectionDefinition(Name, DisableParallelization = true)]
public sealed class Alone
{
    public const string Name = "alone";
}

/// <summary>Where a test's chance comes from. <c>CHAOS_SEED</c> makes the same choices again.</summary>
internal static class Chance
{
    public static (Random Random, int Seed) New()
    {
        var named = Environment.GetEnvironmentVariable("CHAOS_SEED");
        var seed = named is null ? Random.Shared.Next() : int.Parse(named, CultureInfo.InvariantCulture);
        TestContext.Current.TestOutputHelper?.WriteLine($"CHAOS_SEED={seed}");
        return (new Random(seed), seed);
    }

    public static Task WaitAsync(this Random random, int leastMs, int mostMs) =>
        Task.Delay(random.Next(leastMs, mostMs), TestContext.Current.CancellationToken);
}
