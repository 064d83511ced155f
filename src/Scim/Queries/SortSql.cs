using Guerdon.Kernel;
using Guerdon.Scim.Schemas;

namespace Guerdon.Scim.Queries;

/// <summary>The order of a list. What has no value comes last, and first where it is descending (RFC 7644,
/// 3.4.2.3).</summary>
internal static class SortSql
{
    /// <param name="table">Whose rows are sorted.</param>
    /// <param name="by">An attribute; null: by id, which is by age.</param>
    /// <param name="isDescending">Of the attribute; ids always ascend.</param>
    /// <param name="isLenient">Whether an attribute that the type does not have is left out of account.</param>
    public static Result<string> Of(ResourceTable table, string? by, bool isDescending, bool isLenient)
    {
        if (string.IsNullOrWhiteSpace(by)) return table.Key;
        if (table.Type.Resolve(by.Trim()) is not { Attribute: { } attribute } path)
            return isLenient ? table.Key : Wrong(by, "is no attribute");
        if (attribute is { Type: AttributeType.Complex } && path.Part is null)
        {
            if (attribute.Part("value") is not { } own) return Wrong(by, "has parts: name one of them");
            path = path with { Part = own };
        }

        if (table.RowsOf(path) is not null) return Wrong(by, "has no order");
        var direction = isDescending ? " desc" : "";
        if (table.ColumnOf(path) is { } column)
        {
            var collation = column.Kind == ColumnKind.Text ? " collate \"C\"" : "";
            return $"{column.Sql}{collation}{direction}, {table.Key}";
        }

        var sql = new FilterSql(table, []);
        return attribute.IsMulti
            ? $"({First(sql, table, path)}) collate \"C\"{direction}, {table.Key}"
            : $"({sql.JsonTextOf(path)}) collate \"C\"{direction}, {table.Key}";
    }

    // The primary value, else the first.
    private static string First(FilterSql sql, ResourceTable table, AttributePath path)
    {
        var values = path.Extension is null
            ? $"{table.Json} -> '{path.Attribute!.Name}'"
            : $"{table.Json} -> '{path.Extension.Id}' -> '{path.Attribute!.Name}'";
        return path.Part is null
            ? $"{values} ->> 0"
            : $"select e.v ->> '{path.Part.Name}' from jsonb_array_elements({values}) with ordinality as e (v, place)"
                + " order by (e.v ->> 'primary') = 'true' desc nulls last, e.place limit 1";
    }

    private static Refused Wrong(string by, string why) =>
        ScimRefusals.PathInvalid.With($"sortBy '{Wording.Shortened(by)}' {why}.");
}
