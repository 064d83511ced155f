using System.Globalization;
using System.Text;
using System.Text.Json;

namespace Guerdon.Dialects.Calls;

/// <summary>Says where in a body a byte is, such as <c>'tools[2].model'</c>. Only refusals need it, so it reads the
/// body again.</summary>
public static class BodyPath
{
    private const int MostName = 64;
    private const int MostPath = 400;

    /// <param name="body">Valid JSON up to the byte.</param>
    /// <param name="at">The first byte of a token.</param>
    public static string At(ReadOnlySpan<byte> body, int at)
    {
        var json = new Utf8JsonReader(body, new JsonReaderOptions { MaxDepth = StrictJson.MostDepth });
        var steps = new List<Step>();
        while (json.Read())
        {
            if (json.TokenType is JsonTokenType.EndObject or JsonTokenType.EndArray)
            {
                steps.RemoveAt(steps.Count - 1);
                continue;
            }

            if (json.TokenType == JsonTokenType.PropertyName) steps[^1] = new Step(NameOf(json), -1);
            else if (steps is [.., { Name: null } array]) steps[^1] = array with { Index = array.Index + 1 };
            if (json.TokenStartIndex >= at) break;
            if (json.TokenType == JsonTokenType.StartArray) steps.Add(new Step(null, -1));
            if (json.TokenType == JsonTokenType.StartObject) steps.Add(new Step("", -1));
        }

        return Text(steps);
    }

    /// <param name="Name">Of a member; empty before the first; null in an array.</param>
    /// <param name="Index">Of an array's item.</param>
    private readonly record struct Step(string? Name, int Index);

    private static string Text(List<Step> steps)
    {
        var text = new StringBuilder("'");
        foreach (var (name, index) in steps)
        {
            if (name is null) text.Append(CultureInfo.InvariantCulture, $"[{index}]");
            else if (name.Length > 0) text.Append(text.Length > 1 ? "." : "").Append(name);
        }

        if (text.Length == 1) return "The body";
        if (text.Length > MostPath) text.Length = MostPath;
        return text.Append('\'').ToString();
    }

    private static string NameOf(in Utf8JsonReader json)
    {
        string name;
        try
        {
            name = json.GetString()!;
        }
        catch (InvalidOperationException)
        {
            name = Encoding.ASCII.GetString(json.ValueSpan);
        }

        return name.Length <= MostName ? name : name[..MostName] + "…";
    }
}
