using Guerdon.People;
using Guerdon.People.Employees;
using Guerdon.Storage;

namespace Guerdon.Web.Wallets;

/// <summary>Tells open pages of this node whose access was ended or given back, so that their streams look at
/// once.</summary>
internal sealed class AccessEnds
{
    /// <summary>Called with those whose access changed. Must not block.</summary>
    public event Action<IReadOnlySet<PersonId>>? Changed;

    public Subscription Changes => new(
        AccessEnd.PagesChannel, Begun: static () => { }, Heard: payload => Changed?.Invoke(AccessEnd.Read(payload)),
        Deaf: static () => { });
}
