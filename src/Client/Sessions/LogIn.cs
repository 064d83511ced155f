using System.CommandLine;
using Guerdon.Kernel;
using Guerdon.Terminal;
using Guerdon.Terminal.Parsing;
using Guerdon.Terminal.Writing;

namespace Guerdon.Client.Sessions;

/// <summary><c>guerdon login</c>: gets a session for this command line, confirmed in a browser or by a password. It is
/// saved for its owner alone, and never printed.</summary>
public static class LogIn
{
    private const int MostPasswordChars = 200;
    private static readonly TimeSpan SlowerBy = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan Slowest = TimeSpan.FromSeconds(60);

    internal sealed record Begun(
        string Device, string Code, string Address, string AddressWithCode, int EndsInSeconds, int IntervalSeconds);

    internal sealed record Asks(string Device);

    internal sealed record Proves(string Email, string Password);

    internal sealed record SignedIn(string Id, string Secret, string Email, DateTimeOffset EndsAt);

    public static Verb Build()
    {
        var email = new Option<string?>("--email")
        {
            Description = "Sign in by the password of this account, without a browser.", HelpName = "EMAIL",
        };
        var password = new Option<bool>("--password-stdin") { Description = "Read the password from standard input." };
        return new Verb(
            "login", "Sign in: money is approved within ten minutes of it. A browser confirms it.",
            "guerdon login --server https://guerdon.example.com",
            "guerdon login --email fin@example.com --password-stdin < password.txt")
        {
            email, password,
        }.Does(async (call, ct) =>
        {
            if (call.Value(password) != (call.Value(email) is not null))
                return call.Misuse("--email and --password-stdin belong together.");
            if (call.IsTokenTyped) return call.Misuse("Signing in takes no --token.");
            if (SavedLogins.PathOf(call.Output.Surroundings) is not { } path)
                return call.Output.Refuse(
                    ClientRefusals.FileNotWritten.With("There is no home to save the session in."));
            var (signedIn, no) = call.Value(email) is { } whose
                ? await ByPasswordAsync(call, whose, ct) : await ByBrowserAsync(call, ct);
            return signedIn is null ? no : await SaveAsync(call, path, signedIn, ct);
        });
    }

    private static async Task<int> SaveAsync(Call call, string path, SignedIn session, CancellationToken ct)
    {
        var before = SavedLogins.Find(call.Server, call.Output.Surroundings);
        try
        {
            await SavedLogins.SaveAsync(
                path, call.Server, new(session.Email, session.Secret, session.EndsAt), call.Output.Surroundings.Clock,
                ct);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            await LogOut.EndAsync(call, session.Secret, ct); // nobody would know its secret
            return call.Output.Refuse(ClientRefusals.LoginNotSaved.With(e.Message));
        }

        // The one before is not needed any more, whatever becomes of the attempt to end it.
        if (before is not null) await LogOut.EndAsync(call, before.Secret, ct);
        if (call.Output.Surroundings.Setting("GUERDON_TOKEN") is not null)
            call.Output.Note("GUERDON_TOKEN is set, and is used instead of this session: unset it.");
        return call.Output.Done(
            new { server = call.Server.ToString(), session.Email, session.Id, session.EndsAt, file = path },
            shown => call.Output.Line($"{session.Email} is signed in at {shown.server} until "
                + $"{Shown.Time(session.EndsAt)}, as {session.Id}."));
    }

    private static async Task<(SignedIn? Session, int No)> ByPasswordAsync(
        Call call, string email, CancellationToken ct)
    {
        var read = await call.Output.Surroundings.ReadInputAsync(MostPasswordChars + 3, ct);
        var typed = read.TrimEnd('\r', '\n');
        return Read(call, await call.PostAsync(
            "Signing in", "api/v1/login/password", new Proves(email, typed), SessionsJson.Default.LogInProves, ct));
    }

    private static async Task<(SignedIn? Session, int No)> ByBrowserAsync(Call call, CancellationToken ct)
    {
        var answer = await call.PostAsync("Beginning", "api/v1/login", ct);
        if (answer.No is { } no) return (null, call.Output.Refuse(no));
        if (!Call.Read(answer.Reply, SessionsJson.Default.LogInBegun, out var begun)) return (null, call.Unreadable());

        call.Output.Note($"Open {begun.AddressWithCode} in a browser, compare the code {begun.Code}, and confirm.");
        var clock = call.Output.Surroundings.Clock;
        var start = clock.GetTimestamp();
        var wait = TimeSpan.FromSeconds(Math.Clamp(begun.IntervalSeconds, 1, 60));
        while (true)
        {
            await Task.Delay(wait, clock, ct);
            var asked = await call.PostAsync(
                "Waiting", "api/v1/login/poll", new Asks(begun.Device), SessionsJson.Default.LogInAsks, ct);
            var isEarly = clock.GetElapsedTime(start) < TimeSpan.FromSeconds(begun.EndsInSeconds);
            switch (asked.No?.Problem.Title)
            {
                case "host.login_pending" when isEarly:
                    break;
                case "host.login_slow_down" when isEarly: // RFC 8628, 3.5: five seconds more from now on
                    wait = AtMost(wait + SlowerBy);
                    break;
                case "cli.server_unreachable" or "cli.server_failed" or "cli.server_slow" when isEarly:
                    wait = AtMost(wait * 2);
                    break;
                default:
                    return Read(call, asked);
            }
        }
    }

    private static TimeSpan AtMost(TimeSpan wait) => wait < Slowest ? wait : Slowest;

    private static (SignedIn? Session, int No) Read(Call call, Answer answer)
    {
        if (answer.No is { } no) return (null, call.Output.Refuse(no));
        return Call.Read(answer.Reply, SessionsJson.Default.LogInSignedIn, out var session)
            ? (session, ExitCodes.Done) : (null, call.Unreadable());
    }
}
