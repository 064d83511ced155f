using System.Text.RegularExpressions;
using Microsoft.Extensions.Options;

namespace Guerdon.Host.Running;

/// <summary>Says which setting is wrong, by the name that its owner wrote, and what would be right.</summary>
internal static partial class SettingFaults
{
    /// <summary>One line, or null where the fault is no setting's. No value is repeated: it may be a key.</summary>
    public static string? In(Exception fault) => fault switch
    {
        AggregateException all when all.InnerExceptions.All(e => e is OptionsValidationException) =>
            string.Join(" ", all.InnerExceptions.Select(In)),
        OptionsValidationException wrong => string.Join(" ", wrong.Failures.Select(f => Failure(wrong.OptionsType, f))),
        InvalidOperationException when Unread().Match(fault.Message) is { Success: true } read =>
            $"{Name(read.Groups["path"].Value)} {Wanted(read.Groups["type"].Value)}.",
        _ => null,
    };

    private static string Failure(Type options, string failure)
    {
        var section = options.GetField("Section")?.GetRawConstantValue() as string;
        return Annotated().Match(failure) is { Success: true } said && section is not null
            ? $"{Name($"{section}:{said.Groups["member"].Value}")}: "
                + said.Groups["reason"].Value.Replace("The field ", "", StringComparison.Ordinal)
            : Path().Replace(failure, path => Name(path.Value));
    }

    private static string Name(string path) => "GUERDON_CONFIG_" + path.Replace(":", "__", StringComparison.Ordinal);

    private static string Wanted(string type) => type switch
    {
        "System.TimeSpan" => "is not a time: write it as 00:00:10",
        "System.Int32" or "System.Int64" => "is not a whole number that fits",
        "System.Boolean" => "is neither true nor false",
        _ => $"is not one of the words for {type[(type.LastIndexOf('.') + 1)..]}",
    };

    [GeneratedRegex("^DataAnnotation validation failed for '.*' members: '(?<member>[^']+)' with the error: "
        + "'(?<reason>.*)'\\.$", RegexOptions.Singleline)]
    private static partial Regex Annotated();

    // Our own rules begin with the setting's path, so that no name has to be put before them.
    [GeneratedRegex(@"^[A-Za-z]+(:[A-Za-z0-9._-]+)+(?=[: ])")]
    private static partial Regex Path();

    [GeneratedRegex("^Failed to convert configuration value.* at '(?<path>[^']+)' to type '(?<type>[^']+)'",
        RegexOptions.Singleline)]
    private static partial Regex Unread();
}
