namespace Guerdon.Terminal;

/// <summary>What the program tells the shell.</summary>
public static class ExitCodes
{
    /// <summary>It was done.</summary>
    public const int Done = 0;

    /// <summary>Understood, and not done: a rule, a file's errors or a server that cannot be reached.</summary>
    public const int Refused = 1;

    /// <summary>The command line makes no sense; nothing was tried.</summary>
    public const int Misused = 2;

    /// <summary>Stopped by Ctrl-C or a signal: 128 and SIGINT's number, as shells have it.</summary>
    public const int Interrupted = 130;
}
