using System.CommandLine;
using System.Net.Http.Json;
using Guerdon.Kernel;
using Guerdon.Terminal;
using Guerdon.Terminal.Parsing;
using Guerdon.Terminal.Writing;

namespace Guerdon.Client.Sessions;

/// <summary><c>guerdon account password</c>: sets another password for one's own account. The session goes on under
/// another secret, which is saved in place of the former.</summary>
public static class ChangePassword
{
    private const int MostChars = 1_000;

    internal sealed record Request(string Current, string Password, bool Tokens);

    internal sealed record Reply(string Email, string Session, DateTimeOffset EndsAt, string? Secret = null);

    public static Verb Build()
    {
        var stdin = new Option<bool>("--password-stdin")
        {
            Description = "Read the present password and, in the next line, the new one from standard input.",
        };
        var tokens = new Option<bool>("--tokens") { Description = "Revoke all tokens too, which programs use." };
        return new Verb(
            "password", "Change your own password; all other sessions end.",
            "guerdon account password", "guerdon account password --tokens --password-stdin < passwords.txt")
        {
            stdin, tokens,
        }.Does(async (call, ct) =>
        {
            var surroundings = call.Output.Surroundings;
            if (call.IsTokenTyped) return call.Misuse("A password is changed in the session of 'guerdon login'.");
            if (SavedLogins.Find(call.Server, surroundings) is not { } login)
                return call.Output.Refuse(ClientRefusals.SignInNeeded.With(
                    $"This command line has no session at {call.Server}."));
            var (typed, wrong) = call.Value(stdin)
                ? (await ReadAsync(surroundings, ct), null) : await AskAsync(surroundings, ct);
            if (typed is not { } passwords) return call.Misuse(wrong!);
            var answer = await SendAsync(
                call, login, new(passwords.Current, passwords.New, call.Value(tokens)), ct);
            if (answer.No is { } no) return call.Output.Refuse(no);
            return Call.Read(answer.Reply, SessionsJson.Default.ChangePasswordReply, out var reply)
                ? await SaveAsync(call, reply, ct) : call.Unreadable();
        });
    }

    // By the session itself, whatever else is set to sign in with: it is this one that gets another secret.
    private static async Task<Answer> SendAsync(
        Call call, SavedLogins.Login login, Request body, CancellationToken ct)
    {
        using var own = new GuerdonClient(
            new(call.Server, "", null), new(login.Secret, $"the login of {login.Email}", null));
        using var request = new HttpRequestMessage(HttpMethod.Put, new Uri("api/v1/me/password", UriKind.Relative))
        {
            Content = JsonContent.Create(body, SessionsJson.Default.ChangePasswordRequest),
        };
        return await own.SendAsync(request, GuerdonClient.Soon, ct);
    }

    private static async Task<int> SaveAsync(Call call, Reply reply, CancellationToken ct)
    {
        try
        {
            if (reply.Secret is { } secret && SavedLogins.PathOf(call.Output.Surroundings) is { } path)
                await SavedLogins.SaveAsync(
                    path, call.Server, new(reply.Email, secret, reply.EndsAt), call.Output.Surroundings.Clock, ct);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            await LogOut.EndAsync(call, reply.Secret!, ct); // nobody would know its secret
            return call.Output.Refuse(ClientRefusals.LoginNotSaved.With("The password is changed. " + e.Message));
        }

        return call.Output.Done(
            new { reply.Email, reply.Session, reply.EndsAt },
            _ => call.Output.Line($"The password of {reply.Email} is changed. All other sessions have ended; "
                + $"{reply.Session} goes on until {Shown.Time(reply.EndsAt)}."));
    }

    private static async Task<((string Current, string New)? Typed, string? Wrong)> AskAsync(
        Surroundings from, CancellationToken ct)
    {
        const string noTerminal = "There is no terminal to type at: send both passwords with --password-stdin.";
        if (await TypedAsync(from, "Present password: ", ct) is not { } current) return (null, noTerminal);
        if (await TypedAsync(from, "New password: ", ct) is not { } chosen) return (null, noTerminal);
        return await TypedAsync(from, "The same again: ", ct) == chosen
            ? ((current, chosen), null) : (null, "The two new passwords differ; nothing was sent.");
    }

    // A key is waited for without an end; whoever gives up does not wait for it.
    private static Task<string?> TypedAsync(Surroundings from, string prompt, CancellationToken ct) =>
        Task.Run(() => from.ReadSecret(prompt), ct).WaitAsync(ct);

    private static async Task<(string Current, string New)?> ReadAsync(Surroundings from, CancellationToken ct)
    {
        var lines = (await from.ReadInputAsync(MostChars, ct)).Split('\n');
        return (lines[0].TrimEnd('\r'), lines.Length > 1 ? lines[1].TrimEnd('\r') : "");
    }
}
