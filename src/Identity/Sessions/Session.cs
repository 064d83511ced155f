using System.Text.Json.Serialization;
using Guerdon.Identity.Accounts;
using Guerdon.Kernel;

namespace Guerdon.Identity.Sessions;

/// <summary>A session's id. Its secret is in a cookie, or with a command line, and saved as a hash.</summary>
[JsonConverter(typeof(IdConverter<SessionId>))]
public readonly record struct SessionId(Guid Value) : IId<SessionId>
{
    public static string Prefix => "ses";
    public static SessionId From(Guid value) => new(value);
    public static bool TryParse(string? text, out SessionId id) => Id.TryParse(text, out id);
    public override string ToString() => Id.Format(this);
}

/// <summary>What has a session. Stored by these names.</summary>
public static class SessionKind
{
    public const string Browser = "browser";
    public const string CommandLine = "command line";
}

/// <summary>How a session ended, other than by itself.</summary>
/// <param name="Why">As it is stored.</param>
/// <param name="By">Who ended it.</param>
public sealed record SessionEnd(string Why, Actor By)
{
    /// <summary>Another session of the account was begun, and there were <see cref="OpenSessions.MostPerAccount"/>.
    /// </summary>
    public static readonly SessionEnd Crowd = new("crowd", Actor.Guerdon);

    /// <summary>The password was changed.</summary>
    public static readonly SessionEnd Password = new("password", Actor.Guerdon);

    /// <summary>Its owner signed out, or ended it from elsewhere.</summary>
    public static SessionEnd ByOwner(Actor by) => new("owner", by);

    /// <summary>The provider that it was begun with says that it is over.</summary>
    public static SessionEnd ByProvider(string name) => new("provider", new Actor(name, null));

    /// <summary>Whoever opens and closes accounts.</summary>
    public static SessionEnd ByAdministrator(Actor by) => new("administrator", by);
}

/// <summary>Where a session is from.</summary>
/// <param name="Kind">Of <see cref="SessionKind"/>.</param>
/// <param name="Address">The network address that signed in.</param>
/// <param name="Agent">What it said it is; anybody can say anything.</param>
public sealed record SessionFrom(string Kind, string Address, string Agent);

/// <summary>A session just opened.</summary>
/// <param name="Id">To end it by.</param>
/// <param name="Secret">The only time that it is known here; empty: it is the one that it had.</param>
/// <param name="EndsAt">It ends then, whatever is done with it.</param>
public sealed record OpenedSession(SessionId Id, string Secret, DateTimeOffset EndsAt);

/// <summary>A session that is open, with its account as it is now.</summary>
/// <param name="Id">The session.</param>
/// <param name="Account">Whose it is; it may be over.</param>
/// <param name="Kind">Of <see cref="SessionKind"/>.</param>
/// <param name="ConfirmedAt">When its owner last gave their password in it.</param>
/// <param name="SeenAt">When it was last used, to the minute or so.</param>
internal sealed record LiveSession(
    SessionId Id, Account Account, string Kind, DateTimeOffset ConfirmedAt, DateTimeOffset SeenAt);

/// <summary>A session as its owner sees it.</summary>
/// <param name="Id">To end it by.</param>
/// <param name="Kind">Of <see cref="SessionKind"/>.</param>
/// <param name="Address">Where it was begun from.</param>
/// <param name="Agent">What signed in, as it named itself.</param>
/// <param name="MadeAt">When.</param>
/// <param name="SeenAt">When it was last used, to the minute or so.</param>
/// <param name="EndsAt">It ends then, or before if it is not used.</param>
/// <param name="IsThis">Whether it is the one that asks.</param>
public sealed record SessionShown(
    SessionId Id, string Kind, string Address, string Agent, DateTimeOffset MadeAt, DateTimeOffset SeenAt,
    DateTimeOffset EndsAt, bool IsThis);
