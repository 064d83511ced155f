using System.Security.Claims;
using Guerdon.Kernel;
using Guerdon.Ledger;
using Guerdon.People.Employees;
using Guerdon.Web.Shared;
using Microsoft.AspNetCore.Components;
using Microsoft.AspNetCore.Http;
using Npgsql;

namespace Guerdon.Web.Wallets;

/// <summary>
/// A page about one wallet: the caller's own, or, under <c>/admin/people/{id}</c>, anybody's for those who run the
/// programme. Nothing is read before it is known that the caller may.
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
    protected bool IsAdmin => Caller.IsInRole(Access.Admin);
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
        if (Person is not null && !IsAdmin)
        {
            Denied = IsRead = true;
            PageStatus.Set(Http, StatusCodes.Status403Forbidden);
            return;
        }

        if (Person is null)
        {
            Wallet = Access.PersonOf(Caller) is { } own ? new WalletId(own) : null;
        }
        else if (await People.FindAsync(Person, Ct) is { } person)
        {
            (Whose, Wallet, Person) = (person, new WalletId(person.Id.Value), person.Id.ToString());
        }
        else
        {
            PageStatus.Set(Http, StatusCodes.Status404NotFound);
        }

        if (Wallet is { } wallet) await ReadAsync(wallet);
        else if (Person is null) OnNoWallet();
        IsRead = true;
    }
}
