namespace Guerdon.Host.Database;

/// <summary>Guerdon cannot start its store. The message is one line that says what is wrong and what to do.</summary>
internal sealed class DatabaseSetupException(string message, Exception? cause = null) : Exception(message, cause);
