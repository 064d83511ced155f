using System.Text;
using System.Text.Json;

namespace Guerdon.Dialects.Calls;

/// <summary>What reading a body depends on beside the body.</summary>
/// <param name="IsModel">Whether the price book has a model of this name.</param>
/// <param name="Members">Top-level members that the policy lets pass though Guerdon does not know them.</param>
public sealed record ReadingRules(Func<string, bool> IsModel, IReadOnlyList<string> Members)
{
    public static readonly ReadingRules None = new(static _ => false, []);

    private const int MostName = 256;

    // A member of one of these names is refused whoever invents it, because its value selects a model to run.
    private static readonly NameTable<bool> Selects = new((true,
    [
        "model", "models", "model_id", "model_name", "modelId", "modelName", "model_ids", "fallback", "fallbacks",
        "fallback_model", "fallback_models", "fallbackModel", "fallbackModels", "base_model", "draft_model",
        "advisor_model", "judge_model", "router_model", "summary_model", "image_model", "search_model",
    ]));

    /// <summary>Whether the policy lets the member pass on whose name the reader stands.</summary>
    public bool Lets(in StrictJson json)
    {
        Span<byte> buffer = stackalloc byte[MostName];
        return Members.Count > 0 && json.TryPlain(buffer, out var plain)
            && Members.Contains(Encoding.UTF8.GetString(plain), StringComparer.Ordinal);
    }

    /// <summary>Refuses the body for the member on whose name the reader stands: what it does is not known, and so
    /// neither is what it costs.</summary>
    public static void RefuseUnknown(ref StrictJson json) => json.Refuse(DialectRefusals.UnknownMember, json.Start,
        $"{{0}}, at byte {json.Start + 1} of the body, is not known to Guerdon, and so neither is what it costs.");

    /// <summary>
    /// Reads on to the end of a value that changes no price, and refuses it where a model is named in it: at a member
    /// that selects models, or as a text that is a model of the price book's.
    /// </summary>
    public void NameNoModel(ref StrictJson json)
    {
        var depth = json.CurrentDepth;
        if (json.IsString) CheckText(ref json);
        if (json.TokenType is not (JsonTokenType.StartObject
            or JsonTokenType.StartArray)) return;
        var selects = -1; // depth of the member that selects models
        while (json.Read() && json.CurrentDepth > depth)
        {
            var isName = json.TokenType == JsonTokenType.PropertyName;
            if (json.CurrentDepth < selects || (isName && json.CurrentDepth == selects)) selects = -1;
            if (isName)
            {
                if (selects < 0 && IsSelector(json)) selects = json.CurrentDepth;
            }
            else if (json.IsString && selects >= 0) RefuseModel(ref json, json.Start);
            else if (json.IsString) CheckText(ref json);
        }
    }

    /// <summary>The same for a member on whose name the reader stands.</summary>
    public void MemberNamesNoModel(ref StrictJson json)
    {
        var (at, selects) = (json.Start, IsSelector(json));
        if (!json.Read()) return;
        if (selects && json.IsSet) RefuseModel(ref json, at);
        else NameNoModel(ref json);
    }

    /// <summary>Whether a member that the reader stands on selects models by its name.</summary>
    public static bool IsSelector(in StrictJson json) => Selects.OfName(json) is true;

    /// <summary>Refuses a model where nothing is known of what it does.</summary>
    public static void RefuseModel(ref StrictJson json, int at) => json.Refuse(DialectRefusals.ModelElsewhere, at,
        $"{{0}} names a model, at byte {at + 1} of the body, where Guerdon does not know what it is for.");

    // Only texts with a figure or a dash are looked up, since names of models have one: most words are spared it.
    private void CheckText(ref StrictJson json)
    {
        if (json.ValueSpan.Length is < 2 or > MostName || json.ValueSpan.IndexOfAnyInRange((byte)'-', (byte)'9') < 0)
            return;
        Span<byte> buffer = stackalloc byte[MostName];
        if (json.TryPlain(buffer, out var plain) && IsModel(Encoding.UTF8.GetString(plain)))
            RefuseModel(ref json, json.Start);
    }
}
