using Guerdon.Bounds.Edits;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;

namespace Guerdon.Providers;

/// <summary>The providers, where each is set, and how it is. Never a key.</summary>
public static class ListProviders
{
    /// <param name="Hint">Its last four characters.</param>
    /// <param name="Fingerprint">The first 12 hex digits of its SHA-256.</param>
    /// <param name="SetAt">Null for a key of configuration, as is by whom.</param>
    /// <param name="SetBy">Who set it.</param>
    /// <param name="RetiresAt">When it is erased; null: it is the first.</param>
    public sealed record Key(
        string Hint, string Fingerprint, DateTimeOffset? SetAt, string? SetBy, DateTimeOffset? RetiresAt);

    /// <summary>A provider as administrators see it; its health is as the node that was asked sees it.</summary>
    /// <param name="Name">Its name.</param>
    /// <param name="Source"><c>database</c>, which wins, or <c>configuration</c> of this node.</param>
    /// <param name="Dialect">OpenAi, Anthropic or Gemini.</param>
    /// <param name="BaseUrl">Where it is.</param>
    /// <param name="Serves">Whose models it serves, by that provider's name in the price book.</param>
    /// <param name="Weight">Its share of the calls beside the others'.</param>
    /// <param name="FirstKey">What it is called with; null: no key.</param>
    /// <param name="SecondKey">The key before it, until it retires.</param>
    /// <param name="Health">How it is.</param>
    /// <param name="Version">How often it was changed; null for configuration, as are when and by whom.</param>
    /// <param name="ChangedAt">When it was last changed.</param>
    /// <param name="ChangedBy">Who changed it.</param>
    /// <param name="HidesConfiguration">Configuration has one of this name, which does not count.</param>
    /// <param name="CapMember">The only name that it is sent a chat's output cap by; null: callers' own pass.</param>
    public sealed record Item(
        string Name, string Source, string Dialect, string BaseUrl, string Serves, int Weight, Key? FirstKey,
        Key? SecondKey, ProviderHealth Health, int? Version, DateTimeOffset? ChangedAt, string? ChangedBy,
        bool HidesConfiguration, string? CapMember);

    internal static async Task<Ok<IReadOnlyList<Item>>> Handle(ProviderChanges changes, CancellationToken ct) =>
        TypedResults.Ok(await OfAsync(changes, ct));

    internal static async Task<IReadOnlyList<Item>> OfAsync(ProviderChanges changes, CancellationToken ct)
    {
        return Of(await ProviderStore.ReadAsync(changes.Db, changes.Now, ct), changes.Book);
    }

    /// <summary>The same of what was read.</summary>
    internal static IReadOnlyList<Item> Of(ProviderRows rows, ProviderCatalog book)
    {
        var kept = rows.Providers.Where(row => !row.IsRemoved).ToList();
        var configured = book.Configured.Where(
            pair => !kept.Any(row => row.Name.Equals(pair.Key, StringComparison.OrdinalIgnoreCase)));
        return
        [
            .. kept.Select(row => OfRow(row, rows, book)).Concat(configured.Select(pair => OfConfiguration(
                pair.Key, pair.Value, book))).OrderBy(item => item.Name, StringComparer.OrdinalIgnoreCase),
        ];
    }

    private static Item OfRow(ProviderRow row, ProviderRows rows, ProviderCatalog book) => new(
        row.Name, "database", row.Dialect, row.BaseUrl, row.Serves.Length == 0 ? row.Name : row.Serves, row.Weight,
        KeyOf(rows.First(row.Name)), KeyOf(rows.Second(row.Name)), HealthOf(row.Name, book), row.Version,
        row.ChangedAt, row.ChangedBy, book.Configured.ContainsKey(row.Name),
        CapMembers.Of(row.CapMember, row.Serves.Length == 0 ? row.Name : row.Serves));

    private static Item OfConfiguration(string name, ProviderOptions settings, ProviderCatalog book) => new(
        name, "configuration", settings.Dialect.Name, settings.BaseUrl, settings.ServesOr(name),
        settings.Weight, KeyOf(settings.ApiKey), KeyOf(settings.SecondKey), HealthOf(name, book), null, null, null,
        HidesConfiguration: false, CapMembers.Of(settings.CapMember, settings.ServesOr(name)));

    private static Key? KeyOf(ProviderKeyRow? key) =>
        key is null ? null : new(key.Hint, key.Fingerprint, key.SetAt, key.SetBy, key.RetiresAt);

    private static Key? KeyOf(string key) =>
        key.Length == 0 ? null : new(KeyMark.Of(key).Hint, KeyMark.Of(key).Fingerprint, null, null, null);

    private static ProviderHealth HealthOf(string name, ProviderCatalog book) =>
        book.FaultOf(name) is { } fault ? new(HealthState.Unusable, null, null, fault)
        : book.Set.Named(name)?.Health()
            ?? new(HealthState.Unusable, null, null, "this node has not read it yet");
}
