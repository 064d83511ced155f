using Microsoft.Extensions.Options;

namespace Stipend.Gateway;

/// <summary>Checks the providers when the program starts: keys and prompts go to the addresses given there.</summary>
internal sealed class ProviderRules : IValidateOptions<GatewayOptions>
{
    public ValidateOptionsResult Validate(string? name, GatewayOptions options)
    {
        var wrong = new List<string>();
        foreach (var (provider, settings) in options.Providers)
        {
            var at = $"{GatewayOptions.Section}:Providers:{provider}";
            if (!TryAddress(settings.BaseUrl, out var address))
                wrong.Add($"{at}:BaseUrl must be https, or http on this machine, without user, query or fragment.");
            else if (settings.ApiKey.Length == 0 && !address.IsLoopback)
                wrong.Add($"{at}:ApiKey is missing.");
            if (settings.ApiKey.AsSpan().ContainsAnyExceptInRange('!', '~'))
                wrong.Add($"{at}:ApiKey has characters that no header can carry.");
            if (!Enum.IsDefined(settings.Dialect)) wrong.Add($"{at}:Dialect must be OpenAi, Anthropic or Gemini.");
        }

        foreach (var group in options.Providers.GroupBy(
            pair => pair.Value.ServesOr(pair.Key), pair => pair.Value.Dialect, StringComparer.OrdinalIgnoreCase))
        {
            if (group.Distinct().Count() > 1)
                wrong.Add($"{GatewayOptions.Section}:Providers: those that serve {group.Key} differ in Dialect.");
        }

        return wrong.Count == 0 ? ValidateOptionsResult.Success : ValidateOptionsResult.Fail(wrong);
    }

    /// <summary>
    /// The address as calls use it: without the <c>/v1</c>, <c>/v1beta</c> and the slash that people copy along.
    /// </summary>
    public static bool TryAddress(string text, out Uri address)
    {
        var trimmed = text.TrimEnd('/');
        if (trimmed.EndsWith("/v1", StringComparison.Ordinal)) trimmed = trimmed[..^3];
        if (trimmed.EndsWith("/v1beta", StringComparison.Ordinal)) trimmed = trimmed[..^7];
        if (!Uri.TryCreate(trimmed, UriKind.Absolute, out address!)) return false;

        var isSafe = address.Scheme == Uri.UriSchemeHttps
            || (address.Scheme == Uri.UriSchemeHttp && address.IsLoopback);
        return isSafe && address.UserInfo.Length == 0 && address.Query.Length == 0 && address.Fragment.Length == 0;
    }
}
