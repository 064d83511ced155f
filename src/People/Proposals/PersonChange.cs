using System.Security.Cryptography;
using System.Text;
using Guerdon.Approvals.Inputs;
using Guerdon.People.Spans;

namespace Guerdon.People.Proposals;

/// <summary>What changes of one person. No I/O.</summary>
/// <param name="Person">Who. Somebody new has no id before they are on file: one that is made of their address stands
/// for them, so that it is the same whenever somebody looks.</param>
/// <param name="Email">The address that they have, or are to have.</param>
/// <param name="NewEmail">The one that they are to have; null: they have it.</param>
/// <param name="Rise">By how much their pay rises at most, as a factor; null: it does not change.</param>
/// <param name="Parts">What changes.</param>
internal sealed record PersonChange(
    Guid Person, string Email, string? NewEmail, decimal? Rise, IReadOnlyList<PartChange> Parts)
{
    // More than any factor between two amounts that are possible.
    private const decimal Beyond = 1e18m;

    /// <summary>Whether something is computed from what changes.</summary>
    public bool IsInput => Parts.Any(part => !part.IsInNothing);

    /// <summary>Compares two states of somebody.</summary>
    /// <param name="id">On file; of somebody new, whatever was tried.</param>
    /// <param name="was">Null: they are new.</param>
    /// <param name="becomes">After.</param>
    /// <param name="managers">Addresses of managers.</param>
    public static PersonChange Of(
        Guid id, OnFile? was, OnFile becomes, IReadOnlyDictionary<Guid, string> managers)
    {
        var parts = PersonParts.Between(was, becomes, managers);
        return new PersonChange(
            was is null ? Newcomer(becomes.Email) : id, was?.Email ?? becomes.Email,
            was?.Email == becomes.Email ? null : becomes.Email,
            was is not null && parts.Any(part => part.ShowsPay) ? RiseOf(was, becomes) : null, parts);
    }

    /// <summary>In the order in which they are looked at: whose pay rises the most, then who is new, then all others:
    /// first of whom something changes that changes so for the fewest, so that nobody's is lost among a change of
    /// everybody's; last what nothing is computed from.</summary>
    public static IReadOnlyList<PersonChange> InOrder(IEnumerable<PersonChange> changes)
    {
        var all = changes.Where(one => one.Parts.Count > 0).ToList();
        var alike = all.SelectMany(one => one.Parts).CountBy(part => part).ToDictionary();
        return
        [
            .. all.OrderByDescending(one => one.Rise ?? -1)
                .ThenBy(one => one.Parts[0].Part != PersonParts.New).ThenBy(one => !one.IsInput)
                .ThenBy(one => one.Parts.Where(part => !part.IsInNothing || !one.IsInput).Min(part => alike[part]))
                .ThenBy(one => one.Email, StringComparer.Ordinal),
        ];
    }

    /// <summary>As a proposal shows it.</summary>
    public IEnumerable<InputChange> Shown => Parts.Select(
        part => new InputChange($"{Email}: {part.Part}", part.Before, part.After) { ShowsPay = part.ShowsPay });

    /// <summary>As those of whom it is are told.</summary>
    public string InWords => InputDifference.InWords([.. Parts.Where(part => !part.IsInNothing).Select(
        part => new InputDifference(part.Part, part.Before ?? "", part.After ?? ""))]);

    // On any day; an amount in another currency says nothing beside one in this.
    private static decimal RiseOf(OnFile was, OnFile becomes)
    {
        var days = was.Spans.Concat(becomes.Spans).Select(span => span.StartsOn).Distinct();
        return days.Max(day => Factor(Timeline.On(was.Spans, day), Timeline.On(becomes.Spans, day)));
    }

    private static decimal Factor(Standing was, Standing becomes) =>
        was.Currency != becomes.Currency ? Beyond
            : Math.Max(
                Factor(was.BasePayCents, becomes.BasePayCents), Factor(was.TotalPayCents, becomes.TotalPayCents));

    private static decimal Factor(long was, long becomes) => was == becomes ? 1
        : was == 0 ? Beyond : (decimal)becomes / was;

    private static Guid Newcomer(string email) =>
        new(SHA256.HashData(Encoding.UTF8.GetBytes($"guerdon.newcomer/1\n{email}")).AsSpan(0, 16));
}
