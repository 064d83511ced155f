using System.Globalization;
using System.Numerics;
using System.Text.Json;
using System.Text.Json.Nodes;
using Guerdon.Kernel;
using Guerdon.Scim.Documents;
using Guerdon.Scim.Filters;
using Microsoft.AspNetCore.Http;

namespace Guerdon.Scim.Queries;

/// <summary>Which resources are asked for (RFC 7644, 3.4.2 and 3.4.3; RFC 9865 for cursors).</summary>
internal sealed record ListRequest
{
    /// <summary>The most resources of one answer.</summary>
    public const int MostResources = 200;

    /// <summary>How many where nobody says.</summary>
    public const int DefaultResources = 100;

    public string? Filter { get; init; }

    /// <summary>From 1 on.</summary>
    public long StartIndex { get; init; } = 1;

    public int Count { get; init; } = DefaultResources;
    public string? SortBy { get; init; }
    public bool IsDescending { get; init; }

    /// <summary>Null: pages are asked for by index. Empty: the first page by cursor.</summary>
    public string? Cursor { get; init; }

    public string? Attributes { get; init; }
    public string? ExcludedAttributes { get; init; }

    public static Result<ListRequest> Of(IQueryCollection query) =>
        Of(name => query.TryGetValue(name, out var value) ? value.ToString() : null);

    /// <summary>The same as a body of <c>/.search</c>.</summary>
    public static Result<ListRequest> Of(JsonObject body) => Of(name => ValueReader.Named(body, name) switch
    {
        null => null,
        JsonArray list => string.Join(',', list.Select(FilterMatch.TextOf)),
        JsonObject => "{}",
        var value when value.GetValueKind() == JsonValueKind.Null => null,
        var value => FilterMatch.TextOf(value),
    });

    private static Result<ListRequest> Of(Func<string, string?> named)
    {
        var (start, count) = (Number(named("startIndex"), 1), Number(named("count"), DefaultResources));
        var cursor = named("cursor");
        if (start is null) return ScimRefusals.ValueInvalid.With("startIndex is not a whole number.");
        if (count is null)
            return (cursor is null ? ScimRefusals.ValueInvalid : ScimRefusals.CountInvalid)
                .With("count is not a whole number.");
        var order = named("sortOrder");
        var isDescending = "descending".Equals(order, StringComparison.OrdinalIgnoreCase);
        if (!isDescending && !string.IsNullOrEmpty(order)
            && !"ascending".Equals(order, StringComparison.OrdinalIgnoreCase))
            return ScimRefusals.ValueInvalid.With("sortOrder is neither ascending nor descending.");
        var sortBy = named("sortBy");
        if (cursor is not null && !string.IsNullOrWhiteSpace(sortBy))
            return ScimRefusals.ValueInvalid.With("Pages by cursor are in the order of ids: leave sortBy out.");
        return new ListRequest
        {
            Filter = string.IsNullOrWhiteSpace(named("filter")) ? null : named("filter"),
            StartIndex = Math.Max(1, start.Value), Count = (int)Math.Clamp(count.Value, 0, MostResources),
            SortBy = sortBy, IsDescending = isDescending, Cursor = cursor,
            Attributes = named("attributes"), ExcludedAttributes = named("excludedAttributes"),
        };
    }

    // Whatever is beyond any list counts as the end of all lists.
    private static long? Number(string? text, long otherwise)
    {
        if (string.IsNullOrWhiteSpace(text)) return otherwise;
        return text.Length <= WireJson.MostDigits
            && BigInteger.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var number)
            ? (long)BigInteger.Max(BigInteger.Min(number, int.MaxValue), int.MinValue)
            : null;
    }
}
