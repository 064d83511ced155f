using System.Collections.Frozen;
using System.Globalization;
using System.Text.Json.Nodes;
using Guerdon.Kernel;
using Microsoft.AspNetCore.Http;

namespace Guerdon.Scim.Answers;

/// <summary>Refusals as SCIM words them (RFC 7644, 3.12).</summary>
internal static class ScimError
{
    public const string Schema = "urn:ietf:params:scim:api:messages:2.0:Error";

    private static readonly FrozenDictionary<Refusal, string> Types = new Dictionary<Refusal, string>
    {
        [ScimRefusals.FilterInvalid] = "invalidFilter",
        [ScimRefusals.SyntaxInvalid] = "invalidSyntax",
        [ScimRefusals.ValueInvalid] = "invalidValue",
        [ScimRefusals.PathInvalid] = "invalidPath",
        [ScimRefusals.NoTarget] = "noTarget",
        [ScimRefusals.ReadOnly] = "mutability",
        [ScimRefusals.NotUnique] = "uniqueness",
        [ScimRefusals.CursorInvalid] = "invalidCursor",
        [ScimRefusals.CursorExpired] = "expiredCursor",
        [ScimRefusals.CountInvalid] = "invalidCount",
    }.ToFrozenDictionary();

    /// <summary>Metadata of the endpoints, so that what refuses before them words it so too.</summary>
    public static readonly RefusalForm Form = new(refused => Answer(refused));

    public static ScimAnswer Answer(Refused refused) => new(refused.Refusal.Status, Body(refused));

    public static JsonObject Body(Refused refused)
    {
        // The status is a text, as the RFC has it.
        var body = new JsonObject
        {
            ["schemas"] = new JsonArray(Schema),
            ["status"] = refused.Refusal.Status.ToString(CultureInfo.InvariantCulture),
        };
        if (Types.TryGetValue(refused.Refusal, out var type)) body["scimType"] = type;
        // With the code, by which docs/errors.md has it: the form has no place of its own for that.
        body["detail"] = $"{Wording.Sentence(refused.Detail)} {refused.Refusal.NextStep} ({refused.Refusal.Code})";
        return body;
    }

    public static IResult ToScim(this Refused refused) => Answer(refused);
}
