using Guerdon.Approvals;
using Guerdon.Kernel;
using Guerdon.Pricing.Book;

namespace Guerdon.Pricing.Proposals;

/// <summary>A price list compared with the book: what it would change, and what was decided.</summary>
/// <param name="Id">Names it; null where the list changes nothing, so that there is nothing to decide.</param>
/// <param name="Format"><c>litellm</c> or <c>csv</c>.</param>
/// <param name="Name">The file's.</param>
/// <param name="ImportedBy">Who brought it.</param>
/// <param name="ImportedAt">When.</param>
/// <param name="NewCount">Models that the book does not have.</param>
/// <param name="ChangedCount">Models that cost something else, or have another window.</param>
/// <param name="UnchangedCount">Models that the book prices so already.</param>
/// <param name="OutlierCount">New and changed models that somebody should look at again.</param>
/// <param name="Decision">Null while it waits.</param>
internal sealed record Proposal(
    ProposalId? Id, string Format, string Name, string ImportedBy, DateTimeOffset ImportedAt, int NewCount,
    int ChangedCount, int UnchangedCount, int OutlierCount, Decision? Decision)
{
    internal Actor Importer { get; init; } = Actor.Guerdon;

    /// <summary>Who may approve it, in words; null: it is decided.</summary>
    public string? WhoMay => Decision is null && Id is not null ? ApprovalRules.OthersOf(Asked) : null;

    internal Asked Asked => new(Importer, $"{ImportedBy} imported {Id}", $"{ImportedBy}, who imported it")
    {
        Permission = Permissions.PricesApprove, Beneficiaries = [], LoneAllowed = true,
    };
}

/// <summary>What became of a proposal.</summary>
/// <param name="IsApproved">False: declined.</param>
/// <param name="By">Who decided.</param>
/// <param name="At">When.</param>
/// <param name="EffectiveFrom">From when its prices hold; null where it was declined.</param>
/// <param name="AcceptedOutliers">Whether they knew of outliers and took them.</param>
internal sealed record Decision(
    bool IsApproved, string By, DateTimeOffset At, DateTimeOffset? EffectiveFrom, bool AcceptedOutliers)
{
    /// <summary>True where the only administrator approved what they had imported.</summary>
    public bool Alone { get; init; }

    internal Actor Decider { get; init; } = Actor.Guerdon;
}

/// <summary>One new or changed price.</summary>
/// <param name="Model">The name callers use.</param>
/// <param name="Provider">As in the book.</param>
/// <param name="Was">The book's row; null for a model that has none.</param>
/// <param name="Becomes">As the list has it; its id and date are given when it is approved.</param>
/// <param name="Changes">Every figure that differs.</param>
/// <param name="Outliers">Why to look again; empty where there is no reason.</param>
internal sealed record ProposalLine(
    string Model, string Provider, ListPrices.Row? Was, ListPrices.Row Becomes, IReadOnlyList<Change> Changes,
    IReadOnlyList<string> Outliers);
