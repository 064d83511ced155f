using Guerdon.Terminal.Parsing;

namespace Guerdon.Client.Sessions;

/// <summary><c>guerdon logout</c>: ends the session that <c>guerdon login</c> got, there and here.</summary>
public static class LogOut
{
    public static Verb Build() =>
        new Verb("logout", "End the session that 'guerdon login' got.", "guerdon logout").Does(async (call, ct) =>
        {
            if (call.IsTokenTyped) return call.Misuse("A token is no session, and signs nobody out.");
            var path = SavedLogins.PathOf(call.Output.Surroundings);
            var login = SavedLogins.Find(call.Server, call.Output.Surroundings);
            var isEnded = login is not null && await EndAsync(call, login.Secret, ct);
            if (path is not null && File.Exists(path))
                await SavedLogins.SaveAsync(path, call.Server, null, call.Output.Surroundings.Clock, ct);
            return call.Output.Done(
                new { server = call.Server.ToString(), email = login?.Email, ended = isEnded },
                shown => call.Output.Line(login is null ? $"Nobody is signed in at {shown.server}."
                    : isEnded ? $"{login.Email} is signed out at {shown.server}."
                    : $"{login.Email} is forgotten here, but {shown.server} did not end the session: end it on the page"
                        + " Sessions."));
        });

    /// <summary>Ends the session of a secret.</summary>
    /// <returns>Whether the server did.</returns>
    internal static async Task<bool> EndAsync(Call call, string secret, CancellationToken ct)
    {
        using var own = new GuerdonClient(new(call.Server, "", null), new(secret, "", null));
        var address = new Uri("api/v1/sessions/this", UriKind.Relative);
        using var request = new HttpRequestMessage(HttpMethod.Delete, address);
        return (await own.SendAsync(request, TimeSpan.FromSeconds(10), ct)).No is null;
    }
}
