using System.Net;
using Guerdon.Identity.Sessions;
using Guerdon.Identity.Tokens;
using Microsoft.Extensions.DependencyInjection;

namespace Guerdon.Database.Host;

/// <summary>Asks with a token; what a token alone may not do is asked again in a session of its owner, who has just
/// signed in. So tests of what is decided need not say each time how somebody signs in.</summary>
internal sealed class DecidingHandler(IServiceProvider services) : DelegatingHandler(
    new SocketsHttpHandler { AllowAutoRedirect = false, UseCookies = false })
{
    protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken ct)
    {
        var answer = await base.SendAsync(request, ct);
        if (answer.StatusCode != HttpStatusCode.Forbidden || request.Headers.Authorization?.Parameter is not { } token)
            return answer;
        await answer.Content.LoadIntoBufferAsync(ct);
        if (!(await answer.Content.ReadAsStringAsync(ct)).Contains("\"host.step_up\"", StringComparison.Ordinal))
            return answer;

        answer.Dispose();
        request.Headers.Authorization = new("Bearer", await SecretAsync(services, token, ct));
        return await base.SendAsync(request, ct);
    }

    /// <summary>The secret of a session of a token's owner.</summary>
    public static async Task<string> SecretAsync(IServiceProvider services, string token, CancellationToken ct)
    {
        var owner = (await services.GetRequiredService<ApiTokens>().FindOwnerAsync(token, ct))!;
        var opened = await services.GetRequiredService<OpenSessions>().OpenAsync(
            owner.Account.Id, new(SessionKind.CommandLine, "127.0.0.1", "a test"),
            services.GetRequiredService<TimeProvider>().GetUtcNow(), ct);
        return opened.Secret;
    }
}
