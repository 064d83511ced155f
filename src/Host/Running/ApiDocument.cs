using System.Text.Json.Serialization.Metadata;
using Guerdon.Kernel;
using Microsoft.AspNetCore.OpenApi;
using Microsoft.OpenApi;

namespace Guerdon.Host.Running;

/// <summary>How <c>/api/v1/openapi.json</c> describes what the API takes and answers.</summary>
internal static class ApiDocument
{
    public static void Configure(OpenApiOptions options)
    {
        options.CreateSchemaReferenceId = NameOf;
        options.AddSchemaTransformer((schema, context, _) =>
        {
            // An id writes itself as text, which the generator cannot know: it leaves it empty, or out of a list.
            if (IsId(context.JsonTypeInfo.Type)) schema.Type = JsonSchemaType.String;
            else if (context.JsonTypeInfo.ElementType is { } element && IsId(element))
                schema.Items ??= new OpenApiSchema { Type = JsonSchemaType.String };
            return Task.CompletedTask;
        });
    }

    /// <summary>
    /// A name that no other type has. Left alone, the generator takes the type's own name, and since every endpoint
    /// calls what it answers <c>Reply</c>, all of them would be described by whichever came first.
    /// </summary>
    /// <returns>Null where the type is described in place.</returns>
    internal static string? NameOf(JsonTypeInfo type)
    {
        var own = OpenApiOptions.CreateDefaultSchemaReferenceId(type);
        return own is null || type.Type.DeclaringType is null ? own : Chain(type.Type);
    }

    private static string Chain(Type type) => type.DeclaringType is { } outer ? Chain(outer) + type.Name : type.Name;

    private static bool IsId(Type type) => (Nullable.GetUnderlyingType(type) ?? type).GetInterfaces()
        .Any(i => i.IsGenericType && i.GetGenericTypeDefinition() == typeof(IId<>));
}
