namespace Guerdon.Database.Cli;

/// <summary>
/// What the API answers and a verb does not show on purpose: <c>--json</c> has it. Whatever else an answer holds is in
/// the table, and a member that is shown after all does not belong here: <see cref="VerbWalkTests"/> finds both. A
/// member that ends in <c>.*</c> stands for all below it.
/// </summary>
internal static class LeftOut
{
    private static readonly Dictionary<string, string> ByVerb = new()
    {
        ["account approve"] = "account", ["account decline"] = "account", ["account give"] = "account",
        ["account requests"] = "requests[].account", ["account roles"] = "accounts[].person",
        ["approvals approve"] =
            "applied.* proposal.askedBy proposal.basis proposal.changes[].* proposal.digest "
            + "proposal.effectiveFrom proposal.kind proposal.reach proposal.subject",
        ["approvals decline"] =
            "proposal.askedBy proposal.basis proposal.changes[].* proposal.digest proposal.effectiveFrom proposal.kind "
            + "proposal.reach proposal.subject",
        ["approvals list"] =
            "inputs[].basis inputs[].changes[].* inputs[].digest inputs[].kind inputs[].reach inputs[].subject",
        ["approvals show"] = "body proposal.kind proposal.subject",
        ["audit list"] =
            "acts[].account acts[].act acts[].changes[] acts[].means acts[].permission acts[].request acts[].roles "
            + "acts[].seq acts[].sessionOrToken acts[].status",
        ["claim approve"] =
            "claim.alike[] claim.contentType claim.decidedAt claim.decidedBy claim.email claim.filedAt "
            + "claim.name claim.noticeDays claim.person claim.purpose claim.receipt claim.service claim.spentOn "
            + "claim.vendor",
        ["claim decline"] =
            "claim.alike[] claim.contentType claim.decidedAt claim.decidedBy claim.email claim.filedAt "
            + "claim.name claim.noticeDays claim.person claim.purpose claim.reason claim.receipt claim.service "
            + "claim.spentOn claim.vendor",
        ["claim file"] =
            "claim.alike[] claim.contentType claim.email claim.filedAt claim.name claim.noticeDays claim.person "
            + "claim.purpose claim.receipt claim.spentOn claim.vendor",
        ["claim list"] =
            "claims[].contentType claims[].filedAt claims[].noticeDays claims[].person claims[].purpose "
            + "claims[].receipt",
        ["login"] = "secret",
        ["departure approve"] = "askedAt askedBy decidedAt name person reason",
        ["departure decline"] = "askedAt askedBy decidedAt name person reason",
        ["departure return"] = "askedAt askedBy decidedAt name person reason",
        ["departure list"] = "departures[].askedAt departures[].decidedAt departures[].name departures[].person",
        ["convert approve"] =
            "conversion.approval.* conversion.email conversion.form conversion.key conversion.lockUntil "
            + "conversion.lots[].lot conversion.name conversion.noticeDays conversion.now.* conversion.person "
            + "conversion.rate.* conversion.requestedAt conversion.requestedBy conversion.step "
            + "conversion.taxClass conversion.units conversion.window",
        ["convert decline"] =
            "conversion.email conversion.form conversion.key conversion.lockUntil conversion.lots[].lot "
            + "conversion.name conversion.noticeDays conversion.now.* conversion.person conversion.rate.* "
            + "conversion.requestedAt conversion.requestedBy conversion.step conversion.taxClass conversion.units "
            + "conversion.window",
        ["convert list"] =
            "conversions[].approval.* conversions[].key conversions[].lots[].lot conversions[].noticeDays "
            + "conversions[].now.* conversions[].person conversions[].rate.* conversions[].requestedAt "
            + "conversions[].units conversions[].window",
        ["convert request"] =
            "conversion.email conversion.form conversion.lockUntil conversion.lots[].lot conversion.noticeDays "
            + "conversion.now.* conversion.person conversion.rate.* conversion.requestedAt conversion.requestedBy "
            + "conversion.step conversion.taxClass conversion.units conversion.window",
        ["convert reverse"] =
            "conversion.approval.* conversion.email conversion.form conversion.key conversion.lockUntil "
            + "conversion.lots[].lot conversion.name conversion.noticeDays conversion.now.* conversion.person "
            + "conversion.rate.* conversion.requestedAt conversion.requestedBy conversion.step "
            + "conversion.taxClass conversion.units conversion.window",
        ["convert terms apply"] = "waits.kind waits.state",
        ["convert terms list"] = "terms[].id terms[].yaml",
        ["convert withdraw"] =
            "conversion.email conversion.form conversion.key conversion.lockUntil conversion.lots[].lot "
            + "conversion.name conversion.noticeDays conversion.now.* conversion.person conversion.rate.* "
            + "conversion.requestedAt conversion.requestedBy conversion.step conversion.taxClass conversion.units "
            + "conversion.window",
        ["gateway clear"] = "cleared",
        ["gateway close"] = "switch.at switch.by",
        ["gateway open"] = "switch.at switch.by waits.kind waits.state",
        ["gl accruals"] = "at",
        ["grant approve"] = "returnedMilli skipped",
        ["grant award"] = "lines[].asset lines[].expiresAt lines[].person lines[].source lines[].taxClass readAs state",
        ["grant reverse"] = "returnedMilli skipped",
        ["grant run"] =
            "lines[].asset lines[].expiresAt lines[].number lines[].person lines[].source lines[].taxClass "
            + "skipped[].person state",
        ["grant runs"] =
            "runs[].digest runs[].people runs[].posted runs[].preparedAt runs[].returnedMilli runs[].skipped",
        ["grant show"] = "lines[].asset lines[].expiresAt lines[].person lines[].source lines[].taxClass skipped",
        ["import people"] = "emailChanges[].person readAs waits.state waits.subject",
        ["import usage"] = "readAs",
        ["key create"] = "hint",
        ["notices"] = "notices[].id notices[].kind seen unseen",
        ["offer compare"] =
            "comparison.components[].kind comparison.components[].offers[].* comparison.offers[].* "
            + "offers[].candidate offers[].employer offers[].id offers[].madeAt offers[].madeBy offers[].role "
            + "offers[].validUntil offers[].version offers[].yaml",
        ["offer create"] =
            "offer.candidate offer.employer offer.id offer.madeAt offer.madeBy offer.role offer.validUntil "
            + "offer.yaml value.components[].inAll.* value.components[].kind value.components[].years[].* "
            + "value.inAll.* value.years[].*",
        ["offer link"] = "link.madeAt link.madeBy",
        ["offer list"] = "offers[].id offers[].madeAt offers[].madeBy offers[].yaml",
        ["offer listing"] = "html jsonLd",
        ["offer listing --html"] = "text",
        ["offer show"] =
            "links[].madeAt offer.madeAt offer.yaml value.components[].inAll.* value.components[].kind "
            + "value.components[].years[].* value.inAll.* value.years[].*",
        ["pay lines"] =
            "conversion.person line.person payLines[].amount payLines[].claim payLines[].conversion "
            + "payLines[].createdAt payLines[].explanation payLines[].notice payLines[].person",
        ["payroll apply"] =
            "settings.appliedAt settings.appliedBy settings.id settings.yaml waits.kind waits.state",
        ["people"] =
            "people[].accessEndsAt people[].basePayCents people[].costCentre people[].currency people[].hiredOn "
            + "people[].id people[].totalPayCents people[].employment people[].legalEntity people[].manager "
            + "people[].partTimeBp people[].leave people[].timeZone",
        ["person change"] =
            "person spans[].standing.basePayCents spans[].standing.currency spans[].standing.manager "
            + "spans[].standing.totalPayCents waits.kind waits.state waits.subject",
        ["person email"] = "person waits.kind waits.state waits.subject",
        ["person history"] =
            "person spans[].standing.basePayCents spans[].standing.currency spans[].standing.manager "
            + "spans[].standing.totalPayCents",
        ["person show"] = "basePayCents currency id manager totalPayCents",
        ["phase vote"] = "cast[].reason cast[].votedAt cast[].voter",
        ["plan apply"] = "plan.appliedAt plan.appliedBy plan.id plan.yaml waits.kind waits.state",
        ["plan check"] = "skipped[].person",
        ["plan diff"] = "effect.largest[].before effect.largest[].changeUsdNanos effect.largest[].person",
        ["plan history"] = "name versions[].changes[].after versions[].changes[].path",
        ["plan list"] = "plans[].appliedAt plans[].effectiveFrom plans[].id plans[].yaml",
        ["plan show"] = "plan.id settings[].path",
        ["policy apply"] = "policy.appliedBy policy.text waits.kind waits.state",
        ["policy check"] = "version",
        ["price approve"] =
            "proposal.changedCount proposal.decision.at proposal.format proposal.importedAt proposal.importedBy "
            + "proposal.name proposal.newCount proposal.outlierCount proposal.unchangedCount",
        ["price decline"] =
            "proposal.changedCount proposal.decision.at proposal.format proposal.importedAt proposal.name "
            + "proposal.newCount proposal.outlierCount proposal.unchangedCount",
        ["price import"] =
            "lines[].becomes.* lines[].changes[].figure lines[].changes[].unit lines[].was.* proposal.format "
            + "proposal.importedAt proposal.name readAs",
        ["price index"] = "index.ppm",
        ["price index --apply"] = "calibration.* waits.kind waits.state",
        ["price show"] =
            "lines[].becomes.* lines[].changes[].figure lines[].changes[].unit lines[].was.* "
            + "proposals[].unchangedCount",
        ["prices"] =
            "prices[].contextTokens prices[].effectiveFrom prices[].id prices[].maxOutputTokens "
            + "prices[].serviceTier prices[].source",
        ["provider list"] = "[].capMember [].changedBy [].firstKey.setBy [].secondKey.setBy [].version",
        ["provider rotate"] =
            "provider.baseUrl provider.changedAt provider.changedBy provider.dialect provider.firstKey.setAt "
            + "provider.firstKey.setBy provider.health.state provider.secondKey.setBy provider.serves "
            + "provider.source provider.weight",
        ["provider set"] =
            "provider.baseUrl provider.changedAt provider.changedBy provider.dialect provider.firstKey.setAt "
            + "provider.firstKey.setBy provider.health.state provider.serves provider.source provider.weight "
            + "waits.kind waits.state",
        ["reconcile apply"] = "at by id",
        ["reconcile review"] = "corrections[].wallet windows[].to",
        ["reconcile preview"] = "corrections[].wallet to windows[].to",
        ["reconcile show"] = "costs[].to windows[].to",
        ["statement"] = "lines[].kind lines[].source to",
        ["statement --csv"] =
            "closingMilli lines[].amountMilli lines[].lot lines[].source lines[].transfers lines[].what name "
            + "openingMilli person to tokenValueNanos wallet",
        ["tier approve"] = "askedAt decidedAt impact name person reason useCase",
        ["tier decline"] = "askedAt decidedAt impact name person useCase",
        ["tier list"] = "requests[].askedAt requests[].name requests[].person",
        ["tier request"] = "askedAt impact name person useCase",
        ["vesting approve"] = "askedBy decidedAt happenedOn line name person reason run",
        ["vesting check"] = "unvested",
        ["vesting decline"] = "decidedAt happenedOn line name person reason run",
        ["vesting facts"] = "facts[].line facts[].name facts[].person facts[].run facts[].state facts[].whoMay",
        ["vesting record"] = "happenedOn line name person reason run state",
        ["wallet"] = "lots[].source rewards.lots[].source wallet",
    };

    // The end of a key, which is random: it is seen in the key itself, or not.
    private static readonly (string Verb, string Member) ByChance = ("key create", "hint");

    /// <summary>Of every verb each member that it never shows.</summary>
    public static IEnumerable<(string Verb, string Member)> All =>
        ByVerb.SelectMany(v => v.Value.Split(' ').Select(member => (v.Key, member))).Where(left => left != ByChance);

    public static bool Has(string verb, string member) =>
        ByVerb.TryGetValue(verb, out var members) && members.Split(' ').Any(left => Covers(left, member));

    /// <summary>Whether what is left out is this member, or all that this is one of.</summary>
    public static bool Covers(string left, string member) => left.EndsWith(".*", StringComparison.Ordinal)
        ? member.StartsWith(left[..^1], StringComparison.Ordinal) : left == member;
}
