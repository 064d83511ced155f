using System.Text.Json;
using System.Text.RegularExpressions;
using Guerdon.Kernel;

namespace Guerdon.Host.Inputs;

/// <summary>What the framework says of a request that it cannot read, in words that name the field and what
/// would be right.</summary>
internal static partial class BadRequests
{
    public static Refused Of(BadHttpRequestException e)
    {
        if (e.StatusCode is not (StatusCodes.Status400BadRequest or StatusCodes.Status422UnprocessableEntity))
            return InputRefusals.OfStatus(e.StatusCode).With(Wording.Sentence(e.Message));
        if (e.InnerException is JsonException json) return OfJson(json);
        if (Unbound().Match(e.Message) is { Success: true } unbound)
            return InputRefusals.RequestInvalid.With(
                $"{JsonNamingPolicy.CamelCase.ConvertName(unbound.Groups["name"].Value)} is "
                + $"'{Wording.Shortened(unbound.Groups["value"].Value)}', not {Wanted(unbound.Groups["type"].Value)}.");
        if (Missing().Match(e.Message) is { Success: true } missing)
            return InputRefusals.RequestInvalid.With($"{missing.Groups["name"].Value} is missing"
                + $"{(missing.Groups["place"].Value is { Length: > 0 } place ? $" from the {place}" : "")}.");
        return InputRefusals.RequestInvalid.With(Wording.Sentence(e.Message));
    }

    private static Refused OfJson(JsonException e)
    {
        var path = e.Path is { Length: > 1 } at ? at[1..].TrimStart('.') : "The body";
        var line = e.LineNumber is { } number ? $", on line {number + 1}" : "";
        var cause = e.InnerException?.Message ?? "";
        if (OtherToken().Match(cause) is { Success: true } token)
            return InputRefusals.RequestInvalid.With(
                $"{path} is {Had(token.Groups["had"].Value)}, not a {token.Groups["wanted"].Value}{line}.");
        // Half of a surrogate pair, or bytes that are not UTF-8: the reader throws this instead of an error of its own.
        if (e.InnerException is InvalidOperationException)
            return InputRefusals.TextInvalid.With($"{path} has half a character or bytes that are not UTF-8.");
        if (OutOfBounds().Match(cause) is { Success: true } bounds)
            return InputRefusals.RequestInvalid.With($"{path} is not {Wanted(bounds.Groups["type"].Value)}{line}.");
        var why = Tail().Replace(e.Message, "").TrimEnd('.', ' ');
        return InputRefusals.RequestInvalid.With($"{path} {InWords(why)}{line}.");
    }

    // The serializer names our types, which say nothing to a caller: what it says of one is put in other words, and
    // what is not known here is left out.
    private static string InWords(string why)
    {
        if (NotConverted().Match(why) is { Success: true } match) return $"is not {Wanted(match.Groups["type"].Value)}";
        if (Doubled().Match(why) is { Success: true } twice) return $"has '{twice.Groups["name"].Value}' twice";
        if (Lacking().Match(why) is { Success: true } lacks) return $"lacks {lacks.Groups["names"].Value}";
        return TypeName().IsMatch(why) ? "is not what belongs there" : $"cannot be read: {why}";
    }

    private static string Wanted(string type) => Bare().Replace(type, "$1").Split('.', '+')[^1] switch
    {
        "DateOnly" => "a day such as 2026-11-30",
        "DateTimeOffset" or "DateTime" => "a time such as 2026-11-30T09:30:00Z",
        "bool" or "Boolean" => "true or false",
        "int" or "Int32" => "a whole number of at most 2147483647",
        "long" or "Int64" => "a whole number of at most 9223372036854775807",
        "string" or "String" => "a text",
        "Guid" => "an id",
        _ => "what belongs there", // a type of ours, or of the framework's
    };

    private static string Had(string token) => token switch
    {
        "Null" => "null",
        "True" or "False" => "true or false",
        "String" => "a text",
        "Number" => "a number",
        _ => "an object or a list",
    };

    [GeneratedRegex("^Failed to bind parameter \"(?<type>[^\"]+) (?<name>[^\" ]+)\" from \"(?<value>.*)\"\\.?$",
        RegexOptions.Singleline)]
    private static partial Regex Unbound();

    [GeneratedRegex("^Required parameter \"(?<type>[^\"]+) (?<name>[^\" ]+)\" was not provided"
        + "(?: from (?<place>.+?))?\\.?$")]
    private static partial Regex Missing();

    [GeneratedRegex(@"^Cannot get the value of a token type '(?<had>\w+)' as an? (?<wanted>\w+)")]
    private static partial Regex OtherToken();

    [GeneratedRegex(@"out of bounds for an? (?<type>\w+)")]
    private static partial Regex OutOfBounds();

    [GeneratedRegex(@" ?Path: .*$", RegexOptions.Singleline)]
    private static partial Regex Tail();

    [GeneratedRegex(@"could not be converted to (?<type>[^ ]+)$")]
    private static partial Regex NotConverted();

    [GeneratedRegex("^Duplicate property '(?<name>.*)' encountered during deserialization", RegexOptions.Singleline)]
    private static partial Regex Doubled();

    [GeneratedRegex("was missing required properties including: (?<names>.*)$", RegexOptions.Singleline)]
    private static partial Regex Lacking();

    [GeneratedRegex(@"\b(?:Guerdon|System)\.\w")]
    private static partial Regex TypeName();

    [GeneratedRegex(@"^(?:System\.)?Nullable(?:<|`1\[)(.+?)[>\]]$")]
    private static partial Regex Bare();
}
