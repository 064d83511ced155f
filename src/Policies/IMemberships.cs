using Guerdon.Ledger;
using Npgsql;

namespace Guerdon.Policies;

/// <summary>What somebody belongs to.</summary>
/// <param name="Plans">The names of the plans that are for them, whether or not they have granted anything yet.</param>
/// <param name="Team">Path of their team; empty for a wallet that is nobody's.</param>
public sealed record Membership(IReadOnlyList<string> Plans, string Team)
{
    public static readonly Membership OfNothing = new([], "");
}

/// <summary>What a policy may name.</summary>
/// <param name="Plans">Names of all plans that were applied.</param>
/// <param name="Teams">Paths of all teams.</param>
public sealed record GroupNames(IReadOnlyCollection<string> Plans, IReadOnlyCollection<string> Teams);

/// <summary>Who belongs to which plans and which team. Plans belong to a module above the gateway,
/// which only asks.</summary>
public interface IMemberships
{
    /// <summary>Reads it, unless it was read before; from then on it is kept current. Repeating it is safe.</summary>
    Task ReadyAsync(CancellationToken ct);

    /// <summary>What a wallet's owner belongs to, from memory. Empty before <see cref="ReadyAsync"/>.</summary>
    Membership OfOwner(WalletId wallet);

    /// <summary>What there is to belong to, from the database.</summary>
    Task<GroupNames> NamesAsync(NpgsqlConnection at, CancellationToken ct);
}
