using Guerdon.People;
using Npgsql;

namespace Guerdon.Identity.Accounts;

/// <summary>What happened to the ways into an account.</summary>
public enum AccountEvent
{
    /// <summary>Its owner, or whoever knew the password, set another.</summary>
    PasswordChanged,

    /// <summary>A passkey opens it from now on.</summary>
    PasskeyAdded,

    /// <summary>A passkey opens it no more.</summary>
    PasskeyRemoved,

    /// <summary>A passkey was refused whose count of uses went back: there may be two of it.</summary>
    PasskeyRefused,
}

/// <summary>What the person is told whose account it is.</summary>
/// <param name="Person">Whom.</param>
/// <param name="What">What happened.</param>
/// <param name="Subject">The id of what it is about; one notice for each and kind.</param>
/// <param name="Name">As its owner called the passkey; empty: it is about none.</param>
/// <param name="At">When.</param>
public sealed record AccountTold(
    PersonId Person, AccountEvent What, string Subject, string Name, DateTimeOffset At);

/// <summary>Tells people what happened to the ways into their account. Implemented above, where notices are.</summary>
public interface IAccountNotices
{
    /// <summary>In the commit that it tells of. Repeating it is safe.</summary>
    Task TellAsync(NpgsqlConnection at, AccountTold told, CancellationToken ct);
}
