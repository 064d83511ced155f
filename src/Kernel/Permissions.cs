using static Guerdon.Kernel.Roles;

namespace Guerdon.Kernel;

/// <summary>The one table of what somebody may do, and which roles have it. <see cref="PermissionLine.Own"/> and
/// <see cref="PermissionLine.Team"/> say where a role has it of some people only.</summary>
public static class Permissions
{
    public const string AccountUse = "account:use";
    public const string InboxRead = "inbox:read";
    public const string InputsRead = "inputs:read";
    public const string InputsApprove = "inputs:approve";
    public const string InputsDecline = "inputs:decline";

    public const string PeopleRead = "people:read";
    public const string PeopleWrite = "people:write";
    public const string PeopleApprove = "people:approve";
    public const string PayRead = "pay:read";
    public const string WalletsRead = "wallets:read";
    public const string SpendRead = "spend:read";
    public const string KeysRead = "keys:read";
    public const string KeysMake = "keys:make";
    public const string KeysRevoke = "keys:revoke";
    public const string NoticesRead = "notices:read";
    public const string NoticesWrite = "notices:write";
    public const string ConversionsRead = "conversions:read";
    public const string ConversionsRequest = "conversions:request";
    public const string ConversionsApprove = "conversions:approve";
    public const string ConversionsDecline = "conversions:decline";
    public const string ClaimsRead = "claims:read";
    public const string ClaimsFile = "claims:file";
    public const string ClaimsDecide = "claims:decide";
    public const string TiersRead = "tiers:read";
    public const string TiersAsk = "tiers:ask";
    public const string TiersDecide = "tiers:decide";

    public const string PlansRead = "plans:read";
    public const string PlansWrite = "plans:write";
    public const string PlansApprove = "plans:approve";
    public const string PhasesPropose = "phases:propose";
    public const string PhasesVote = "phases:vote";
    public const string GrantsRead = "grants:read";
    public const string GrantsPrepare = "grants:prepare";
    public const string GrantsApprove = "grants:approve";
    public const string GrantsDecline = "grants:decline";
    public const string OffersRead = "offers:read";
    public const string OffersWrite = "offers:write";

    public const string TermsRead = "conversion-terms:read";
    public const string TermsWrite = "conversion-terms:write";
    public const string TermsApprove = "conversion-terms:approve";
    public const string PayrollRead = "payroll:read";
    public const string PayrollWrite = "payroll:write";
    public const string PayrollApprove = "payroll:approve";
    public const string LedgerRead = "ledger:read";
    public const string SealsRead = "seals:read";
    public const string AuditRead = "audit:read";
    public const string OverviewRead = "overview:read";
    public const string UsageRead = "usage:read";
    public const string UsageImport = "usage:import";
    public const string ReconciliationRead = "reconciliation:read";
    public const string ReconciliationPrepare = "reconciliation:prepare";
    public const string ReconciliationApply = "reconciliation:apply";
    public const string PricesRead = "prices:read";
    public const string ProposalsRead = "price-proposals:read";
    public const string PricesPropose = "prices:propose";
    public const string PricesApprove = "prices:approve";
    public const string TokenValueRead = "token-value:read";
    public const string TokenValueWrite = "token-value:write";
    public const string TokenValueApprove = "token-value:approve";

    public const string PoliciesRead = "policies:read";
    public const string PoliciesWrite = "policies:write";
    public const string PoliciesApprove = "policies:approve";
    public const string GatewayClose = "gateway:close";
    public const string GatewayOpen = "gateway:open";
    public const string ProvidersRead = "providers:read";
    public const string ProvidersWrite = "providers:write";
    public const string ProvidersApprove = "providers:approve";
    public const string StopsRead = "stops:read";
    public const string StopsClear = "stops:clear";
    public const string DeliveriesRead = "deliveries:read";
    public const string DeliveriesSend = "deliveries:send";

    public const string AccountsRead = "accounts:read";
    public const string AccountsWrite = "accounts:write";
    public const string RolesGive = "roles:give";
    public const string SsoRead = "sso:read";
    public const string SsoWrite = "sso:write";
    public const string Scim = "scim";

    /// <summary>All of them.</summary>
    public static readonly IReadOnlyList<PermissionLine> All =
    [
        .. OfEverybody(), .. OfPeople(), .. OfGrants(), .. OfMoney(), .. OfTheGateway(), .. OfAccounts(),
    ];

    private static readonly Dictionary<string, PermissionLine> ByName = All.ToDictionary(p => p.Name);

    /// <summary>The permission of a name, or null.</summary>
    public static PermissionLine? Find(string name) => ByName.GetValueOrDefault(name);

    /// <summary>The permission of a name that the code has.</summary>
    /// <exception cref="ArgumentException">There is none.</exception>
    public static PermissionLine Of(string name) =>
        Find(name) ?? throw new ArgumentException($"There is no permission '{name}'.", nameof(name));

    /// <summary>Whether a role may approve money. A program's own account may not have one that does.</summary>
    public static bool ApproveMoney(string role) => All.Any(p => p.ApprovesMoney && p.In(role) != Reach.None);

