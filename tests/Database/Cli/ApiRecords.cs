using Guerdon.Cli.Approvals;
using Guerdon.Cli.Conversions;
using Guerdon.Cli.Gateway;
using Guerdon.Cli.Grants;
using Guerdon.Cli.Keys;
using Guerdon.Cli.Notices;
using Guerdon.Cli.Offers;
using Guerdon.Cli.Payroll;
using Guerdon.Cli.People;
using Guerdon.Cli.Plans;
using Guerdon.Cli.Prices;
using Guerdon.Cli.Providers;
using Guerdon.Cli.Shared;
using Guerdon.Cli.Usage;
using Guerdon.Cli.Wallets;

namespace Guerdon.Database.Cli;

/// <summary>Which record of the command line is of which endpoint.</summary>
internal static class ApiRecords
{
    public static readonly (string Endpoint, Type Record)[] Replies =
    [
        ("POST /api/v1/people/import", typeof(ImportPeople.Reply)),
        ("GET /api/v1/people", typeof(ListPeople.Page)),
        ("PUT /api/v1/people/{personOrEmail}/email", typeof(ChangeEmail.Reply)),
        ("GET /api/v1/people/{personOrEmail}", typeof(ShowPerson.Reply)),
        ("GET /api/v1/people/{personOrEmail}/history", typeof(ShowHistory.Reply)),
        ("POST /api/v1/people/{personOrEmail}/changes", typeof(ChangePerson.Reply)),
        ("POST /api/v1/usage/import", typeof(ImportUsage.Reply)),
        ("GET /api/v1/usage/provisional", typeof(ListProvisional.Reply)),
        ("GET /api/v1/overview", typeof(ShowOverview.Reply)),
        ("GET /api/v1/wallets/{personOrEmail}", typeof(ShowWallet.Reply)),
        ("GET /api/v1/statements/{personOrEmail}", typeof(ShowStatement.Reply)),
        ("GET /api/v1/plans", typeof(ListPlans.Reply)),
        ("POST /api/v1/plans", typeof(ApplyPlan.Reply)),
        ("POST /api/v1/plans/diff", typeof(DiffPlan.Reply)),
        ("GET /api/v1/plans/{name}", typeof(ShowPlan.Reply)),
        ("GET /api/v1/plans/{name}/history", typeof(PlanHistory.Reply)),
        ("GET /api/v1/plans/{name}/phases", typeof(PhaseVerbs.Page)),
        ("POST /api/v1/plans/{name}/phases/{phase}", typeof(PhaseVerbs.State)),
        ("POST /api/v1/plans/{name}/phases/{phase}/votes", typeof(PhaseVerbs.State)),
        ("GET /api/v1/tiers/requests", typeof(TierVerbs.Page)),
        ("POST /api/v1/tiers/requests", typeof(TierVerbs.Request)),
        ("POST /api/v1/tiers/requests/{id}/approve", typeof(TierVerbs.Request)),
        ("POST /api/v1/tiers/requests/{id}/decline", typeof(TierVerbs.Request)),
        ("GET /api/v1/grants/runs", typeof(ListRuns.Reply)),
        ("POST /api/v1/grants/runs", typeof(RunGrants.Reply)),
        ("GET /api/v1/grants/runs/{id}", typeof(RunVerbs.Run)),
        ("GET /api/v1/grants/runs/{id}/lines", typeof(ShowRun.Page)),
        ("POST /api/v1/grants/runs/{id}/approve", typeof(RunVerbs.Run)),
        ("POST /api/v1/grants/runs/{id}/decline", typeof(RunVerbs.Run)),
        ("POST /api/v1/grants/runs/{id}/reverse", typeof(RunVerbs.Run)),
        ("POST /api/v1/grants/runs/{id}/reverse/approve", typeof(RunVerbs.Run)),
        ("POST /api/v1/grants/awards", typeof(RunGrants.Reply)),
        ("POST /api/v1/grants/awards/import", typeof(RunGrants.Reply)),
        ("GET /api/v1/approvals", typeof(ShowApprovals.Reply)),
        ("GET /api/v1/inputs", typeof(InputVerbs.Listed)),
        ("GET /api/v1/inputs/{id}", typeof(InputVerbs.Reply)),
        ("POST /api/v1/inputs/{id}/approve", typeof(InputVerbs.Decided)),
        ("POST /api/v1/inputs/{id}/decline", typeof(InputVerbs.Decided)),
        ("POST /api/v1/vesting/check", typeof(CheckVesting.Reply)),
        ("GET /api/v1/vesting/facts", typeof(VestingFactVerbs.Page)),
        ("POST /api/v1/grants/runs/{id}/lines/{line}/vesting", typeof(VestingFactVerbs.Fact)),
        ("POST /api/v1/vesting/facts/{id}/approve", typeof(VestingFactVerbs.Fact)),
        ("POST /api/v1/vesting/facts/{id}/decline", typeof(VestingFactVerbs.Fact)),
        ("POST /api/v1/keys", typeof(CreateKey.Reply)),
        ("GET /api/v1/prices", typeof(ListPrices.Reply)),
        ("GET /api/v1/prices/proposals", typeof(ProposalVerbs.Page)),
        ("POST /api/v1/prices/proposals", typeof(ImportPrices.Reply)),
        ("GET /api/v1/prices/proposals/{id}", typeof(ProposalVerbs.Full)),
        ("POST /api/v1/prices/proposals/{id}/approve", typeof(ProposalVerbs.Decided)),
        ("POST /api/v1/prices/proposals/{id}/decline", typeof(ProposalVerbs.Decided)),
        ("GET /api/v1/token-value/index", typeof(ShowPriceIndex.Reply)),
        ("POST /api/v1/token-value", typeof(ShowPriceIndex.Applied)),
        ("GET /api/v1/gateway-policy", typeof(ShowPolicy.Reply)),
        ("POST /api/v1/gateway-policy", typeof(ApplyPolicy.Reply)),
        ("POST /api/v1/gateway-policy/check", typeof(CheckPolicy.Reply)),
        ("GET /api/v1/gateway-policy/versions/{version}", typeof(ApplyPolicy.Applied)),
        ("POST /api/v1/gateway-policy/close", typeof(GatewaySwitchVerbs.Reply)),
        ("POST /api/v1/gateway-policy/open", typeof(GatewaySwitchVerbs.Reply)),
        ("GET /api/v1/providers", typeof(IReadOnlyList<ProviderVerbs.Item>)),
        ("PUT /api/v1/providers/{name}", typeof(ProviderVerbs.Reply)),
        ("POST /api/v1/providers/{name}/rotate", typeof(ProviderVerbs.Reply)),
        ("POST /api/v1/providers/{name}/retire", typeof(ProviderVerbs.Reply)),
        ("DELETE /api/v1/providers/{name}", typeof(RemoveProvider.Reply)),
        ("POST /api/v1/reconciliation/reports", typeof(ReconcileImport.Reply)),
        ("POST /api/v1/reconciliation/preview", typeof(ReconcilePreview.Reply)),
        ("GET /api/v1/reconciliation/{id}", typeof(ReconcileReview.Reply)),
        ("POST /api/v1/reconciliation/{id}/apply", typeof(ReconcileApply.Reply)),
        ("POST /api/v1/reconciliation/{id}/decline", typeof(ReconcileDecline.Reply)),
        ("GET /api/v1/reconciliation", typeof(ReconcileShow.Reply)),
        ("GET /api/v1/offers", typeof(ListOffers.Reply)),
        ("POST /api/v1/offers", typeof(CreateOffer.Reply)),
        ("GET /api/v1/offers/{offer}", typeof(ShowOffer.Reply)),
        ("GET /api/v1/offers/{offer}/listing", typeof(ShowListing.Reply)),
        ("POST /api/v1/offers/compare", typeof(CompareOffers.Reply)),
        ("POST /api/v1/offers/{offer}/links", typeof(LinkOffer.Reply)),
        ("POST /api/v1/payroll", typeof(ApplyPayroll.Reply)),
        ("POST /api/v1/payroll/check", typeof(CheckPayroll.Reply)),
        ("GET /api/v1/gl/accruals", typeof(ShowAccruals.Reply)),
    ];

