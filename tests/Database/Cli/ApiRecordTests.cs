using System.Reflection;
using System.Text.Json;
using System.Text.Json.Serialization;
using System.Text.Json.Serialization.Metadata;
using Guerdon.Cli;
using Guerdon.Client.Verbs;
using Guerdon.Host.Running;
using Microsoft.AspNetCore.Http.Metadata;
using Microsoft.AspNetCore.Routing;

namespace Guerdon.Database.Cli;

/// <summary>
/// The records that the command line sends and reads, compared with the application's own OpenAPI document. A member
/// that the API does not have, has in another type or may leave out fails, and so does one that is new to it.
/// </summary>
public sealed class ApiRecordTests(VerbServer server) : IClassFixture<VerbServer>
{
    // As the command line reads.
    private static readonly JsonSerializerOptions Strict = new(JsonSerializerDefaults.Web)
    {
        RespectRequiredConstructorParameters = true, TypeInfoResolver = new DefaultJsonTypeInfoResolver(),
    };

    [Fact]
    public async Task RecordsOfReplies_AgainstTheDocument_HaveWhatTheApiPromises()
    {
        var compared = await CompareAsync(ApiRecords.Replies, (document, endpoint) => document.Reply(endpoint));
        Assert.True(compared.Wrong.Count == 0, string.Join('\n', compared.Wrong));
    }

    [Fact]
    public async Task RecordsOfRequests_AgainstTheDocument_SendWhatTheApiTakes()
    {
        var compared = await CompareAsync(
            ApiRecords.Requests, (document, endpoint) => document.Request(endpoint), isSent: true);
        Assert.True(compared.Wrong.Count == 0, string.Join('\n', compared.Wrong));
    }

    [Fact]
    public async Task Records_EachThatIsDeclared_IsOfAnEndpoint()
    {
        var replies = await CompareAsync(ApiRecords.Replies, (document, endpoint) => document.Reply(endpoint));
        var requests = await CompareAsync(
            ApiRecords.Requests, (document, endpoint) => document.Request(endpoint), isSent: true);

        Assert.True(Contexts.Length > 10, $"Only {Contexts.Length} lists of records were found.");
        Assert.All(Contexts, context => Assert.True(
            context.Options is
            {
                RespectRequiredConstructorParameters: true, RespectNullableAnnotations: true,
                DefaultIgnoreCondition: JsonIgnoreCondition.WhenWritingNull,
            }, $"{context.GetType().FullName} reads what is missing as zero."));
        var declared = Contexts.SelectMany(DeclaredIn)
            .Where(t => t.Namespace!.StartsWith("Guerdon.Cli", StringComparison.Ordinal)
                || t.Namespace.StartsWith("Guerdon.Client.Verbs", StringComparison.Ordinal)).ToHashSet();
        Assert.Equal([], declared.Except(replies.Seen).Except(requests.Seen).Select(ApiComparison.NameOf));
        Assert.Equal([], ApiRecords.LeftOut.Except(replies.LeftOut).Except(requests.LeftOut));
    }

    // Each folder of verbs declares its own.
    private static readonly JsonSerializerContext[] Contexts =
    [
        .. new[] { typeof(CliModule), typeof(Decisions) }.SelectMany(of => of.Assembly.GetTypes())
            .Where(t => t.IsAssignableTo(typeof(JsonSerializerContext)))
            .Select(t => (JsonSerializerContext)t.GetProperty("Default")!.GetValue(null)!),
    ];

    private static IEnumerable<Type> DeclaredIn(JsonSerializerContext context) =>
        context.GetType().GetProperties(BindingFlags.Public | BindingFlags.Instance)
            .Where(p => p.PropertyType.IsAssignableTo(typeof(JsonTypeInfo)))
            .Select(p => ((JsonTypeInfo)p.GetValue(context)!).Type);

    private static JsonTypeInfo DeclarationOf(Type record) =>
        Contexts.Select(context => context.GetTypeInfo(record)).First(declared => declared is not null)!;

