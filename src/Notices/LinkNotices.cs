using Guerdon.Identity.Links;
using Guerdon.Kernel;
using Npgsql;

namespace Guerdon.Notices;

/// <summary>Tells people of links that set the password of their account. No text has the link, or who made it: notices
/// are sent elsewhere.</summary>
public sealed class LinkNotices : ILinkNotices
{
    public async Task TellAsync(NpgsqlConnection at, LinkTold told, CancellationToken ct)
    {
        var who = told.By.Account is null ? "whoever has the server's machine" : "an administrator";
        var (kind, text) = told.IsUsed
            ? (NoticeKinds.LinkUsed, $"The password of your account was set by a link that {who} made. If that was not "
                + "you, tell somebody who runs the programme at once.")
            : (NoticeKinds.LinkMade, $"For your account {who} made a link that sets its password, once, until "
                + $"{Wording.Utc(told.EndsAt)}. If you do not wait for one, tell somebody who runs the programme.");
        await using var batch = new NpgsqlBatch(at);
        batch.BatchCommands.Add(NoticeWriter.New(told.Person, kind, $"{told.Link}", text, told.At).Insert());
        await batch.ExecuteNonQueryAsync(ct);
    }
}
