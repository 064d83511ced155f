using System.Runtime.CompilerServices;
using Guerdon.Approvals;
using Guerdon.Grants.Lines;
using Guerdon.Kernel;
using Guerdon.People.Employees;
using Guerdon.Plans;
using Guerdon.Storage;
using Npgsql;

namespace Guerdon.Grants.Runs;

/// <summary>One award that is asked for.</summary>
/// <param name="Person">By id or e-mail.</param>
/// <param name="Award">An entry of the plan's catalogue.</param>
/// <param name="AmountUsdNanos">How much, where the entry says <c>up_to_usd</c>; null where it has an amount.</param>
/// <param name="Reason">For the person to read, and for whoever approves.</param>
public sealed record AwardAsked(string Person, string Award, long? AmountUsdNanos, string Reason);

/// <summary>What is to be given out of a plan's catalogue in one run.</summary>
internal sealed class AwardList(IReadOnlyList<AwardAsked> asked)
{
    private const string HadSql = """
        select term from compensation.grant_line
         where not rehearsal and live and plan = $1 and person_id = $2 and kind = $3 and term = $4
        """;

    /// <summary>Why the plan has no such awards, naming each; or null.</summary>
    public Refused? Refuse(Plan plan)
    {
        var wrong = WrongIn(plan).Select(w => $"{w.Item + 1}: {w.Why}");
        return string.Join(" ", wrong) is { Length: > 0 } all ? GrantRefusals.AwardInvalid.With(all) : null;
    }

    /// <summary>Those that a plan has no such awards for, counted from 0, with the reason.</summary>
    public IEnumerable<(int Item, string Why)> WrongIn(Plan plan) =>
        asked.Select((a, i) => (i, Why: Wrong(plan, a)!)).Where(w => w.Why is not null);

    /// <summary>A line for each, or why there is none.</summary>
    public async IAsyncEnumerable<(Person Person, Outcome Outcome)> LinesAsync(
        GrantTerms terms, PeopleDirectory people, NpgsqlDataSource db, [EnumeratorCancellation] CancellationToken ct)
    {
        var seen = new HashSet<string>(StringComparer.Ordinal);
        foreach (var one in asked)
        {
            // Found when it was asked for. As whoever has a grant by the plan is, so that both go by one day.
            if (await people.AsOfAsync(one.Person, terms.Period.First, ct) is not { } person) continue;
            var award = terms.Plan.Awards.First(a => a.Name == one.Award);
            var (line, why) = GrantRules.Award(
                terms, award, person, one.AmountUsdNanos ?? award.AmountNanos, one.Reason.Trim());
            if (line is null) yield return (person, Outcome.Skip(why!));
            else if (!seen.Add(line.Key) || await HadAsync(db, line, ct))
                yield return (person, new Outcome([], null, true));
            else yield return (person, new Outcome([line], null, false));
        }
    }

    /// <summary>Those whom nobody is known by.</summary>
    public async Task<IReadOnlyList<string>> UnknownAsync(PeopleDirectory people, CancellationToken ct)
    {
        var unknown = new List<string>();
        foreach (var one in asked)
            if (await people.FindAsync(one.Person ?? "", ct) is null) unknown.Add(one.Person ?? "");
        return unknown;
    }

    private static string? Wrong(Plan plan, AwardAsked one)
    {
        if (!Reason.IsOne(one.Reason))
            return $"needs a reason of 1 to {Reason.MostCharacters} characters.";
        if (plan.Awards.FirstOrDefault(a => a.Name == one.Award) is not { } award)
            return $"'{one.Award}' is none of {string.Join(", ", plan.Awards.Select(a => a.Name))}.";
        if (award.IsUpTo && (one.AmountUsdNanos is not { } nanos || nanos < 1 || nanos > award.AmountNanos))
            return $"{award.Name} needs an amount above 0 and up to {new Usd(award.AmountNanos).Cents} USD.";
        return !award.IsUpTo && one.AmountUsdNanos is not null && one.AmountUsdNanos != award.AmountNanos
            ? $"{award.Name} is {new Usd(award.AmountNanos).Cents} USD, not another amount." : null;
    }

    private static async Task<bool> HadAsync(NpgsqlDataSource db, GrantLine line, CancellationToken ct)
    {
        await using var connection = await db.OpenConnectionAsync(ct);
        await using var command = Db.Command(connection, HadSql, line.Plan, line.Person.Value, line.Kind, line.Term);
        return await command.ExecuteScalarAsync(ct) is not null;
    }
}
