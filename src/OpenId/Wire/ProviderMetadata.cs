using Guerdon.Kernel;
using Guerdon.OpenId.Providers;
using Microsoft.IdentityModel.Protocols;
using Microsoft.IdentityModel.Protocols.OpenIdConnect;

namespace Guerdon.OpenId.Wire;

/// <summary>
/// What a provider says of itself, and its keys: read when first needed and each hour, and at once where something was
/// signed by a key that is not among them. The framework's own reads them later, so that the first sign-in after a
/// change of keys fails. What was read is used for a day where the provider is away.
/// </summary>
internal sealed class ProviderMetadata(string issuer, HttpClient http, TimeProvider clock)
    : IConfigurationManager<OpenIdConnectConfiguration>, IDisposable
{
    private const int RefreshesPerMinute = 20;
    private static readonly TimeSpan Fresh = TimeSpan.FromHours(1), Usable = TimeSpan.FromDays(1);

    // Nobody waits for a provider that was just away: one call a while finds out whether it still is.
    private static readonly TimeSpan AwayFor = TimeSpan.FromSeconds(15);

    private readonly SemaphoreSlim _turn = new(1, 1);
    private readonly Throttle _refreshes = new(clock, RefreshesPerMinute, TimeSpan.FromMinutes(1), 2);
    private Read? _read;
    private DateTimeOffset _awaySince = DateTimeOffset.MinValue;

    private sealed record Read(OpenIdConnectConfiguration Says, DateTimeOffset At);

    /// <exception cref="HttpRequestException">It is away, or answers too much.</exception>
    /// <exception cref="InvalidOperationException">What it says is not of this issuer, or cannot be used.</exception>
    public Task<OpenIdConnectConfiguration> GetConfigurationAsync(CancellationToken cancel) =>
        ReadAsync(Fresh, cancel);

    /// <summary>Reads it again, because of a key that is not known; others who ask at the same time get the same.
    /// </summary>
    /// <param name="seen">What they had.</param>
    /// <param name="isAnonymous">Whether anybody can be the cause.</param>
    /// <param name="ct">Stops it.</param>
    /// <returns>Null: it was read so often that nobody may now, or the provider is away.</returns>
    public async Task<OpenIdConnectConfiguration?> RefreshAsync(
        OpenIdConnectConfiguration? seen, bool isAnonymous, CancellationToken ct)
    {
        await _turn.WaitAsync(ct);
        try
        {
            if (_read is { } other && other.Says != seen) return other.Says;
            if (WasAway || _refreshes.Take(isAnonymous ? "anybody" : "sign-in") is not null) return null;
            return (_read = await FetchAsync(ct)).Says;
        }
        catch (Exception e) when (IsAway(e, ct))
        {
            return null;
        }
        finally
        {
            _turn.Release();
        }
    }

    /// <summary>The framework asks for it where it meets an unknown key; <see cref="RolloverTokenHandler"/> has done
    /// it by then.</summary>
    public void RequestRefresh()
    {
    }

    /// <summary>What was read last, however old.</summary>
    public OpenIdConnectConfiguration? Known => _read?.Says;

    public void Dispose() => _turn.Dispose();

    /// <summary>Whether a failure is the provider's, and not that nobody waits for it any more.</summary>
    public static bool IsAway(Exception e, CancellationToken ct) =>
        !ct.IsCancellationRequested && e is not OutOfMemoryException;

    private async Task<OpenIdConnectConfiguration> ReadAsync(TimeSpan within, CancellationToken ct)
    {
        if (_read is { } recent && clock.GetUtcNow() - recent.At < within) return recent.Says;
        await _turn.WaitAsync(ct);
        try
        {
            if (_read is { } other && clock.GetUtcNow() - other.At < within) return other.Says;
            if (WasAway) throw new HttpRequestException("It was away a moment ago.");
            return (_read = await FetchAsync(ct)).Says;
        }
        catch (Exception e) when (
            IsAway(e, ct) && _read is { } old && clock.GetUtcNow() - old.At < Usable)
        {
            return old.Says;
        }
        finally
        {
            _turn.Release();
        }
    }

    private bool WasAway => clock.GetUtcNow() - _awaySince < AwayFor;

    private async Task<Read> FetchAsync(CancellationToken ct)
    {
        try
        {
            return await FetchNowAsync(ct);
        }
        catch (Exception e) when (IsAway(e, ct))
        {
            _awaySince = clock.GetUtcNow();
            throw;
        }
    }

    private async Task<Read> FetchNowAsync(CancellationToken ct)
    {
        var says = await OpenIdConnectConfigurationRetriever.GetAsync(
            $"{issuer.TrimEnd('/')}/.well-known/openid-configuration", new Documents(http), ct);
        // To the letter, since tokens are compared with it: whoever answers for one issuer is not another.
        if (says.Issuer != issuer)
            throw new InvalidOperationException($"It says that it is {Wording.Shortened(says.Issuer ?? "nobody")}.");
        foreach (var (name, address) in Endpoints(says))
            if (address is null || !ProviderRules.IsIssuer(address.Split('?')[0]))
                throw new InvalidOperationException($"Its {name} is no https address.");
        if (says.SigningKeys.Count == 0) throw new InvalidOperationException("It has no key that signs.");
        return new(says, clock.GetUtcNow());
    }

    private static IEnumerable<(string Name, string? Address)> Endpoints(OpenIdConnectConfiguration says)
    {
        yield return ("authorization_endpoint", says.AuthorizationEndpoint);
        yield return ("token_endpoint", says.TokenEndpoint);
        yield return ("jwks_uri", says.JwksUri);
        foreach (var (name, address) in new[]
        {
            ("userinfo_endpoint", says.UserInfoEndpoint), ("end_session_endpoint", says.EndSessionEndpoint),
            ("pushed_authorization_request_endpoint", says.PushedAuthorizationRequestEndpoint),
        })
            if (!string.IsNullOrEmpty(address)) yield return (name, address);
    }

    private sealed class Documents(HttpClient http) : IDocumentRetriever
    {
        public async Task<string> GetDocumentAsync(string address, CancellationToken cancel)
        {
            if (!ProviderRules.IsIssuer(address.Split('?')[0]))
                throw new InvalidOperationException($"{Wording.Shortened(address)} is no https address.");
            using var answer = await http.GetAsync(new Uri(address), cancel);
            answer.EnsureSuccessStatusCode();
            return await answer.Content.ReadAsStringAsync(cancel);
        }
    }
}
