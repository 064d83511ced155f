namespace Guerdon.Approvals;

/// <summary>How decisions are made.</summary>
public sealed class ApprovalOptions
{
    public const string Section = "Approvals";

    /// <summary>Whether a company's only administrator may approve what they asked for themselves, saying so each time.
    /// Never what pays them, and no longer once there was a second administrator, whoever left since.</summary>
    public bool LoneAdministrator { get; set; }
}
