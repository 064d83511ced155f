using Guerdon.Identity.Sessions;

namespace Guerdon.Identity.SignIn;

/// <summary>Where somebody goes who has signed out. Implemented above, where it is known with which provider a session
/// was begun.</summary>
public interface IAfterSignOut
{
    /// <summary>A path of this site; null: the page of sign-in.</summary>
    /// <param name="session">The one that has just ended.</param>
    /// <param name="ct">Stops it.</param>
    Task<string?> PageAsync(SessionId session, CancellationToken ct);
}
