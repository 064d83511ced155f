using System.Security.Claims;
using Guerdon.Kernel;
using Guerdon.Ledger;
using Guerdon.People.Employees;
using Guerdon.Web.Shared;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Components;
using Microsoft.AspNetCore.Http;
using Npgsql;

namespace Guerdon.Web.Wallets;

/// <summary>
/// A page about one wallet: the caller's own, or, under <c>/admin/people/{id}</c>, that of anybody whom the permission
/// of the page reaches. Nothing is read before it is known that the caller may.
/// </summary>
public abstract class OfWallet : ComponentBase
{
    /// <summary>Whose, as <c>prs_…</c>; absent on a person's own pages.</summary>
    [Parameter] public string? Person { get; set; }

    [CascadingParameter] protected HttpContext Http { get; set; } = default!;

    [Inject] protected NpgsqlDataSource Db { get; set; } = default!;
    [Inject] protected TimeProvider Clock { get; set; } = default!;
    [Inject] protected PeopleDirectory People { get; set; } = default!;

    protected ClaimsPrincipal Caller => Http.User;
    protected CancellationToken Ct => Http.RequestAborted;
    protected DateTimeOffset Now => Clock.GetUtcNow();

    /// <summary>Set before <see cref="ReadAsync"/>; null where there is no page to show.</summary>
    protected WalletId? Wallet { get; private set; }

    /// <summary>Whose wallet it is, as a heading; null on a person's own pages.</summary>
    protected Person? Whose { get; private set; }

    protected bool Denied { get; private set; }

    /// <summary>All is read. A page may be drawn at any wait before, and must then be empty.</summary>
    protected bool IsRead { get; private set; }

    /// <summary>A sibling page of the same wallet: <c>/statement</c> or <c>/admin/people/prs_…/statement</c>.</summary>
    protected string Link(string page) => Person is null ? $"/{page}" : $"/admin/people/{Person}/{page}".TrimEnd('/');

    protected abstract Task ReadAsync(WalletId wallet);

    /// <summary>The caller's account is nobody's: a page may know a better place for it.</summary>
    protected virtual void OnNoWallet()
    {
    }

    protected sealed override async Task OnInitializedAsync()
    {
        if (Person is null) Wallet = Access.PersonOf(Caller) is { } own ? new WalletId(own) : null;
        else if (!await FindAsync(Person)) return;

        if (Wallet is { } wallet) await ReadAsync(wallet);
        else if (Person is null) OnNoWallet();
        IsRead = true;
    }

    // What the page names is what is asked.
    private string Permission => Http.GetEndpoint()!.Metadata.GetRequiredMetadata<IAuthorizeData>().Policy!;

    // Of whom somebody may see nothing, they do not learn whether there is one.
    private async Task<bool> FindAsync(string named)
    {
        var reach = Access.ReachOf(Caller, Permission);
        var person = reach is Reach.Team or Reach.Everyone ? await People.FindAsync(named, Ct) : null;
        if (person is not null && await Readable.MayAsync(Caller, Permission, person.Id, People, Ct))
        {
            (Whose, Wallet, Person) = (person, new WalletId(person.Id.Value), person.Id.ToString());
            return true;
        }

        Denied = reach != Reach.Everyone;
        PageStatus.Set(Http, Denied ? StatusCodes.Status403Forbidden : StatusCodes.Status404NotFound);
        IsRead = true;
        return false;
    }
}
