namespace Guerdon.Privacy;

/// <summary>Who sees what somebody used.</summary>
public sealed class PrivacyOptions
{
    public const string Section = "Privacy";

    /// <summary>Whether the company is in works-council mode: figures of one person's use are shown to that person
    /// alone, and sums are of five people and more. Null: as it was before, so that a line that is lost from a file
    /// changes nothing. Whoever starts the server with another value than the last one switches it, on record; it ends
    /// <see cref="CouncilMode.EndsAfter"/> later.</summary>
    public bool? WorksCouncil { get; set; }
}
