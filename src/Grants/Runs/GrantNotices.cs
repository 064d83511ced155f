using Guerdon.Grants.Lines;
using Guerdon.Ledger.Accounts;
using Guerdon.Ledger.Lots;
using Guerdon.Notices;
using Guerdon.Plans;
using Npgsql;

namespace Guerdon.Grants.Runs;

/// <summary>Tells people of what they were granted beside their allowance, in the commit that posts it. An allowance
/// comes every period, and stands in the statement.</summary>
internal static class GrantNotices
{
    /// <summary>What writes the notices of a chunk; nothing where nobody is to be told.</summary>
    public static IEnumerable<Func<NpgsqlBatchCommand>> Of(
        RunId run, IReadOnlyList<StoredLine> lines, DateTimeOffset at)
    {
        Told[] told =
        [
            .. from line in lines
               where line.Grant.Kind != GrantKind.Allowance
               select new Told(line.Grant.Person, NoticeKinds.Grant, $"{run} line {line.Line}", TextOf(line.Grant)),
        ];
        if (told.Length > 0) yield return () => NoticeWriter.Insert(told, at);
    }

    /// <summary>How much, what it is worth, why, and when it is theirs.</summary>
    internal static string TextOf(GrantLine grant)
    {
        var tokens = grant.Asset == Asset.Reward ? "reward tokens" : "compute tokens";
        var becomes = TaxClass.Find(grant.Terms.TaxClass)?.ConvertsTo switch
        {
            PayForm.Cash => " They can become money.",
            PayForm.TimeOff => " They can become days off.",
            PayForm.Equity => " They can become equity.",
            _ => "",
        };
        var vests = grant.VestFrom is { } from ? $" They vest from {from:yyyy-MM-dd} on." : " They are yours now.";
        var ends = grant.Terms.ExpiresAt is { } end
            ? $" What is left lapses at {end.UtcDateTime:yyyy-MM-dd HH:mm} UTC." : "";
        var text = $"You were granted {grant.Amount.Money.Cents} USD, {grant.Amount.Tokens} {tokens}: "
            + $"{GrantSource.InWords(grant.Terms.Source)}.{becomes}{vests}{ends}";
        return text.Length <= NoticeWriter.MostText ? text : text[..NoticeWriter.MostText];
    }
}
