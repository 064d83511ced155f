using Guerdon.Outbound;
using Microsoft.Extensions.Options;

namespace Guerdon.Notices.Webhook;

/// <summary>Stops the start where the webhook cannot work as it is set, or would call what it must not.</summary>
internal sealed class WebhookRules : IValidateOptions<WebhookOptions>
{
    /// <summary>As long as what HMAC-SHA256 makes of it, in characters that people paste.</summary>
    public const int LeastSecret = 32;

    private const int MostSecret = 256;
    private const string At = WebhookOptions.Section;

    public ValidateOptionsResult Validate(string? name, WebhookOptions options)
    {
        var wrong = Wrong(options).ToArray();
        return wrong.Length == 0 ? ValidateOptionsResult.Success : ValidateOptionsResult.Fail(wrong);
    }

    private static IEnumerable<string> Wrong(WebhookOptions options)
    {
        foreach (var entry in options.LocalAddresses.Where(entry => !InsideAddresses.IsEntry(entry)))
            yield return $"{At}:LocalAddresses: '{entry}' is not a host, host:port or network.";
        if (!options.IsOn)
        {
            if (options.Secret.Length > 0 || options.SecondSecret.Length > 0)
                yield return $"{At}:Address: is missing beside the secret: write where notices are sent, as "
                    + "https://hooks.example.com/guerdon, or remove the secret.";
            yield break;
        }

        if (!Uri.TryCreate(options.Address, UriKind.Absolute, out var address) || !IsRight(address))
            yield return $"{At}:Address: must be https, or http in your own network, without user or fragment: write "
                + "it as https://hooks.example.com/guerdon.";
        else if (InsideAddresses.Wrong(address, options.AllowedInside) is { } reason)
            yield return $"{At}:Address: {reason}";
        if (WrongSecret(options.Secret) is { } wrong) yield return $"{At}:Secret: {wrong}";
        if (options.SecondSecret.Length > 0 && WrongSecret(options.SecondSecret) is { } second)
            yield return $"{At}:SecondSecret: {second}";
    }

    private static bool IsRight(Uri address) =>
        (address.Scheme == Uri.UriSchemeHttps
            || (address.Scheme == Uri.UriSchemeHttp && InsideAddresses.IsInside(address)))
        && address is { UserInfo.Length: 0, Fragment.Length: 0 };

    private static string? WrongSecret(string secret) => secret.Length switch
    {
        0 => "is missing: make one with \"openssl rand -hex 32\", and give it to the receiver.",
        < LeastSecret => $"has fewer than {LeastSecret} characters: make one with \"openssl rand -hex 32\".",
        > MostSecret => $"has more than {MostSecret} characters.",
        _ when secret.AsSpan().ContainsAnyExceptInRange('!', '~') =>
            "has a space, or a letter that is not ASCII: make one with \"openssl rand -hex 32\".",
        _ => null,
    };
}
