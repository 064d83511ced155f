using System.Text.Json;

namespace Guerdon.Database.Cli;

/// <summary>What a verb has to ask.</summary>
/// <param name="Line">Method and address.</param>
/// <param name="Json">The body, where it is JSON.</param>
/// <param name="Type">The body's type, where it is a file.</param>
/// <param name="Body">The file.</param>
internal sealed record Sent(string Line, string? Json = null, string? Type = null, string? Body = null)
{
    /// <summary>Why none of these requests is it; null: one is.</summary>
    public string? Fault(IEnumerable<Exchange> exchanges)
    {
        var asked = exchanges.Select(e => e.Asked).ToList();
        if (asked.Find(a => a.Line == Line) is not { } found)
            return $"asks {string.Join(" and ", asked.Select(a => a.Line))}, not {Line}";
        var type = Type ?? (Json is null ? null : "application/json");
        if (type is not null && found.ContentType?.Split(';')[0] != type)
            return $"sends {found.ContentType}, not {type}";
        if (Json is not null && !JsonElement.DeepEquals(JsonElement.Parse(found.Body), JsonElement.Parse(Json)))
            return $"sends {found.Body}, not {Json}";
        return Body is null || found.Body == Body ? null : $"sends\n{found.Body}\nand not\n{Body}";
    }
}
