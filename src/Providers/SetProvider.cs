using System.Security.Claims;
using Guerdon.Approvals.Inputs;
using Guerdon.Dialects.Calls;
using Guerdon.Dialects.Known;
using Guerdon.Kernel;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;

namespace Guerdon.Providers;

/// <summary>
/// Proposes a provider for every node, which another approves: prompts and keys go to its address. What only gives it
/// another key, or leaves it calls that others fail, is in effect at once. Setting the same again changes nothing. What
/// is left out stays as it is.
/// </summary>
internal static class SetProvider
{
    /// <param name="Dialect">OpenAi (of a new one, where it is left out), Anthropic or Gemini.</param>
    /// <param name="BaseUrl">HTTPS, or HTTP inside, where this node is allowed to call it.</param>
    /// <param name="Serves">Whose models it serves; empty: its own.</param>
    /// <param name="Weight">Its share of the calls, 0 to 1,000,000; of a new one 1.</param>
    /// <param name="Key">Replaces all keys it has, at once.</param>
    /// <param name="CapMember">What it calls a chat's output cap: max_tokens or max_completion_tokens; empty: the usual
    /// for whose models it serves.</param>
    public sealed record Request(
        string? Dialect, string? BaseUrl, string? Serves, int? Weight, string? Key, string? CapMember = null)
    {
        // A record prints its members; the key must not end up in a log.
        public override string ToString() => $"{Dialect} {BaseUrl}";
    }

    /// <param name="Provider">As it stands.</param>
    /// <param name="Changed">False where it stood so before.</param>
    public sealed record Reply(ListProviders.Item Provider, bool Changed);

    /// <param name="Was">What there is; null: nothing.</param>
    /// <param name="Old">The same with its keys, where they can be decrypted.</param>
    /// <param name="Settings">What is to be.</param>
    internal sealed record Set(ProviderRow? Was, ProviderOptions? Old, ProviderOptions Settings)
    {
        public bool IsSame => Old == Settings;

        /// <summary>Whether it needs nobody else: calls go where they went, to fewer, or by another key.</summary>
        public bool IsAtOnce => Was is not null && Was.Dialect == Settings.Dialect.Name
            && Was.BaseUrl == Settings.BaseUrl && Was.Serves == Settings.Serves && Was.CapMember == Settings.CapMember
            && (Settings.Weight == Was.Weight || Settings.Weight == 0);
    }

    internal static async Task<Results<Ok<Reply>, Accepted<InputWaits>, ProblemHttpResult>> Handle(
        string name, Request request, ClaimsPrincipal caller, ProviderChanges changes, InputProposals inputs,
        ProposedKeys keys, CancellationToken ct)
    {
        if (!ProviderRules.IsName(name))
            return ProviderRefusals.Invalid.ToProblem(
                "The name must be 1 to 64 of a-z, 0-9, '.', '_' and '-', and begin with a letter or digit.");
        await using (var edit = await changes.BeginAsync(caller, ct))
        {
            if (!Check(name, request, edit.Rows, changes).Is(out var set, out var no)) return no.ToProblem();
            if (set.IsSame) return TypedResults.Ok(new Reply(await changes.ShownAsync(name, ct), false));
            if (set.IsAtOnce)
            {
                await WriteAsync(edit, name, set, changes.Book.Safe, ct);
                await changes.CommitAsync(edit, ct);
                return TypedResults.Ok(new Reply(await changes.ShownAsync(name, ct), true));
            }
        }

        Guid? key = request.Key is { Length: > 0 } given
            ? await keys.KeepAsync(name, given, changes.Now, Access.NameOf(caller), ct) : null;
        var body = ProviderGiven.Of(changes.Today, request, key).Body;
        return await changes.AnswerAsync(
            await inputs.ProposeAsync(ProviderInput.Name, new(name, body), Actor.Of(caller), ct), name, ct);
    }

