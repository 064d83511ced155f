using System.Text.Json;
using System.Text.Json.Serialization.Metadata;

namespace Guerdon.Database.Cli;

/// <summary>Holds records against schemas, member by member.</summary>
/// <param name="document">Where schemas refer to.</param>
/// <param name="isSent">Whether the records are sent to the API; else they are read from it.</param>
/// <param name="leftOut">Members of the API that records lack on purpose, as <c>ListPlans.Reply.next</c>.</param>
internal sealed class ApiComparison(ApiDocumentReader document, bool isSent, IReadOnlyCollection<string> leftOut)
{
    public List<string> Wrong { get; } = [];

    /// <summary>Records that were compared.</summary>
    public HashSet<Type> Seen { get; } = [];

    /// <summary>Members of the API that the records do not have, and need not.</summary>
    public HashSet<string> LeftOut { get; } = [];

    /// <summary><c>ListPlans.Reply</c>.</summary>
    public static string NameOf(Type type) =>
        type.DeclaringType is { } outer ? $"{NameOf(outer)}.{type.Name}" : type.Name;

    /// <summary>Compares a record with a schema, and what both are made of.</summary>
    public void Compare(string endpoint, JsonTypeInfo record, JsonElement schema)
    {
        var (resolved, _) = document.Resolve(schema);
        if (record.Kind == JsonTypeInfoKind.Enumerable)
        {
            Seen.Add(record.Type);
            if (resolved.TryGetProperty("items", out var items))
                Compare(endpoint, Of(record, record.ElementType!), items);
            else
                Say(endpoint, record.Type, "is a list, and none in it");
            return;
        }

        if (record.Kind != JsonTypeInfoKind.Object) return;
        Seen.Add(record.Type);
        var theirs = resolved.TryGetProperty("properties", out var properties)
            ? properties.EnumerateObject().ToDictionary(p => p.Name, p => p.Value) : [];
        var needed = resolved.TryGetProperty("required", out var required)
            ? required.EnumerateArray().Select(r => r.GetString()!).ToHashSet() : [];
        // A property that is worked out from others is none of the API's.
        var ours = record.Properties.Where(p => p.AssociatedParameter is not null).ToList();
        foreach (var member in ours)
        {
            if (!theirs.TryGetValue(member.Name, out var their))
                Say(endpoint, record.Type, $"{(isSent ? "sends" : "reads")} '{member.Name}', which is not in it");
            else CompareMember(endpoint, record, member, their, needed.Contains(member.Name));
        }

        foreach (var name in theirs.Keys.Except(ours.Select(p => p.Name)))
        {
            LeftOut.Add($"{NameOf(record.Type)}.{name}");
            if (!leftOut.Contains($"{NameOf(record.Type)}.{name}"))
                Say(endpoint, record.Type, $"has '{name}', which is new and in no list of what is left out");
        }
    }

    private void CompareMember(
        string endpoint, JsonTypeInfo record, JsonPropertyInfo member, JsonElement schema, bool isNeeded)
    {
        var (their, mayBeNull) = document.Resolve(schema);
        var type = Nullable.GetUnderlyingType(member.PropertyType) ?? member.PropertyType;
        var mayOursBeNull = type != member.PropertyType
            || (!type.IsValueType && member.AssociatedParameter!.IsNullable);
        var isThere = ApiRecords.AlwaysThere.Contains($"{NameOf(record.Type)}.{member.Name}");
        if (!isSent && member.IsRequired && !isNeeded && !isThere)
            Say(endpoint, record.Type, $"requires '{member.Name}', which may be left out");
        if (!isSent && mayBeNull && !mayOursBeNull && !isThere)
            Say(endpoint, record.Type, $"'{member.Name}' may be null, and not in the record");
        if (isSent && isNeeded && mayOursBeNull && !mayBeNull)
            Say(endpoint, record.Type, $"'{member.Name}' may be left out, and not in it");
        var info = Of(record, type);
        if (info.Kind is JsonTypeInfoKind.Object or JsonTypeInfoKind.Enumerable) Compare(endpoint, info, their);
        else if (!Fits(type, their))
            Say(endpoint, record.Type, $"'{member.Name}' is {type.Name}, and {Shown(their)} in it");
    }

    private bool Fits(Type type, JsonElement schema)
    {
        var types = ApiDocumentReader.TypesOf(schema);
        var format = Format(schema);
        return type == typeof(JsonElement)
            || (type == typeof(bool) && types.Contains("boolean"))
            || (type == typeof(int) && types.Contains("integer") && (isSent || format == "int32"))
            || (type == typeof(long) && types.Contains("integer") && (!isSent || format == "int64"))
            || (type == typeof(DateOnly) && types.Contains("string") && format == "date")
            || (type == typeof(DateTimeOffset) && types.Contains("string") && format == "date-time")
            || (type == typeof(string) && types.Contains("string") && !types.Contains("integer"));
    }

    private static string Shown(JsonElement schema)
    {
        var types = ApiDocumentReader.TypesOf(schema);
        return $"{(types.Count == 0 ? "anything" : types[0])}/{Format(schema)}";
    }

    private static string Format(JsonElement schema) =>
        schema.TryGetProperty("format", out var format) ? format.GetString()! : "";

    private static JsonTypeInfo Of(JsonTypeInfo owner, Type type) => owner.Options.GetTypeInfo(type);

    private void Say(string endpoint, Type record, string what)
    {
        var line = $"{endpoint}: {NameOf(record)} {what}";
        if (!Wrong.Contains(line)) Wrong.Add(line);
    }
}