    public static readonly (string Endpoint, Type Record)[] Requests =
    [
        ("PUT /api/v1/people/{personOrEmail}/email", typeof(ChangeEmail.Request)),
        ("POST /api/v1/people/{personOrEmail}/changes", typeof(ChangePerson.Request)),
        ("POST /api/v1/people/identity-kinds", typeof(IdentityKindVerbs.Request)),
        ("POST /api/v1/plans/{name}/phases/{phase}", typeof(PhaseVerbs.Proposal)),
        ("POST /api/v1/plans/{name}/phases/{phase}/votes", typeof(PhaseVerbs.Ballot)),
        ("POST /api/v1/tiers/requests", typeof(TierVerbs.Ask)),
        ("POST /api/v1/tiers/requests/{id}/approve", typeof(TierVerbs.Decide)),
        ("POST /api/v1/tiers/requests/{id}/decline", typeof(TierVerbs.Decide)),
        ("POST /api/v1/grants/runs", typeof(RunGrants.Request)),
        ("POST /api/v1/grants/runs/{id}/approve", typeof(RunDecisionVerbs.Approval)),
        ("POST /api/v1/grants/runs/{id}/reverse", typeof(RunDecisionVerbs.Reason)),
        ("POST /api/v1/grants/runs/{id}/reverse/approve", typeof(Decisions.Agreement)),
        ("POST /api/v1/grants/runs/{id}/lines/{line}/vesting", typeof(VestingFactVerbs.Asked)),
        ("POST /api/v1/grants/awards", typeof(GiveAward.Request)),
        ("POST /api/v1/vesting/facts/{id}/approve", typeof(Decisions.Agreement)),
        ("POST /api/v1/vesting/facts/{id}/decline", typeof(Decisions.Decision)),
        ("POST /api/v1/keys", typeof(CreateKey.Request)),
        ("POST /api/v1/prices/proposals/{id}/approve", typeof(ApproveProposal.Request)),
        ("POST /api/v1/inputs/{id}/approve", typeof(InputVerbs.Approval)),
        ("POST /api/v1/inputs/{id}/decline", typeof(InputVerbs.Refusing)),
        ("POST /api/v1/token-value", typeof(ShowPriceIndex.Request)),
        ("POST /api/v1/gateway-policy/close", typeof(GatewaySwitchVerbs.Request)),
        ("POST /api/v1/gateway-stops/{wallet}/clear", typeof(GatewayStopVerbs.Named)),
        ("PUT /api/v1/providers/{name}", typeof(SetProvider.Request)),
        ("POST /api/v1/providers/{name}/rotate", typeof(RotateProvider.Request)),
        ("POST /api/v1/reconciliation/preview", typeof(ReconcilePreview.Request)),
        ("POST /api/v1/reconciliation/{id}/apply", typeof(ReconcileApply.Request)),
        ("POST /api/v1/reconciliation/{id}/decline", typeof(ReconcileDecline.Request)),
        ("POST /api/v1/offers/compare", typeof(CompareOffers.Request)),
        ("POST /api/v1/offers/{offer}/links", typeof(LinkOffer.Request)),
        ("POST /api/v1/people/{personOrEmail}/conversions/quote", typeof(QuoteConversion.Request)),
        ("POST /api/v1/people/{personOrEmail}/conversions", typeof(RequestConversion.Request)),
        ("POST /api/v1/people/{personOrEmail}/notices/seen", typeof(ShowNotices.Request)),
        ("PUT /api/v1/people/{personOrEmail}/notices/choices", typeof(NoticeChoiceVerbs.Request)),
        ("POST /api/v1/notices/deliveries/again", typeof(DeliveryVerbs.Again)),
        ("POST /api/v1/conversions/{id}/decline", typeof(Decisions.Decision)),
        ("POST /api/v1/conversions/{id}/reversal", typeof(Decisions.Decision)),
        ("POST /api/v1/conversions/{id}/reversal/approve", typeof(ConversionVerbs.OnStep)),
        ("POST /api/v1/conversions/{id}/reversal/decline", typeof(ConversionVerbs.OnStep)),
        ("POST /api/v1/claims/{id}/decline", typeof(Decisions.Decision)),
    ];

