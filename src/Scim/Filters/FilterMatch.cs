using System.Text.Json;
using System.Text.Json.Nodes;
using Guerdon.Scim.Schemas;

namespace Guerdon.Scim.Filters;

/// <summary>Whether a filter applies to an element of an attribute with several values, in memory.</summary>
internal static class FilterMatch
{
    /// <param name="filter">About the parts of the attribute.</param>
    /// <param name="element">One of its values.</param>
    public static bool Is(Filter filter, JsonObject element) => filter switch
    {
        Filter.And and => Is(and.Left, element) && Is(and.Right, element),
        Filter.Or or => Is(or.Left, element) || Is(or.Right, element),
        Filter.Not not => !Is(not.Inner, element),
        Filter.Present present => element[present.Path.Part!.Name] is not null,
        Filter.Compare compare => Holds(compare, TextOf(element[compare.Path.Part!.Name])),
        _ => false,
    };

    private static bool Holds(Filter.Compare compare, string? has)
    {
        var wanted = compare.Text;
        if (has is null) return compare.Operator == FilterOperator.NotEqual;
        has = compare.Path.Part!.Fold(has);
        return compare.Operator switch
        {
            FilterOperator.Equal => has == wanted,
            FilterOperator.NotEqual => has != wanted,
            FilterOperator.Contains => has.Contains(wanted, StringComparison.Ordinal),
            FilterOperator.StartsWith => has.StartsWith(wanted, StringComparison.Ordinal),
            FilterOperator.EndsWith => has.EndsWith(wanted, StringComparison.Ordinal),
            FilterOperator.Greater => string.CompareOrdinal(has, wanted) > 0,
            FilterOperator.GreaterOrEqual => string.CompareOrdinal(has, wanted) >= 0,
            FilterOperator.Less => string.CompareOrdinal(has, wanted) < 0,
            FilterOperator.LessOrEqual => string.CompareOrdinal(has, wanted) <= 0,
            _ => false,
        };
    }

    /// <summary>A value as it is compared; null: there is none.</summary>
    public static string? TextOf(JsonNode? value) => value?.GetValueKind() switch
    {
        null or JsonValueKind.Null => null,
        JsonValueKind.True => "true",
        JsonValueKind.False => "false",
        JsonValueKind.String => value.GetValue<string>(),
        _ => value.ToJsonString(),
    };

    /// <summary>The value that makes an equality hold: what an element is made of that a filter describes.</summary>
    public static JsonNode ValueOf(Filter.Compare equality) => equality.Path.Leaf!.Type == AttributeType.Boolean
        ? JsonValue.Create(equality.Text == "true")
        : JsonValue.Create(equality.Raw);
}
