using System.Globalization;
using System.Text.Json.Nodes;
using Guerdon.Scim.Filters;
using Guerdon.Scim.Schemas;
using Npgsql;
using NpgsqlTypes;

namespace Guerdon.Scim.Queries;

/// <summary>
/// A filter as a condition on a table. Names in it are those of schemas, and whatever somebody sent is a parameter. A
/// condition may be null where a value is missing: that is no match, also below <c>not</c>.
/// </summary>
/// <param name="table">Whose rows are chosen.</param>
/// <param name="values">Takes what is compared with, in the order of <c>$1, $2, …</c>.</param>
internal sealed class FilterSql(ResourceTable table, List<object?> values)
{
    public string Where(Filter filter) => filter switch
    {
        Filter.And and => $"({Where(and.Left)} and {Where(and.Right)})",
        Filter.Or or => $"({Where(or.Left)} or {Where(or.Right)})",
        Filter.Not not => $"(not coalesce({Where(not.Inner)}, false))",
        Filter.Present present => Present(present.Path),
        Filter.Compare compare => Compare(compare),
        Filter.Element element => Element(element),
        _ => "false",
    };

    /// <summary>The same about the parts of a row or element.</summary>
    /// <param name="filter">What stands in brackets.</param>
    /// <param name="parts">Columns of parts; null: such a part has no value.</param>
    public string WhereParts(Filter filter, Func<ScimAttribute, Column?> parts) => filter switch
    {
        Filter.And and => $"({WhereParts(and.Left, parts)} and {WhereParts(and.Right, parts)})",
        Filter.Or or => $"({WhereParts(or.Left, parts)} or {WhereParts(or.Right, parts)})",
        Filter.Not not => $"(not coalesce({WhereParts(not.Inner, parts)}, false))",
        Filter.Present present => parts(present.Path.Part!) is { } column ? $"{column.Sql} is not null" : "false",
        Filter.Compare compare => Compare(parts(compare.Path.Part!), compare),
        _ => "false",
    };

    private string Present(AttributePath path)
    {
        if (table.ColumnOf(path) is { } column) return $"{column.Sql} is not null";
        if (table.RowsOf(path) is { } rows) return $"exists (select from {rows.From})";
        if (path.Extension is null && path is { Attribute.Name: "meta" }) return "true";
        if (path.Part is null || !path.Attribute!.IsMulti) return $"{JsonOf(path)} is not null";
        return ExistsElement(path, $"{PartOf(path.Part).Sql} is not null");
    }

    private string Compare(Filter.Compare compare)
    {
        var path = compare.Path;
        if (table.ColumnOf(path) is { } column) return Compare(column, compare);
        if (table.RowsOf(path) is { } rows)
            return $"exists (select from {rows.From} and "
                + $"{Compare(rows.Parts.GetValueOrDefault(path.Part!.Name), compare)})";
        if (compare.Operator == FilterOperator.Equal) return Contains(path, [compare]);
        if (path.Attribute!.IsMulti)
            return ExistsElement(path, Compare(
                path.Part is null ? new Column("e.v", ColumnKind.Text) : PartOf(path.Part), compare));
        return compare.Operator == FilterOperator.NotEqual
            ? $"(not {Contains(path, [compare])})"
            : Compare(new Column($"({JsonTextOf(path)})", ColumnKind.Text), compare);
    }

    private string Element(Filter.Element element)
    {
        if (table.RowsOf(element.Path) is { } rows)
            return $"exists (select from {rows.From} and "
                + $"{WhereParts(element.Inner, part => rows.Parts.GetValueOrDefault(part.Name))})";
        return Filter.Equalities(element.Inner) is { } equalities
            ? Contains(element.Path, equalities)
            : ExistsElement(element.Path with { Part = null }, WhereParts(element.Inner, PartOf), isObject: true);
    }

    private string Compare(Column? column, Filter.Compare compare)
    {
        if (column is null) return compare.Operator == FilterOperator.NotEqual ? "true" : "false";
        if (column.Kind == ColumnKind.Id && compare.Operator is FilterOperator.Equal or FilterOperator.NotEqual)
            return CompareId(column, compare);
        var parameter = column.Kind switch
        {
            ColumnKind.Instant => Parameter(compare.Instant),
            ColumnKind.Flag => Parameter(compare.Text == "true"),
            _ => Parameter(compare.Text),
        };
        return Compare(column, compare.Operator, parameter);
    }

