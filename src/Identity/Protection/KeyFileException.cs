namespace Guerdon.Identity.Protection;

/// <summary>What the key ring is encrypted with is missing or wrong. The message says which, and what to do.</summary>
public sealed class KeyFileException(string message, Exception? cause = null) : Exception(message, cause);
