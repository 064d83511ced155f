using Guerdon.Identity.Accounts;
using Guerdon.Kernel;
using Guerdon.People;
using Npgsql;

namespace Guerdon.Identity.Links;

/// <summary>A link of which the person is told whose account it is for.</summary>
/// <param name="Person">Whom.</param>
/// <param name="Link">Which.</param>
/// <param name="By">Who made it; without an account: whoever has the server's machine.</param>
/// <param name="IsUsed">Whether it set the password; else it was made.</param>
/// <param name="At">When.</param>
/// <param name="EndsAt">It opens nothing from then on.</param>
public sealed record LinkTold(
    PersonId Person, LinkId Link, Actor By, bool IsUsed, DateTimeOffset At, DateTimeOffset EndsAt);

/// <summary>Tells people that a link for their account was made, and that it was used. Implemented above, where notices
/// are.</summary>
public interface ILinkNotices
{
    /// <summary>In the commit that makes or uses it. Repeating it is safe.</summary>
    Task TellAsync(NpgsqlConnection at, LinkTold told, CancellationToken ct);
}