    /// <summary>What a request comes to, or all that is wrong with it.</summary>
    internal static Result<Set> Check(string name, Request request, ProviderRows rows, ProviderChanges changes)
    {
        var was = rows.Find(name);
        var old = was is null ? null : changes.Book.Open(rows, was).Settings;
        var (settings, wrong) = Join(request, was, old);
        wrong.AddRange(changes.Book.NotAllowed(settings));
        wrong.AddRange(ProviderRules.DialectsThatDiffer(
            Others(name, rows, changes.Book).Append(KeyValuePair.Create(name, settings))));
        if (wrong.Count == 0) wrong.AddRange(changes.NeverCalled(name, settings));
        if (wrong.Count > 0) return ProviderRefusals.Invalid.With(string.Join(" ", wrong));
        if (was is not null && request.Key is null && rows.First(name) is not null
            && !IsSameHost(was.BaseUrl, settings.BaseUrl))
            return ProviderRefusals.KeyNeeded.With($"{settings.BaseUrl} is another host than {was.BaseUrl}.");
        if (settings.ApiKey.Length > 0 && !changes.Book.Safe.IsOpen)
            return ProviderRefusals.NoKeyFile.With("This node has no key file.");
        return new Set(was, old, settings);
    }

    /// <summary>What a request makes of a provider, and what is wrong with that.</summary>
    /// <param name="request">What is asked.</param>
    /// <param name="was">What there is; null: nothing.</param>
    /// <param name="old">The same with its keys, where they can be decrypted.</param>
    internal static (ProviderOptions Settings, List<string> Wrong) Join(
        Request request, ProviderRow? was, ProviderOptions? old)
    {
        var wrong = new List<string>();
        var settings = new ProviderOptions
        {
            Dialect = ReadDialect(request.Dialect ?? was?.Dialect ?? KnownDialects.Usual.Name, wrong),
            BaseUrl = request.BaseUrl?.Trim() ?? was?.BaseUrl ?? "",
            Serves = request.Serves?.Trim() ?? was?.Serves ?? "",
            Weight = request.Weight ?? was?.Weight ?? 1,
            CapMember = request.CapMember?.Trim() ?? was?.CapMember ?? "",
            ApiKey = request.Key ?? old?.ApiKey ?? "",
            SecondKey = request.Key is null ? old?.SecondKey ?? "" : "",
        };
        wrong.AddRange(ProviderRules.Wrong(settings));
        if (settings.Serves.Length > 0 && !ProviderRules.IsName(settings.Serves.ToLowerInvariant()))
            wrong.Add("Serves must be the name of a provider in the price book.");
        return (settings, wrong);
    }

    private static Dialect ReadDialect(string text, List<string> wrong)
    {
        if (KnownDialects.TryFind(text, out var dialect)) return dialect;
        wrong.Add($"Dialect must be {KnownDialects.Names}.");
        return KnownDialects.Usual;
    }

    // A stored key goes only where it went: otherwise an administrator who has never seen it could
    // have it sent to himself.
    private static bool IsSameHost(string was, string becomes) =>
        ProviderRules.TryAddress(was, out var one) && ProviderRules.TryAddress(becomes, out var other)
        && one.GetLeftPart(UriPartial.Authority) == other.GetLeftPart(UriPartial.Authority);

    private static Dictionary<string, ProviderOptions> Others(string name, ProviderRows rows, ProviderCatalog book)
    {
        var all = new Dictionary<string, ProviderOptions>(book.Configured, StringComparer.OrdinalIgnoreCase);
        foreach (var row in rows.Providers.Where(row => !row.IsRemoved))
            if (book.Open(rows, row).Settings is { } settings) all[row.Name] = settings;
        all.Remove(name);
        return all;
    }

    /// <summary>Writes it; the caller commits.</summary>
    internal static async Task WriteAsync(
        ProviderStore.Edit edit, string name, Set set, KeySafe safe, CancellationToken ct)
    {
        var (old, settings) = (set.Old, set.Settings);
        await edit.AddVersionAsync(name, ProviderChange.Set, settings, ct);
        if (old is not null && old.ApiKey == settings.ApiKey && old.SecondKey == settings.SecondKey) return;

        await edit.EraseAllAsync(name, ct);
        if (settings.ApiKey.Length > 0)
            await edit.AddKeyAsync(name, safe.Seal(name, settings.ApiKey), KeyMark.Of(settings.ApiKey), ct);
    }
}
