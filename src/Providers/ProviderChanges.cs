using System.Security.Claims;
using Guerdon.Approvals.Inputs;
using Guerdon.Kernel;
using Guerdon.Pricing.Book;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Npgsql;

namespace Guerdon.Providers;

/// <summary>What changing providers takes.</summary>
internal sealed class ProviderChanges(NpgsqlDataSource db, ProviderCatalog book, PriceBook prices, TimeProvider clock)
{
    public NpgsqlDataSource Db => db;
    public ProviderCatalog Book => book;
    public DateTimeOffset Now => clock.GetUtcNow();
    public DateOnly Today => clock.Today();

    public Task<ProviderStore.Edit> BeginAsync(ClaimsPrincipal caller, CancellationToken ct) =>
        ProviderStore.BeginAsync(db, Now, Access.NameOf(caller), ct);

    /// <summary>Commits a change, and has this node call by it without waiting for the notification.</summary>
    public async Task CommitAsync(ProviderStore.Edit edit, CancellationToken ct)
    {
        await edit.CommitAsync(ct);
        await book.ReloadAsync(Now, ct);
    }

    /// <summary>Why no call would ever go to a provider: calls are sent by their model's row in
    /// the price book.</summary>
    public IEnumerable<string> NeverCalled(string name, ProviderOptions settings)
    {
        var serves = settings.ServesOr(name);
        if (!prices.CurrentOfAllTiers(Now).Any(
            price => price.Provider.Equals(serves, StringComparison.OrdinalIgnoreCase)))
            yield return $"The price book has no models of '{serves}': import their prices first, or say under Serves "
                + "whose models it serves.";
    }

    /// <summary>Why there is no such provider to change.</summary>
    public Refused Missing(string name) => book.Configured.ContainsKey(name)
        ? ProviderRefusals.Configured.With($"'{name}' comes from this node's configuration.")
        : ProviderRefusals.NotFound.With($"There is no provider '{name}'.");

    /// <summary>The provider as the list shows it now.</summary>
    public async Task<ListProviders.Item> ShownAsync(string name, CancellationToken ct) =>
        (await ListProviders.OfAsync(this, ct)).Single(item => item.Name == name);

    /// <summary>What came of proposing, with the provider as the list shows it by now.</summary>
    public async Task<Results<Ok<SetProvider.Reply>, Accepted<InputWaits>, ProblemHttpResult>> AnswerAsync(
        Result<InputProposals.Outcome> proposed, string name, CancellationToken ct)
    {
        var answer = proposed.ToHttp<SetProvider.Reply>();
        return answer.Result is Ok<SetProvider.Reply> { Value.Changed: var changed }
            ? TypedResults.Ok(new SetProvider.Reply(await ShownAsync(name, ct), changed)) : answer;
    }
}
