namespace Guerdon.Database;

/// <summary>
/// Tests that weigh the memory of the whole process: one after the other, once those that run side by side have ended.
/// </summary>
[CollectionDefinition(Name, DisableParallelization = true)]
public sealed class Alone
{
    public const string Name = "alone";
}
