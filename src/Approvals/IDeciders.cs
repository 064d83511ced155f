using Guerdon.Kernel;

namespace Guerdon.Approvals;

/// <summary>Who could decide things, as far as approvals need to know it. Implemented above, where accounts
/// are.</summary>
public interface IDeciders
{
    /// <summary>How many people hold a permission now; accounts of one person are one, and who has left is none.
    /// </summary>
    Task<int> CountAsync(string permission, CancellationToken ct);

    /// <summary>The same without some.</summary>
    /// <param name="permission">Which.</param>
    /// <param name="without">They, by person, or by account where that is nobody's.</param>
    /// <param name="ct">Stops it.</param>
    Task<int> CountOutsideAsync(string permission, IReadOnlyCollection<Guid> without, CancellationToken ct);

    /// <summary>Whether there ever was a second administrator, be it that they have left since.</summary>
    Task<bool> WereTwoAsync(CancellationToken ct);

    /// <summary>The person whose account somebody has, as it is now, since an account may have become a person's after
    /// somebody did something with it; null: nobody's.</summary>
    Task<Guid?> PersonOfAsync(Actor actor, CancellationToken ct);

    /// <summary>Who else may sign in with each of some accounts, or with any of a person's; what is missing is its
    /// owner's alone.</summary>
    Task<IReadOnlyDictionary<Guid, SignedInBy>> SignedInByAsync(
        IReadOnlyCollection<Guid> accountsOrPersons, CancellationToken ct);
}
