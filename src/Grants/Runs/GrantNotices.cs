using Guerdon.Kernel;
using Guerdon.Ledger.Accounts;
using Guerdon.Ledger.Lots;
using Guerdon.Notices;
using Guerdon.Storage;
using Npgsql;
using NpgsqlTypes;

namespace Guerdon.Grants.Runs;

/// <summary>Tells people of what they were granted beside their allowance, in the commit that posts it. An allowance
/// comes every period, and stands in the statement.</summary>
internal static class GrantNotices
{
    private const string InsertSql = """
        insert into compensation.notice (notice_id, person_id, kind, subject, text, created_at)
        select n.notice_id, n.person_id, 'grant', n.subject, n.text, $5
          from unnest($1::uuid[], $2::uuid[], $3::text[], $4::text[]) as n (notice_id, person_id, subject, text)
        on conflict do nothing
        """;

    /// <summary>What writes the notices of a chunk; nothing where nobody is to be told.</summary>
    public static IEnumerable<Func<NpgsqlBatchCommand>> Of(RunId run, IReadOnlyList<KeptLine> lines, DateTimeOffset at)
    {
        var told = lines.Where(l => l.Grant.Kind != GrantKind.Allowance)
            .Select(l => (l.Grant, Subject: $"{run} line {l.Line}")).ToArray();
        if (told.Length > 0) yield return () => Insert(told, at);
    }

    private static NpgsqlBatchCommand Insert((GrantLine Grant, string Subject)[] told, DateTimeOffset at)
    {
        var command = new NpgsqlBatchCommand(InsertSql);
        command.Parameters.Add(Columns.Of(
            NpgsqlDbType.Uuid, told, t => NoticeId.Of(t.Grant.Person, "grant", t.Subject).Value));
        command.Parameters.Add(Columns.Of(NpgsqlDbType.Uuid, told, t => t.Grant.Person.Value));
        command.Parameters.Add(Columns.Of(NpgsqlDbType.Text, told, t => t.Subject));
        command.Parameters.Add(Columns.Of(NpgsqlDbType.Text, told, t => TextOf(t.Grant)));
        command.Parameters.Add(new NpgsqlParameter { Value = at.ToMicros() });
        return command;
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