    /// <summary>Whether a program's own account may have a role: it approves no money, gives no roles, votes on
    /// nothing, and is nobody of the company.</summary>
    public static bool FitPrograms(string role) =>
        role is not (Employee or Manager or Board or Administrator) && !ApproveMoney(role);

    private static PermissionLine Reads(string name, string opens) => new(name, opens);

    private static PermissionLine Writes(string name, string opens) => new(name, opens) { Writes = true };

    private static PermissionLine ReadsPay(string name, string opens) => new(name, opens) { ShowsPay = true };

    private static PermissionLine WritesPay(string name, string opens) =>
        new(name, opens) { Writes = true, ShowsPay = true };

    // Whoever does it has signed in within the last minutes.
    private static PermissionLine ApprovesMoney(string name, string opens) =>
        new(name, opens) { Writes = true, ApprovesMoney = true };

    private static PermissionLine ApprovesPay(string name, string opens) =>
        ApprovesMoney(name, opens) with { ShowsPay = true };

    private static PermissionLine[] OfEverybody() =>
    [
        Reads(AccountUse,
            "One's own account: one's sessions and tokens, who sees and saw what about one, and what the API offers.")
            .OfNobody().For([.. Names]),
        Reads(InboxRead, "What waits for one's decision, and what one asked for.").OfNobody().For([.. Names]),
        Reads(InputsRead, "What was proposed of plans, terms, people and the gateway, of the kinds that one may read.")
            .For(People, Finance, Board, Auditor, Platform),
        ApprovesMoney(InputsApprove, "Approving that, each kind by a permission of its own.").For(Finance),
        Writes(InputsDecline, "Declining that, likewise, and withdrawing what one proposed.")
            .For(People, Finance, Platform),
        Reads(PricesRead, "Prices of models.").OfNobody().For([.. Names]),
        Reads(PoliciesRead, "The gateway's policy; of whoever has it of their own alone, the version in force.")
            .OfNobody().Own(Employee, Manager).For(People, Finance, Board, Auditor, Platform),
    ];

    private static PermissionLine[] OfPeople() =>
    [
        Reads(PeopleRead, "Who somebody is: name, address, team, role, level, dates of employment.")
            .Own(Employee).Team(Manager).For(People, Finance, Auditor),
        WritesPay(PeopleWrite, "Proposing what changes of people, with their pay; and how they are known elsewhere.")
            .For(People),
        ApprovesPay(PeopleApprove, "Approving what changes of people, with their pay.").For(Finance),
        ReadsPay(PayRead, "What somebody is paid: base and total pay, pay lines, statements of pay and rewards.")
            .Own(Employee).For(People, Finance, Auditor),
        ReadsPay(WalletsRead, "A wallet: what was granted, what vests, what is left; its statement.")
            .Own(Employee).For(People, Finance, Auditor),
        Reads(SpendRead, "What somebody spent: their calls, by model, day and cost.")
            .Own(Employee).Team(Manager).For(People, Finance, Auditor),
        Reads(KeysRead, "Personal keys, but for what they are.").Own(Employee).For(Platform, Auditor),
        Writes(KeysMake, "Making personal keys, which spend one's own tokens.").Own(Employee),
        Writes(KeysRevoke, "Revoking personal keys.").Own(Employee).For(Platform),
        ReadsPay(NoticesRead, "What somebody was told, and how.").Own(Employee).For(People, Auditor),
        Writes(NoticesWrite, "Marking one's own notices as seen, and choosing how they come.").Own(Employee),
        ReadsPay(ConversionsRead, "Conversions of tokens to pay.").Own(Employee).For(People, Finance, Auditor),
        WritesPay(ConversionsRequest, "Asking for a conversion, its quote, and withdrawing it.")
            .Own(Employee).For(People),
        WritesPay(ConversionsDecline, "Declining conversions, asking that one be reversed, and declining that.")
            .For(People, Finance),
        ApprovesPay(ConversionsApprove, "Approving conversions and their reversals.").For(Finance),
        ReadsPay(ClaimsRead, "Claims and their receipts.").Own(Employee).For(People, Finance, Auditor),
        WritesPay(ClaimsFile, "Filing one's own claims.").Own(Employee),
        ApprovesPay(ClaimsDecide, "Approving and declining claims.").For(Finance),
        Reads(TiersRead, "Requests for tiers.").Own(Employee).For(People, Finance, Auditor),
        Writes(TiersAsk, "Asking for a tier for oneself.").Own(Employee),
        Writes(TiersDecide, "Approving and declining requests for tiers.").For(People),
    ];