    private static string Compare(Column column, FilterOperator op, string parameter)
    {
        var ordered = column.Kind is ColumnKind.Text or ColumnKind.Id ? " collate \"C\"" : "";
        return op switch
        {
            FilterOperator.Equal => $"{column.Text} = {parameter}",
            FilterOperator.NotEqual => $"{column.Text} is distinct from {parameter}",
            FilterOperator.Contains => $"strpos({column.Text}, {parameter}) > 0",
            FilterOperator.StartsWith => $"starts_with({column.Text}, {parameter})",
            FilterOperator.EndsWith => $"right({column.Text}, length({parameter})) = {parameter}",
            FilterOperator.Greater => $"{column.Text}{ordered} > {parameter}",
            FilterOperator.GreaterOrEqual => $"{column.Text}{ordered} >= {parameter}",
            FilterOperator.Less => $"{column.Text}{ordered} < {parameter}",
            FilterOperator.LessOrEqual => $"{column.Text}{ordered} <= {parameter}",
            _ => "false",
        };
    }

    // Without making a text of each row's id, so that its index finds it.
    private string CompareId(Column column, Filter.Compare compare)
    {
        var isEqual = compare.Operator == FilterOperator.Equal;
        var digits = compare.Text.StartsWith(column.Prefix + "_", StringComparison.Ordinal)
            ? compare.Text[(column.Prefix.Length + 1)..] : "";
        return Guid.TryParseExact(digits, "N", out var id)
            ? $"{column.Sql} {(isEqual ? "=" : "<>")} {Parameter(id)}"
            : isEqual ? "false" : "true";
    }

    // By the index of the JSON: that is how directories look somebody up.
    private string Contains(AttributePath path, IReadOnlyList<Filter.Compare> equalities)
    {
        JsonNode value;
        if (path is { Part: null } && equalities is [{ Path.Part: null } simple]) value = Folded(simple);
        else
        {
            var parts = new JsonObject();
            foreach (var equality in equalities)
            {
                // The same part twice cannot have two values.
                var name = equality.Path.Part!.Name;
                if (parts[name] is { } other && !JsonNode.DeepEquals(other, Folded(equality))) return "false";
                parts[name] = Folded(equality);
            }

            value = parts;
        }

        if (path.Attribute!.IsMulti) value = new JsonArray(value);
        var document = new JsonObject { [path.Attribute.Name] = value };
        if (path.Extension is not null) document = new JsonObject { [path.Extension.Id] = document };
        return $"{table.Json} @> {Parameter(Jsonb(document))}";
    }

    private static JsonValue Folded(Filter.Compare equality) =>
        equality.Path.Leaf!.Type == AttributeType.Boolean
            ? JsonValue.Create(equality.Text == "true") : JsonValue.Create(equality.Text);

    private string ExistsElement(AttributePath path, string condition, bool isObject = false)
    {
        var elements = isObject || path.Part is not null ? "jsonb_array_elements" : "jsonb_array_elements_text";
        return $"exists (select from {elements}({JsonOf(path with { Part = null })}) as e (v) where {condition})";
    }

    private static Column PartOf(ScimAttribute part) => new($"(e.v ->> '{part.Name}')", ColumnKind.Text);

    private string JsonOf(AttributePath path)
    {
        var sql = path.Extension is null ? table.Json : $"{table.Json} -> '{path.Extension.Id}'";
        sql = path.Attribute is null ? sql : $"{sql} -> '{path.Attribute.Name}'";
        return path.Part is null ? sql : $"{sql} -> '{path.Part.Name}'";
    }

    /// <summary>A value that there is once, as a text.</summary>
    public string JsonTextOf(AttributePath path)
    {
        var holder = path.Part is null
            ? path.Extension is null ? table.Json : $"{table.Json} -> '{path.Extension.Id}'"
            : JsonOf(path with { Part = null });
        return $"{holder} ->> '{path.Leaf!.Name}'";
    }

    private string Parameter(object? value)
    {
        values.Add(value);
        return string.Create(CultureInfo.InvariantCulture, $"${values.Count}");
    }

    private static NpgsqlParameter Jsonb(JsonNode value) =>
        new() { Value = value.ToJsonString(), NpgsqlDbType = NpgsqlDbType.Jsonb };
}
