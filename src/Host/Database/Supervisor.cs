using System.Diagnostics;

namespace Guerdon.Host.Database;

/// <summary>
/// A shell between Guerdon and PostgreSQL that holds the reading end of a pipe. When the writing end closes, because
/// Guerdon stops or because someone killed it with -9, the shell asks the server for a fast shutdown.
/// </summary>
internal sealed class Supervisor : IDisposable
{
    // PR_SET_PDEATHSIG would be shorter, but it fires when the *thread* that forked ends, and .NET's threads come and
    // go. Terminal signals are ignored: Ctrl-C is for Guerdon, which drains before it closes the pipe. The reader is a
    // second process, so that the server is reaped as soon as it ends, and survives the death of the first.
    private const string Script = """
        log=$1; shift
        exec >"$log" 2>&1
        trap '' INT HUP TERM QUIT
        exec 3<&0
        "$@" </dev/null 3<&- &
        server=$!
        ( while read -r _; do :; done; kill -INT "$server" ) <&3 3<&- >/dev/null 2>&1 &
        reader=$!
        exec 3<&- </dev/null
        wait "$server"; code=$?
        kill -KILL "$reader" 2>/dev/null
        exit "$code"
        """;

    private readonly Process _shell;

    private Supervisor(Process shell)
    {
        _shell = shell;
        Ended = shell.WaitForExitAsync();
    }

    /// <summary>Completes when the server has ended, for whatever reason.</summary>
    public Task Ended { get; }

    public int Pid => _shell.Id;

    public static Supervisor Start(ClusterPlace place, string server)
    {
        var command = place.AsServer("sh", "-c", Script, "guerdon", place.StartLog, server, "-D", place.Data);
        // In a session of its own, so that the terminal's signals do not reach the server itself.
        if (Tool.Find("setsid") is { } setsid) command = [setsid, .. command];
        else if (Tool.Find("perl") is { } perl) command = [perl, "-MPOSIX", "-e", "setsid; exec @ARGV", .. command];

        var start = Tool.Start(command);
        start.RedirectStandardInput = true;
        return new Supervisor(Process.Start(start)!);
    }

    /// <summary>Asks for a fast shutdown: sessions are cut off, what was committed is written out.</summary>
    public void Stop() => _shell.StandardInput.Close();

    public void Dispose() => _shell.Dispose();
}
