using Guerdon.Cli.Server;
using Guerdon.Terminal.Parsing;

namespace Guerdon.Cli.Sessions;

/// <summary><c>guerdon logout</c>: ends the session that <c>guerdon login</c> got, there and here.</summary>
internal static class LogOut
{
    public static Verb Build() =>
        new Verb("logout", "End the session that 'guerdon login' got.", "guerdon logout").Does(async (call, ct) =>
        {
            var path = SavedLogins.PathOf(call.Output.Surroundings);
            var login = SavedLogins.Find(call.Server, call.Output.Surroundings);
            var isEnded = await EndAsync(call, ct);
            if (path is not null && File.Exists(path)) SavedLogins.Save(path, call.Server, null);
            return call.Output.Done(
                new { server = call.Server.ToString(), email = login?.Email, ended = isEnded },
                shown => call.Output.Line(login is null ? $"Nobody is signed in at {shown.server}."
                    : isEnded ? $"{login.Email} is signed out at {shown.server}."
                    : $"{login.Email} is forgotten here, but {shown.server} did not end the session: end it on the page"
                        + " Sessions."));
        });

    /// <summary>Ends the session of a server that is saved here, if there is one.</summary>
    /// <returns>Whether the server did.</returns>
    internal static async Task<bool> EndAsync(Call call, CancellationToken ct)
    {
        if (SavedLogins.Find(call.Server, call.Output.Surroundings) is not { } login) return false;
        using var own = new GuerdonClient(
            new(call.Server, "", null), new(login.Secret, "", null));
        var address = new Uri("api/v1/sessions/this", UriKind.Relative);
        using var request = new HttpRequestMessage(HttpMethod.Delete, address);
        return (await own.SendAsync(request, TimeSpan.FromSeconds(10), ct)).No is null;
    }
}
