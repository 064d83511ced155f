namespace Stipend.Kernel;

/// <summary>Who runs the programme, as far as approvals need to know it. Implemented above, where accounts
/// are.</summary>
public interface IAdministrators
{
    /// <summary>How many accounts there are that may run the programme.</summary>
    Task<int> CountAsync(CancellationToken ct);
}

/// <summary>What one person asks for, another approves. A company with one administrator has nobody else: there the one
/// approval counts, and is on record with both names alike.</summary>
public static class FourEyes
{
    /// <summary>Whether somebody may approve what somebody asked for.</summary>
    public static async Task<bool> MayAsync(
        string approver, string asker, IAdministrators administrators, CancellationToken ct) =>
        approver != asker || await administrators.CountAsync(ct) <= 1;
}
