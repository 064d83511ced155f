using System.Reflection;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization.Metadata;
using Guerdon.Cli.Server;

namespace Guerdon.Database.Cli;

/// <summary>Replies that a server may give, made out of the records that verbs read them into.</summary>
internal static class TableReplies
{
    private static readonly NullabilityInfoContext Nullability = new();

    // Of verbs that read a reply by its names.
    private static readonly string[] ByName =
    [
        "conversions", "claims", "payLines", "notices", "stops", "keys", "lines", "waiting", "people",
        "deliveries", "choices",
    ];

    private static readonly string Row = """
        {"id": "cnv_01990f6c6a6e7b3f8f0e0c1d2e3f4a5b", "email": "ada.lovelace@engineering.example.com",
         "name": "Ada Lovelace", "pays": "USD 1,234.50", "paysNanos": 1234500000000, "amountMilli": 1234500000000,
         "worthNanos": 1234509999999, "taxClass": "reward_unrestricted", "state": "locked", "kind": "conversion",
         "lockUntil": "2026-11-30T09:05:00Z", "step": 3, "createdAt": "2026-11-30T09:05:00Z", "spentOn": "2026-11-02",
         "vendor": "OpenAI Ireland Limited", "service": "ChatGPT Plus", "payOn": "2026-12-31", "alike": true,
         "approvedBy": "bo.diddley@engineering.example.com", "subject": "Tokens expire",
         "seenAt": "2026-11-30T09:05:00Z", "notice": "ntc_01990f6c6a6e7b3f8f0e0c1d2e3f4a5b", "way": "email",
         "tries": 24, "nextAt": "2026-11-30T09:05:00Z", "endedAt": "2026-11-30T09:06:00Z",
         "reason": "450 4.2.1 to the recipient", "title": "Your claim is approved and will be paid",
         "byEmail": true, "mustBeTold": true, "isEmailOn": false, "count": 3,
         "text": "250,000 compute tokens of October expire on 2026-12-31, use them before that.",
         "wallet": "wal_01990f6c6a6e7b3f8f0e0c1d2e3f4a5b", "model": "claude-opus-4-8", "heldMilli": 1000,
         "costMilli": 2000, "stoppedAt": "2026-11-30T09:05:00Z",
         "clearedAt": "2026-11-30T09:06:00Z", "clearedBy": "settled",
         "request": "req_01990f6c6a6e7b3f8f0e0c1d2e3f4a5c", "team": "Engineering/Platform",
         "role": "Engineer",
         "level": "L4", "country": "DE", "leftOn": "2027-01-31", "person": "prs_01990f6c6a6e7b3f8f0e0c1d2e3f4a5b"}
        """;

    /// <summary>One reply of each kind, as JSON.</summary>
    public static IReadOnlyList<string> All()
    {
        var typed = typeof(CliJson).GetProperties(BindingFlags.Public | BindingFlags.Instance)
            .Where(p => p.PropertyType.IsAssignableTo(typeof(JsonTypeInfo)))
            .Select(p => ((JsonTypeInfo)p.GetValue(CliJson.Default)!).Type)
            .Where(t => t.Namespace!.StartsWith("Guerdon.Cli", StringComparison.Ordinal) && t.DeclaringType is not null)
            .Select(t => Of(t, "", 0)!.ToJsonString());
        var row = JsonNode.Parse(Row)!;
        var named = new JsonObject(ByName.Select(name =>
            KeyValuePair.Create(name, (JsonNode?)new JsonArray(row.DeepClone(), row.DeepClone()))));
        foreach (var (name, value) in row.AsObject()) named[name] = value?.DeepClone();
        return [.. typed.Append(named.ToJsonString()).Distinct()];
    }

    private static JsonNode? Of(Type type, string name, int depth)
    {
        if (Nullable.GetUnderlyingType(type) is { } inner) return Of(inner, name, depth);
        if (type == typeof(string)) return Text(name);
        if (type == typeof(bool)) return true;
        if (type == typeof(int)) return 42;
        if (type == typeof(long)) return 1_234_500_000_000;
        if (type == typeof(DateOnly)) return "2026-11-30";
        if (type == typeof(DateTimeOffset)) return "2026-11-30T09:05:00+00:00";
        if (type == typeof(JsonElement)) return JsonNode.Parse(Row);
        if (type.IsGenericType)
        {
            var item = type.GetGenericArguments()[0];
            return depth > 6 ? new JsonArray() : new JsonArray(Of(item, name, depth + 1), Of(item, name, depth + 1));
        }

        var made = type.GetConstructors(BindingFlags.Public | BindingFlags.Instance)
            .MaxBy(c => c.GetParameters().Length)!;
        return new JsonObject(made.GetParameters().Select(p => KeyValuePair.Create(
            p.GetCustomAttribute<System.Text.Json.Serialization.JsonPropertyNameAttribute>()?.Name
                ?? JsonNamingPolicy.CamelCase.ConvertName(type.GetProperty(p.Name!)?.GetCustomAttribute<
                    System.Text.Json.Serialization.JsonPropertyNameAttribute>()?.Name ?? p.Name!),
            Of(p.ParameterType, p.Name!, depth + 1))));
    }

    private static string Text(string name) => name.ToLowerInvariant() switch
    {
        "state" or "is" => "posted",
        "currency" => "USD",
        "email" or "preparedby" or "decidedby" or "appliedby" or "by" => "ada.lovelace@engineering.example.com",
        "name" or "person" or "candidate" => "Ada Lovelace",
        "runid" => "run_01990f6c6a6e7b3f8f0e0c1d2e3f4a5b",
        "id" => "ppl_01990f6c6a6e7b3f8f0e0c1d2e3f4a5b",
        "digest" => "2f1c52a7d0b38a6a5e0c5e0d7d3e6a1b4c9f8e7d6c5b4a39281706f5e4d3c2b1",
        "next" => null!,
        _ => "some words of the company",
    };
}
