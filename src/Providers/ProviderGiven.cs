using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;
using System.Text.Unicode;

namespace Guerdon.Providers;

/// <summary>What is proposed of a provider, as a proposal holds it. A key is not in it: it names one that waits,
/// encrypted (<see cref="ProposedKeys"/>).</summary>
/// <param name="Day">The day on which it is proposed: sent again that day, it is the same.</param>
/// <param name="Change"><see cref="ProviderChange.Set"/> or <see cref="ProviderChange.Removed"/>.</param>
/// <param name="Dialect">Null: as it is; so are those that follow.</param>
/// <param name="BaseUrl">Where it is.</param>
/// <param name="Serves">Whose models it serves.</param>
/// <param name="Weight">Its share.</param>
/// <param name="CapMember">What it calls a cap.</param>
/// <param name="Key">Which key it gets; empty: none, and those it has are erased.</param>
/// <param name="KeyShown">What may be shown of that.</param>
internal sealed record ProviderGiven(
    DateOnly Day, string Change, string? Dialect = null, string? BaseUrl = null, string? Serves = null,
    int? Weight = null, string? CapMember = null, Guid? Key = null, string? KeyShown = null)
{
    private static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web)
    {
        WriteIndented = true, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
        Encoder = JavaScriptEncoder.Create(UnicodeRanges.All), // people read it
    };

    /// <summary>As a proposal holds it.</summary>
    [JsonIgnore] public string Body => JsonSerializer.Serialize(this, Json);

    /// <summary>Reads a <see cref="Body"/>.</summary>
    public static ProviderGiven Read(string body) => JsonSerializer.Deserialize<ProviderGiven>(body, Json)!;

    /// <summary>A request without its key.</summary>
    /// <param name="day">Today.</param>
    /// <param name="asked">What is asked.</param>
    /// <param name="key">Where its key waits; null: it brings none, or an empty one.</param>
    public static ProviderGiven Of(DateOnly day, SetProvider.Request asked, Guid? key) => new(
        day, ProviderChange.Set, asked.Dialect, asked.BaseUrl?.Trim(), asked.Serves?.Trim(), asked.Weight,
        asked.CapMember?.Trim(), asked.Key is null ? null : key ?? Guid.Empty,
        asked.Key is { Length: > 0 } given ? KeyMark.Of(given).Shown : null);

    /// <summary>The request again.</summary>
    /// <param name="key">The key that it names, in clear.</param>
    public SetProvider.Request With(string? key) => new(
        Dialect, BaseUrl, Serves, Weight, Key == Guid.Empty ? "" : key, CapMember);
}

/// <summary>A provider as a proposal is compared with it. Of one that is in this node's configuration nothing is taken
/// over.</summary>
internal sealed record ProviderState(
    bool IsConfigured, string Dialect, string BaseUrl, string Serves, int Weight, string CapMember, string? Key)
{
    /// <summary>As text, to be compared.</summary>
    [JsonIgnore] public string Body => JsonSerializer.Serialize(this);

    /// <summary>Reads a <see cref="Body"/>; null: there is none.</summary>
    public static ProviderState? Read(string? body) =>
        body is null ? null : JsonSerializer.Deserialize<ProviderState>(body);
}
