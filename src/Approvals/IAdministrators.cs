using Guerdon.Kernel;

namespace Guerdon.Approvals;

/// <summary>Who runs the programme, as far as approvals need to know it. Implemented above, where accounts
/// are.</summary>
public interface IAdministrators
{
    /// <summary>How many people may run the programme; accounts of one person are one.</summary>
    Task<int> CountAsync(CancellationToken ct);

    /// <summary>The person whose account somebody has, as it is now, since an account may have become a person's after
    /// somebody did something with it; null: nobody's.</summary>
    Task<Guid?> PersonOfAsync(Actor actor, CancellationToken ct);
}
