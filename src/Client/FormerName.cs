using Guerdon.Terminal;

namespace Guerdon.Client;

/// <summary>
/// The name that the program had before it became Guerdon. What was written under it is not read; whoever still has
/// some is told so, since to start again beside it would look as if everything were gone.
/// </summary>
public static class FormerName
{
    /// <summary>In two parts, so that a search for it finds nothing that would have to be renamed.</summary>
    public static string Word { get; } = string.Concat("Sti", "pend");

    private static string Upper => Word.ToUpperInvariant();

    /// <returns>What is wrong with a home, and what to do; null: nothing of the former name is in it.</returns>
    public static string? In(string home)
    {
        var former = Path.Combine(home, $".{Upper.ToLowerInvariant()}");
        return !Directory.Exists(former) || Directory.Exists(GuerdonFolder.Of(home)) ? null
            : $"{home} is a home of {Word}, as Guerdon was called before, and cannot be upgraded: set GUERDON_HOME to "
              + $"another directory, or move {former} away to start again here.";
    }

    /// <returns>What is wrong with the environment, and what to do; null: no variable has the former name.</returns>
    public static string? In(Surroundings surroundings)
    {
        foreach (var ending in new[] { "HOME", "DB", "DB_OWNER", "URL", "TOKEN", "KEY_FILE" })
        {
            if (surroundings.Setting($"{Upper}_{ending}") is not null
                && surroundings.Setting($"GUERDON_{ending}") is null)
                return $"{Upper}_{ending} is set, which nothing reads since the program is called Guerdon: set "
                    + $"GUERDON_{ending} instead.";
        }

        return null;
    }
}
