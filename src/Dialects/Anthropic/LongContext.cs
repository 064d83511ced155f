using System.Globalization;
using System.Text.RegularExpressions;

namespace Guerdon.Dialects.Anthropic;

/// <summary>
/// Anthropic's longer window, which a beta's name asks for (<c>context-1m-2025-08-07</c>): with it a model takes
/// prompts that are longer than the window of its price row, so what is held must not end there.
/// </summary>
internal static partial class LongContext
{
    private const long Million = 1_000_000;

    /// <summary>The largest window that is named, in tokens; 0: none is.</summary>
    /// <param name="betas">One, or several, divided by commas.</param>
    public static long WindowIn(string? betas)
    {
        if (betas is null || !betas.Contains("context-", StringComparison.OrdinalIgnoreCase)) return 0;
        long window = 0;
        foreach (Match match in Form().Matches(betas))
            window = Math.Max(window, Million * long.Parse(match.Groups[1].Value, CultureInfo.InvariantCulture));
        return window;
    }

    [GeneratedRegex(@"(?<![a-z0-9-])context-([0-9]{1,4})m(?![a-z0-9])", RegexOptions.IgnoreCase)]
    private static partial Regex Form();
}