    [Fact]
    public void Document_TwoTypes_NeverHaveOneName()
    {
        var types = new HashSet<Type>();
        foreach (var endpoint in server.Get<EndpointDataSource>().Endpoints)
        {
            foreach (var said in endpoint.Metadata.GetOrderedMetadata<IProducesResponseTypeMetadata>())
                Reach(said.Type, types);
            foreach (var taken in endpoint.Metadata.GetOrderedMetadata<IAcceptsMetadata>())
                Reach(taken.RequestType, types);
        }

        var named = types.GroupBy(t => ApiDocument.NameOf(JsonSerializerOptions.Web.GetTypeInfo(t)) ?? "")
            .Where(g => g.Key.Length > 0).ToList();
        Assert.True(named.Count > 150, $"Only {named.Count} types were found.");
        Assert.Equal([], named.Where(g => g.Count() > 1).Select(g => string.Join(" and ", g)));
    }

    private static void Reach(Type? type, HashSet<Type> seen)
    {
        if (type is null) return;
        foreach (var argument in type.GenericTypeArguments) Reach(argument, seen);
        Reach(type.GetElementType(), seen);
        if (type.Namespace?.StartsWith("Guerdon.", StringComparison.Ordinal) is not true || !seen.Add(type)) return;
        foreach (var property in type.GetProperties(BindingFlags.Public | BindingFlags.Instance))
            Reach(property.PropertyType, seen);
    }

    // The comparison itself, on a document in which each thing is wrong once.
    [Theory]
    [InlineData("\"day\"", "\"date\"", "reads 'day', which is not in it")]
    [InlineData("\"format\": \"date\"", "\"format\": \"date-time\"", "'day' is DateOnly, and string/date-time in it")]
    [InlineData("\"int32\"", "\"int64\"", "'seen' is Int32, and integer/int64 in it")]
    [InlineData("\"required\": [\"day\",", "\"required\": [", "requires 'day', which may be left out")]
    [InlineData("\"type\": \"string\", ", "\"type\": [\"null\", \"string\"], ", "'day' may be null")]
    [InlineData("\"properties\": {", "\"properties\": {\"more\": {\"type\": \"string\"},", "has 'more', which is new")]
    [InlineData("x", "x", null)]
    public void Compare_DocumentThatDiffers_NamesTheMember(string was, string becomes, string? wrong)
    {
        const string schema = """
            {"type": "object", "required": ["day", "seen"], "properties": {
             "day": {"type": "string", "format": "date"},
             "seen": {"type": ["integer", "string"], "format": "int32"}}}
            """;
        var text = schema.Replace(was, becomes, StringComparison.Ordinal);
        var document = new ApiDocumentReader(JsonElement.Parse("""{"components": {"schemas": {}}}"""));
        var comparison = new ApiComparison(document, isSent: false, []);

        comparison.Compare(
            "GET /days", Strict.GetTypeInfo(typeof(Sample)), JsonElement.Parse(text));

        if (wrong is null) Assert.Empty(comparison.Wrong);
        else Assert.Contains(wrong, Assert.Single(comparison.Wrong.Take(1)), StringComparison.Ordinal);
    }

    private async Task<ApiComparison> CompareAsync(
        IEnumerable<(string Endpoint, Type Record)> all, Func<ApiDocumentReader, string, JsonElement?> schemaOf,
        bool isSent = false)
    {
        var document = new ApiDocumentReader(await server.AskAsync(VerbServer.Ann, "/api/v1/openapi.json"));
        var comparison = new ApiComparison(document, isSent, ApiRecords.LeftOut);
        foreach (var (endpoint, record) in all)
        {
            if (schemaOf(document, endpoint) is { } schema)
                comparison.Compare(endpoint, DeclarationOf(record), schema);
            else comparison.Wrong.Add($"{endpoint} is not in the document.");
        }

        return comparison;
    }

    private sealed record Sample(DateOnly Day, int Seen);
}
