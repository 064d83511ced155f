using Guerdon.Dialects.Known;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Options;

namespace Guerdon.Providers;

/// <summary>
/// Finds configured providers that could not be read: an entry of a dictionary whose values do not fit is left out by
/// the framework without a word, and its models would simply not be served.
/// </summary>
internal sealed class UnreadProviders(IConfiguration configuration) : IValidateOptions<GatewayOptions>
{
    private static readonly string Root = $"{GatewayOptions.Section}:Providers";

    public ValidateOptionsResult Validate(string? name, GatewayOptions options)
    {
        List<string> wrong =
        [
            .. from one in configuration.GetSection(Root).GetChildren()
               where !options.Providers.ContainsKey(one.Key)
               select Reason(one),
        ];
        return wrong.Count == 0 ? ValidateOptionsResult.Success : ValidateOptionsResult.Fail(wrong);
    }

    private static string Reason(IConfigurationSection one)
    {
        var at = $"{Root}:{one.Key}";
        if (one["Dialect"] is { } dialect && !KnownDialects.TryFind(dialect, out _))
            return $"{at}:Dialect must be {KnownDialects.Names}.";
        return one["Weight"] is { } weight && !int.TryParse(weight, out _)
            ? $"{at}:Weight must be from 0 to 1000000."
            : $"{at} cannot be read.";
    }
}
