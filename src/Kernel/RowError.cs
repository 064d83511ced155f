namespace Guerdon.Kernel;

/// <summary>What is wrong with one row of a file that somebody imports. Shown to them as it is.</summary>
/// <param name="Line">1-based line in the file, the header being line 1; 0 where the whole file is meant.</param>
/// <param name="Column">The column's name as the file has it, or null where the whole row is meant.</param>
/// <param name="Reason">What is wrong and what would be right.</param>
public sealed record RowError(int Line, string? Column, string Reason);