    private static PermissionLine[] OfGrants() =>
    [
        Reads(PlansRead, "Plans, their history, and votes on their phases.").For(People, Finance, Board, Auditor),
        Writes(PlansWrite, "Proposing plans, and checking them first.").For(People),
        ApprovesMoney(PlansApprove, "Approving plans.").For(Finance),
        Writes(PhasesPropose, "Proposing that a plan's next phase opens.").OfNobody().For(People, Board),
        Writes(PhasesVote, "Voting on that.").OfNobody().For(Board),
        ReadsPay(GrantsRead, "Grant runs, line by line, and facts that grants wait for.").For(People, Finance, Auditor),
        WritesPay(GrantsPrepare, "Preparing grants and awards, and recording facts that grants wait for.").For(People),
        ApprovesPay(GrantsApprove, "Approving all that, and reversals.").For(Finance),
        WritesPay(GrantsDecline, "Declining or withdrawing all that, and asking that a posted run be reversed.")
            .For(People, Finance),
        ReadsPay(OffersRead, "Offers to candidates.").For(People, Finance, Auditor),
        WritesPay(OffersWrite, "Making and comparing offers, and the links that candidates get.").For(People),
    ];

    private static PermissionLine[] OfMoney() =>
    [
        Reads(TermsRead, "Conversion terms.").OfNobody().For(People, Finance, Auditor),
        Writes(TermsWrite, "Proposing conversion terms, and checking them first.").OfNobody().For(Finance),
        ApprovesMoney(TermsApprove, "Approving conversion terms.").OfNobody().For(Finance),
        ReadsPay(PayrollRead, "Payroll settings and files.").For(Finance, Auditor),
        WritesPay(PayrollWrite, "Proposing payroll settings, and making payroll files.").For(Finance),
        ApprovesPay(PayrollApprove, "Approving payroll settings.").For(Finance),
        ReadsPay(LedgerRead, "The general ledger's export, and what is owed.").For(Finance, Auditor),
        Reads(SealsRead, "Daily seals, and whether the records agree with them.").OfNobody()
            .For(Finance, Auditor, Platform),
        Reads(AuditRead, "Who did what: everybody's acts, sign-ins and refusals.").For(Auditor, Administrator),
        Reads(OverviewRead, "What the company granted and spent, in sums.").OfNobody()
            .For(People, Finance, Board, Auditor, Platform),
        Reads(UsageRead, "Calls whose cost is not final.").For(Finance, Auditor, Platform),
        Writes(UsageImport, "Importing usage that was measured elsewhere.").For(Finance, Platform),
        Reads(ReconciliationRead, "What providers reported, beside what was booked.").For(Finance, Auditor, Platform),
        Writes(ReconciliationPrepare, "Importing providers' reports, previewing corrections, and declining them.")
            .For(Finance, Platform),
        ApprovesMoney(ReconciliationApply, "Applying corrections.").For(Finance),
        Reads(ProposalsRead, "Proposed prices.").OfNobody().For(Finance, Auditor, Platform),
        Writes(PricesPropose, "Proposing prices, and declining or withdrawing them.").OfNobody()
            .For(Finance, Platform),
        ApprovesMoney(PricesApprove, "Approving prices.").OfNobody().For(Finance),
        Reads(TokenValueRead, "The index that a token's value follows.").OfNobody()
            .For(Finance, Board, Auditor, Platform),
        Writes(TokenValueWrite, "Proposing what a token is worth.").OfNobody().For(Finance),
        ApprovesMoney(TokenValueApprove, "Approving what a token is worth.").OfNobody().For(Finance),
    ];

    private static PermissionLine[] OfTheGateway() =>
    [
        Writes(PoliciesWrite, "Proposing the gateway's policy, and checking it first.").OfNobody().For(Platform),
        ApprovesMoney(PoliciesApprove, "Approving the gateway's policy, and that the gateway opens again.").OfNobody()
            .For(Finance),
        Writes(GatewayClose, "Closing the gateway at once.").OfNobody().For(People, Finance, Board, Platform),
        Writes(GatewayOpen, "Proposing that it opens again.").OfNobody().For(Platform),
        Reads(ProvidersRead, "Providers, and how they do.").OfNobody().For(Finance, Auditor, Platform),
        Writes(ProvidersWrite, "Proposing providers; their keys, and removing them.").OfNobody().For(Platform),
        ApprovesMoney(ProvidersApprove, "Approving providers.").OfNobody().For(Finance),
        Reads(StopsRead, "Wallets that are stopped.").For(People, Finance, Auditor, Platform),
        Writes(StopsClear, "Clearing a stop.").For(Platform),
        Reads(DeliveriesRead, "Whether notices left.").For(Auditor, Platform),
        Writes(DeliveriesSend, "Sending notices again.").For(Platform),
    ];

    private static PermissionLine[] OfAccounts() =>
    [
        Reads(AccountsRead, "Accounts, and the roles they have and had.").For(Auditor, Administrator),
        Writes(AccountsWrite, "Opening and closing accounts.").For(Administrator),
        Writes(RolesGive, "Giving roles and taking them, never to oneself.").For(Administrator),
        Reads(SsoRead, "Providers that people sign in with, and what roles their groups give.").OfNobody()
            .For(Auditor, Administrator),
        Writes(SsoWrite, "Asking for such providers, approving what another asked for, and removing them.").OfNobody()
            .For(Administrator),
        Writes(Scim, "The directory's interface, /scim/v2.").For(Platform),
    ];
}
