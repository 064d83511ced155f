using System.Globalization;
using Guerdon.Approvals.Inputs;
using Guerdon.Dialects.Known;
using Guerdon.Kernel;
using Npgsql;

namespace Guerdon.Providers;

/// <summary>Where calls go, and by whose key, as one proposes and another approves it. It is for nobody in particular:
/// whoever calls is served by it.</summary>
internal sealed class ProviderInput(ProviderChanges changes, ProposedKeys keys) : IInput
{
    /// <summary>The kind's name.</summary>
    public const string Name = "provider";

    public string Kind => Name;
    public string Reads => Permissions.ProvidersRead;
    public string Approves => Permissions.ProvidersApprove;

    public async Task<Result<InputBasis>> CheckAsync(NpgsqlConnection at, InputGiven given, CancellationToken ct)
    {
        await ProviderStore.LockAsync(at, ct);
        var rows = await ProviderStore.ReadAsync(at, changes.Now, ct);
        var basis = BasisOf(given.Subject, rows);
        var asked = ProviderGiven.Read(given.Body);
        if (asked.Change == ProviderChange.Removed)
            return rows.Find(given.Subject) is null ? changes.Missing(given.Subject) : basis;
        if (!(await SetOfAsync(at, given.Subject, asked, rows, ct)).Is(out var set, out var no)) return no;
        return set.IsSame ? basis with { Same = MadeOf(given.Subject, rows, changed: false) } : basis;
    }

    public Task<Result<InputLook>> LookAsync(
        InputGiven given, InputBasis basis, InputReach reach, CancellationToken ct)
    {
        var (asked, was) = (ProviderGiven.Read(given.Body), ProviderState.Read(basis.Newest.Body));
        return Task.FromResult<Result<InputLook>>(new InputLook(
            $"Provider {given.Subject}", asked.Day.UtcStart(),
            asked.Change == ProviderChange.Removed
                ? [new InputChange("provider", was?.BaseUrl, ConfiguredOf(given.Subject))]
                : [.. Changes(asked, was)]));
    }

    public async Task<Result<InputMade>> ApplyAsync(
        NpgsqlConnection at, InputGiven given, Actor by, CancellationToken ct)
    {
        var (name, asked, now) = (given.Subject, ProviderGiven.Read(given.Body), changes.Now);
        await using var edit = new ProviderStore.Edit(
            at, transaction: null, await ProviderStore.ReadAsync(at, now, ct), now, by.Name);
        if (asked.Change == ProviderChange.Removed)
        {
            if (edit.Rows.Find(name) is not { } row) return changes.Missing(name);
            await RemoveProvider.WriteAsync(edit, row, ct);
            await edit.CommitAsync(ct);
            return new InputMade(
                $"provider {name} is removed",
                new RemoveProvider.Reply(name, changes.Book.Configured.ContainsKey(name)));
        }

        if (!(await SetOfAsync(at, name, asked, edit.Rows, ct)).Is(out var set, out var no)) return no;
        await SetProvider.WriteAsync(edit, name, set, changes.Book.Safe, ct);
        if (asked.Key is { } key) await ProposedKeys.EraseAsync(at, key, now, ct);
        await edit.CommitAsync(ct);
        return MadeOf(name, await ProviderStore.ReadAsync(at, now, ct), changed: true);
    }

    public Task AppliedAsync(CancellationToken ct) => changes.Book.ReloadAsync(changes.Now, ct);

    private async Task<Result<SetProvider.Set>> SetOfAsync(
        NpgsqlConnection at, string name, ProviderGiven asked, ProviderRows rows, CancellationToken ct)
    {
        string? key = null;
        if (asked.Key is { } id && id != Guid.Empty && (key = await keys.FindAsync(at, name, id, ct)) is null)
            return ProviderRefusals.KeyErased.With($"The key {asked.KeyShown} of '{name}' is not there any more.");
        return SetProvider.Check(name, asked.With(key), rows, changes);
    }

    private InputMade MadeOf(string name, ProviderRows rows, bool changed)
    {
        var item = ListProviders.Of(rows, changes.Book).Single(one => one.Name == name);
        return new InputMade(
            string.Create(CultureInfo.InvariantCulture, $"provider {name}, version {item.Version}"),
            new SetProvider.Reply(item, changed));
    }

    private InputBasis BasisOf(string name, ProviderRows rows)
    {
        if (rows.Find(name) is { } row)
            return new(new InputVersion(InputVersion.InWords(row.Version), new ProviderState(
                IsConfigured: false, row.Dialect, row.BaseUrl, row.Serves, row.Weight, row.CapMember,
                rows.First(name) is { } first ? KeyMark.InWords(first.Hint, first.Fingerprint) : null).Body));
        return new(Configured(name) is not { } configured ? new InputVersion("no provider of that name", null)
            : new InputVersion("configuration", new ProviderState(
                IsConfigured: true, configured.Dialect.Name, configured.BaseUrl, configured.Serves, configured.Weight,
                configured.CapMember,
                configured.ApiKey.Length == 0 ? null : KeyMark.Of(configured.ApiKey).Shown).Body));
    }

    private ProviderOptions? Configured(string name) => changes.Book.Configured.GetValueOrDefault(name);

    private string? ConfiguredOf(string name) =>
        Configured(name) is { } configured ? $"{configured.BaseUrl}, as this node's configuration has it" : null;

    // Nothing of one that is configured is taken over.
    private static IEnumerable<InputChange> Changes(ProviderGiven asked, ProviderState? was)
    {
        var basis = was is { IsConfigured: false } ? was : null;
        var address = asked.BaseUrl ?? basis?.BaseUrl ?? "";
        (string What, string? Before, string? After)[] all =
        [
            ("base_url", was?.BaseUrl, address),
            ("dialect", was?.Dialect, asked.Dialect ?? basis?.Dialect ?? KnownDialects.Usual.Name),
            ("serves", was?.Serves, asked.Serves ?? basis?.Serves ?? ""),
            ("weight", InWords(was?.Weight), InWords(asked.Weight ?? basis?.Weight ?? 1)),
            ("cap_member", was?.CapMember, asked.CapMember ?? basis?.CapMember ?? ""),
        ];
        foreach (var (what, before, after) in all)
            if ((before ?? "") != (after ?? "")) yield return new InputChange(what, before, after);
        if (asked.Key == Guid.Empty) yield return new InputChange("key", was?.Key, null);
        else if (asked.KeyShown is { } given) yield return new InputChange("key", was?.Key, $"{given}, given with it");
        else if (basis?.Key is { } kept && basis.BaseUrl != address)
            yield return new InputChange("key", kept, $"{kept}, which goes to {address}");
        else if (basis is null && was?.Key is { } configured) yield return new InputChange("key", configured, null);
    }

    private static string? InWords(int? weight) => weight?.ToString(CultureInfo.InvariantCulture);
}
