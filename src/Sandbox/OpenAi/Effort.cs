using System.Text.Json;

namespace Guerdon.Sandbox.OpenAi;

/// <summary>Reasoning tokens that an effort leads to: multiples of 64, none unless an effort is asked for.</summary>
internal static class Effort
{
    public static int Tokens(JsonElement effort)
    {
        if (effort.ValueKind is not JsonValueKind.String) return 0;
        return effort.GetString() switch
        {
            "low" => 64,
            "medium" => 192,
            "high" => 448,
            "xhigh" => 960,
            "max" => 1_984,
            _ => 0,
        };
    }
}
