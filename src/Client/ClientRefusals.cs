using Guerdon.Kernel;

namespace Guerdon.Client;

/// <summary>What a command line says where a server cannot be asked, or does not answer as Guerdon does. The codes are
/// <c>cli.…</c>, as whoever calls the program knows them.</summary>
public static class ClientRefusals
{
    public static readonly Refusal FileNotWritten = new("cli.file_not_written", 409, Retryable: true,
        "Name a file in a directory that you may write to.");

    public static readonly Refusal ServerUnreachable = new("cli.server_unreachable", 503, Retryable: true,
        "Start it with 'guerdon serve', or name another with --server or GUERDON_URL.");

    public static readonly Refusal ServerSlow = new("cli.server_slow", 504, Retryable: true,
        "It may still be working. Look at what has changed before you try again.");

    public static readonly Refusal ServerFailed = new("cli.server_failed", 502, Retryable: true,
        "The server's log says why. Look at what has changed before you try again.");

    public static readonly Refusal NotGuerdon = new("cli.not_guerdon", 502, Retryable: false,
        "Check --server, GUERDON_URL and .guerdon/server, or start Guerdon there with 'guerdon serve'.");

    public static readonly Refusal ReplyUnreadable = new("cli.reply_unreadable", 502, Retryable: false,
        "Use the version of guerdon that the server has; --json shows the reply as it is.");

    public static readonly Refusal SignInNeeded = new("cli.sign_in_needed", 401, Retryable: false,
        "Sign in with 'guerdon login', or set GUERDON_TOKEN,"
        + " or run where the server's .guerdon/token is (GUERDON_HOME names that place).");

    public static readonly Refusal NotAllowed = new("cli.not_allowed", 403, Retryable: false,
        "Ask an administrator to do it.");

    public static readonly Refusal RowsRefused = new("cli.rows_refused", 422, Retryable: false,
        "Correct the rows listed and try again; nothing changed.");

    public static readonly Refusal FileNotRead = new("cli.file_not_read", 409, Retryable: true,
        "Name a file that you may read; nothing was sent.");

    public static readonly Refusal LoginNotSaved = new("cli.login_not_saved", 409, Retryable: true,
        "Correct or delete the file, then sign in again; the session that was just begun is ended.");
}
