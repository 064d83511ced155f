using Guerdon.Identity.Accounts;
using Guerdon.Identity.External;
using Guerdon.Identity.Sessions;
using Guerdon.Kernel;
using Guerdon.People;
using Guerdon.Storage;
using Microsoft.AspNetCore.Identity;
using Npgsql;

namespace Guerdon.Passkeys.Keys;

/// <summary>The passkeys of an account, as its owner lists, adds, names and removes them.</summary>
public sealed class OwnPasskeys
{
    /// <summary>As many as one account can have.</summary>
    public const int MostPerAccount = 20;

    /// <summary>The longest name, in characters.</summary>
    public const int MostNameChars = 80;

    private const string NameSql = """
        update passkeys.passkey set name = $3 where account_id = $1 and passkey_id = $2 and ended_at is null
        """;

    private const string RemoveSql = """
        update passkeys.passkey set ended_at = greatest($3, added_at), ended_by = $4
         where account_id = $1 and passkey_id = $2 and ended_at is null
        returning name
        """;

    private const string CountSql =
        "select count(*) from passkeys.passkey where account_id = $1 and ended_at is null";

    private readonly NpgsqlDataSource _db;
    private readonly IAccountNotices _notices;
    private readonly PasskeyAddress _address;
    private readonly TimeProvider _clock;

    internal OwnPasskeys(NpgsqlDataSource db, IAccountNotices notices, PasskeyAddress address, TimeProvider clock) =>
        (_db, _notices, _address, _clock) = (db, notices, address, clock);

    /// <summary>For which name of the server passkeys are made; null: there are none here.</summary>
    public string? Domain => _address.Domain;

    /// <summary>Those that an account has, the oldest first.</summary>
    public async Task<IReadOnlyList<Passkey>> ListAsync(AccountId account, CancellationToken ct) =>
        await _db.ReadAsync(
            PasskeyRows.OfAccount,
            row => new Passkey(
                row.Id<PasskeyId>("passkey_id"), row.Text("name"), row.Text("domain"), row.Bool("is_backed_up"),
                row.Instant("added_at"), row.InstantOrNull("used_at")),
            [account.Value], ct);

    /// <summary>Gives one another name.</summary>
    /// <returns>Why not; null: it has it.</returns>
    public async Task<Refused?> RenameAsync(AccountId account, string passkey, string? name, CancellationToken ct)
    {
        if (Named(name) is not { } good) return PasskeysRefusals.NameInvalid.With("This cannot be its name.");
        return Id.TryParse<PasskeyId>(passkey, out var id)
            && await _db.ExecuteAsync(NameSql, [account.Value, id.Value, good], ct) > 0
                ? null : Unknown(passkey);
    }

    /// <summary>Removes one at once, and tells its owner. It never opens anything again.</summary>
    /// <returns>Why not; null: it is gone.</returns>
    public async Task<Refused?> RemoveAsync(AccountId account, string passkey, Actor by, CancellationToken ct)
    {
        if (!Id.TryParse<PasskeyId>(passkey, out var id)) return Unknown(passkey);
        var now = _clock.GetUtcNow();
        await using var connection = await _db.OpenConnectionAsync(ct);
        await using var transaction = await connection.BeginAsync(ct);
        if (await connection.ScalarAsync<string>(
            RemoveSql, [account.Value, id.Value, now, by.Name], ct) is not { } name) return Unknown(passkey);
        await TellAsync(connection, by.Person, new(AccountEvent.PasskeyRemoved, id, name), now, ct);
        await transaction.CommitAsync(ct);
        return null;
    }

    /// <summary>Writes one that its device made just now, in a session that is open, and tells its owner.</summary>
    /// <param name="session">In which it was asked for.</param>
    /// <param name="by">Whose it becomes.</param>
    /// <param name="info">As the framework checked it.</param>
    /// <param name="name">As its owner calls it.</param>
    /// <param name="answer">Notes the challenge as answered; false: it was before.</param>
    /// <param name="ct">Stops it.</param>
    internal async Task<Refused?> AddAsync(
        SessionId session, Actor by, UserPasskeyInfo info, string? name,
        Func<NpgsqlConnection, CancellationToken, Task<bool>> answer, CancellationToken ct)
    {
        if (Named(name) is not { } good) return PasskeysRefusals.NameInvalid.With("This cannot be its name.");
        var (id, account, now) = (Id.New<PasskeyId>(_clock), new AccountId(by.Account!.Value), _clock.GetUtcNow());
        await using var connection = await _db.OpenConnectionAsync(ct);
        await using var transaction = await connection.BeginAsync(ct);
        // Whoever closes the account, or sets its password by a link, ends what is there by then, and sessions with it.
        if (!await ExternalSessions.HoldAsync(connection, account, session, ct))
            return PasskeysRefusals.NoSession.With("The session has ended meanwhile.");
        if (await connection.ScalarAsync<long>(CountSql, [account.Value], ct) >= MostPerAccount)
            return PasskeysRefusals.TooMany.With($"This account has {MostPerAccount} passkeys.");
        if (!await answer(connection, ct)
            || !await PasskeyRows.AddAsync(connection, (id, account, _address.Domain!, good), info, now, ct))
            return PasskeysRefusals.NotTaken.With("This was added before.");
        await TellAsync(connection, by.Person, new(AccountEvent.PasskeyAdded, id, good), now, ct);
        await transaction.CommitAsync(ct);
        return null;
    }

    /// <summary>Tells the owner that one was refused whose count went back.</summary>
    internal async Task WarnAsync(Account account, UserPasskeyInfo info, CancellationToken ct)
    {
        await using var connection = await _db.OpenConnectionAsync(ct);
        await using var transaction = await connection.BeginAsync(ct);
        if (await PasskeyRows.NamedAsync(connection, account.Id, info, ct) is not { } one) return;
        await TellAsync(
            connection, account.PersonId, new(AccountEvent.PasskeyRefused, one.Id, one.Name), _clock.GetUtcNow(), ct);
        await transaction.CommitAsync(ct);
    }

    private readonly record struct Happened(AccountEvent What, PasskeyId Id, string Name);

    private Task TellAsync(
        NpgsqlConnection at, Guid? person, Happened what, DateTimeOffset now, CancellationToken ct) =>
        person is { } whom
            ? _notices.TellAsync(at, new(new PersonId(whom), what.What, $"{what.Id}", what.Name, now), ct)
            : Task.CompletedTask;

    private static string? Named(string? name) =>
        name?.Trim() is { Length: > 0 and <= MostNameChars } good && !good.Any(char.IsControl)
            && InputText.Fault(good) is null ? good : null;

    private static Refused Unknown(string passkey) =>
        PasskeysRefusals.NotFound.With($"You have no passkey '{Wording.Shortened(passkey)}'.");
}