    /// <summary>Members of the API that a record lacks on purpose: no verb says anything of them.</summary>
    public static readonly HashSet<string> LeftOut =
    [
        .. Of("ApplyPayroll.Applied", "appliedAt", "appliedBy", "id", "yaml"),
        .. Of("ApplyPlan.Applied", "appliedAt", "appliedBy", "id", "yaml"),
        .. Of("DiffPlan.Person", "changeUsdNanos", "person"),
        .. Of("ImportPeople.Reply", "errorCount", "errors"),
        .. Of("ChangePerson.Reply", "person"),
        .. Of("ShowHistory.Reply", "person"),
        .. Of("ShowHistory.Standing", "basePayCents", "currency", "manager", "totalPayCents"),
        .. Of("ShowPerson.Reply", "accessEndsAt", "basePayCents", "currency", "id", "manager", "totalPayCents"),
        .. Of("ListPrices.Price", "contextTokens", "effectiveFrom", "id", "maxOutputTokens", "perRequestNanos",
            "source", "trainingNanosPerMillion"),
        .. Of("InputVerbs.Decided", "applied"),
        .. Of("InputVerbs.Reply", "body", "youAsked"),
        .. Of("Waiting.Proposal", "kind", "subject"),
        .. Of("ListProvisional.Reply", "newest"),
        .. Of("OfferVerbs.Link", "revokedBy"),
        .. Of("OfferVerbs.Part", "inAll", "years"),
        .. Of("OfferVerbs.Stored", "madeAt", "madeBy"),
        .. Of("OfferVerbs.Value", "years"),
        .. Of("PhaseVerbs.State", "openedAt"),
        .. Of("PhaseVerbs.Vote", "votedAt"),
        .. Of("ProposalVerbs.Decision", "acceptedOutliers", "alone"),
        .. Of("ProposalVerbs.Prices", "base", "contextTokens", "effectiveFrom", "fees", "id", "maxOutputTokens",
            "perRequestNanos", "provider", "source", "tier", "tierOverTokens", "trainingNanosPerMillion"),
        .. Of("ProviderVerbs.Item", "changedAt", "changedBy"),
        .. Of("ReconcileApply.Reply", "alone"),
        .. Of("RunGrants.Line", "asset", "currency", "expiresAt", "number", "payCents", "postedAt", "rateNanos",
            "taxClass", "tokenValueNanos", "transfer", "vestFrom"),
        .. Of("RunGrants.Skip", "person"),
        .. Of("RunGrants.Waiting", "lines", "preparedBy", "totalMilli", "totalUsdNanos", "youMay"),
        .. Of("RunVerbs.Run", "decidedAt", "dryRun", "reversedAlone", "reversedAt", "youMay"),
        .. Of("ShowAccruals.Line", "inLotsMilli"),
        .. Of("ShowPlan.Applied", "id"),
        .. Of("ShowPlan.Reply", "settings"),
        .. Of("ShowWallet.Lot", "revokedMilli"),
        .. Of("TierVerbs.Request", "decidedAt", "name", "person"),
        .. Of("VestingFactVerbs.Fact", "approvedAlone", "decidedAt", "name", "person", "youMay"),
    ];

    /// <summary>Members that are always there, although the document does not promise it.</summary>
    public static readonly HashSet<string> AlwaysThere =
    [
        .. Of("RunVerbs.Run", "state", "returnedMilli"), .. Of("VestingFactVerbs.Fact", "state"),
    ];

    private static IEnumerable<string> Of(string record, params string[] members) =>
        members.Select(member => $"{record}.{member}");
}
