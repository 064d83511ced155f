using Guerdon.Identity.Accounts;
using Npgsql;

namespace Guerdon.Notices;

/// <summary>Tells people what happened to the ways into their account.</summary>
internal sealed class AccountNotices : IAccountNotices
{
    private const string IfNot = " If that was not you, tell somebody who runs the programme at once.";

    public async Task TellAsync(NpgsqlConnection at, AccountTold told, CancellationToken ct)
    {
        var (kind, text) = told.What switch
        {
            AccountEvent.PasswordChanged => (NoticeKinds.PasswordChanged,
                "The password of your account was changed by somebody who knew the former one; all other sessions have "
                + "ended." + IfNot),
            AccountEvent.PasskeyAdded => (NoticeKinds.PasskeyAdded,
                $"The passkey '{told.Name}' was added to your account, and opens it from now on." + IfNot),
            AccountEvent.PasskeyRemoved => (NoticeKinds.PasskeyRemoved,
                $"The passkey '{told.Name}' was removed from your account." + IfNot),
            _ => (NoticeKinds.PasskeyRefused,
                $"The passkey '{told.Name}' was used and refused, since its count of uses went back: there may be a "
                + "copy of it. Remove it on the page Passkeys, and add another."),
        };
        await using var batch = new NpgsqlBatch(at);
        batch.BatchCommands.Add(NoticeWriter.New(told.Person, kind, told.Subject, text, told.At).Insert());
        await batch.ExecuteNonQueryAsync(ct);
    }
}
