using Guerdon.Kernel;

namespace Guerdon.Approvals;

/// <summary>Why somebody asks for something or decides it, for the record: one limit, wherever a reason is
/// given.</summary>
public static class Reason
{
    /// <summary>The most characters of one.</summary>
    public const int MostCharacters = 1_000;

    /// <summary>Why a text is not a reason, or null.</summary>
    /// <param name="refusal">The module's own, whose code its callers know.</param>
    /// <param name="text">As it came; blanks around it do not count.</param>
    public static Refused? Check(Refusal refusal, string? text) =>
        IsOne(text) ? null : refusal.With($"The reason must have 1 to {MostCharacters} characters.");

    /// <summary>Whether a text says something, is not too long, and can be stored.</summary>
    public static bool IsOne(string? text) => !string.IsNullOrWhiteSpace(text)
        && text.Trim().Length <= MostCharacters && !text.Contains('\0', StringComparison.Ordinal);
}
