namespace Guerdon.Dialects.Calls;

/// <summary>The tools of one dialect, by what the <c>type</c> of each begins with; a rule is of those that the provider
/// runs, and the others are its own making for callers to run.</summary>
internal sealed class ToolTable(params (string Prefix, HostedRule? Rule)[] rows)
{
    private static readonly NameTable<ToolKind> OfCaller = new(
        (ToolKind.Declared,
        [
            "function", "custom", "namespace", "tool_reference", "tool_definition", "mcp_tool_reference",
            "mcp_toolset_reference",
        ]),
        (ToolKind.BuiltIn, ["local_shell", "shell", "apply_patch", "computer", "computer_use_preview"]));

    /// <summary>Those that the provider runs.</summary>
    public IEnumerable<HostedRule> Rules => rows.Select(row => row.Rule).OfType<HostedRule>();

    /// <summary>What a tool's <c>type</c> means, which the reader stands on; null where nobody knows.</summary>
    public (ToolKind Kind, HostedRule? Rule)? Of(in StrictJson json)
    {
        if (OfCaller.OfValue(json) is { } kind) return (kind, null);
        Span<byte> buffer = stackalloc byte[128];
        if (!json.TryPlain(buffer, out var type)) return null;
        foreach (var (prefix, rule) in rows)
        {
            if (!IsVersionOf(type, prefix)) continue;
            return rule is null ? (ToolKind.BuiltIn, null) : (ToolKind.Hosted, rule);
        }

        return null;
    }

    // A date or a version may follow, since providers add them (_2025_08_26, _preview, _20251119); other
    // words make another tool.
    private static bool IsVersionOf(ReadOnlySpan<byte> type, string prefix)
    {
        if (type.Length < prefix.Length || !System.Text.Ascii.Equals(type[..prefix.Length], prefix)) return false;
        var rest = type[prefix.Length..];
        if (rest.StartsWith("_preview"u8)) rest = rest["_preview"u8.Length..];
        foreach (var letter in rest)
            if (letter != '_' && letter is < (byte)'0' or > (byte)'9') return false;
        return true;
    }
}
