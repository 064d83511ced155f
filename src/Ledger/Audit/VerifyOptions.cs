namespace Guerdon.Ledger.Audit;

/// <summary>What <c>verify</c> compares with, and what it has to say beside what it finds.</summary>
public sealed class VerifyOptions
{
    /// <summary>Seals that were saved outside the database; empty: none.</summary>
    public IReadOnlyList<SavedSeal> Saved { get; init; } = [];

    /// <summary>By which it is said which days must be sealed.</summary>
    public TimeProvider Clock { get; init; } = TimeProvider.System;

    /// <summary>Sentences about what is no fault but must be known; added to as it goes.</summary>
    public List<string> Notes { get; } = [];

    /// <summary>The newest seal, once seals were recomputed; null where there is none.</summary>
    public SavedSeal? Newest { get; set; }

    /// <summary>The newest day whose seal is the one that was saved, once seals were recomputed.</summary>
    public DateOnly? SavedThrough { get; set; }
}
