namespace Guerdon.People;

/// <summary>What whoever writes people does beside it.</summary>
internal static class PeopleWrites
{
    /// <summary>The lock: one at a time, since two would each see half of the other.</summary>
    public const string Lock = "people.import";

    /// <summary>Where nodes hear that people changed, or what they belong to.</summary>
    public const string Changed = "people_changed";
}
