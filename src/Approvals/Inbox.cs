using Guerdon.Kernel;

namespace Guerdon.Approvals;

/// <summary>Everything that waits to be decided, of all kinds, as one reader sees it: what waits for them, and what
/// they asked for. It decides nothing.</summary>
public sealed class Inbox(IEnumerable<IPendingDecisions> sources, FourEyes fourEyes)
{
    /// <summary>The most that are read of one kind.</summary>
    public const int MostOfKind = 1_000;

    /// <summary>Something that waits.</summary>
    /// <param name="Kind">run, reversal, vesting_fact, tier, phase, conversion, conversion_reversal, claim, prices or
    /// corrections.</param>
    /// <param name="Id">As a decision names it.</param>
    /// <param name="Subject">What it is about.</param>
    /// <param name="AskedBy">Who asked for it.</param>
    /// <param name="AskedAt">When.</param>
    /// <param name="Digest">What an approval has to name besides; null: the id says it all.</param>
    /// <param name="WhoMay">Who may decide it, in words.</param>
    /// <param name="YouMay">Whether whoever reads this may: it waits for them.</param>
    /// <param name="YouAsked">Whether they asked for it.</param>
    /// <param name="Link">The page where it is looked at and decided; null: there is none.</param>
    /// <param name="Command">The command that shows it, or decides it.</param>
    public sealed record Item(
        string Kind, string Id, string Subject, string AskedBy, DateTimeOffset AskedAt, string? Digest, string WhoMay,
        bool YouMay, bool YouAsked, string? Link, string Command);

    /// <param name="Items">What waits for the reader, then what they asked for; of each the oldest first.</param>
    /// <param name="IsCut">There is more of a kind than is read.</param>
    public sealed record Contents(IReadOnlyList<Item> Items, bool IsCut)
    {
        /// <summary>How many wait for the reader.</summary>
        public int ForYou => Items.Count(item => item.YouMay);

        /// <summary>A page of it.</summary>
        /// <param name="after">What the page before gave as the next; null: from the beginning.</param>
        /// <param name="limit">At most so many.</param>
        /// <returns>The page, and what the next one is asked for by; null: <paramref name="after"/> is from no
        /// page.</returns>
        public (IReadOnlyList<Item> Items, string? Next)? PageAfter(string? after, int limit)
        {
            InboxOrder.Place last = default;
            if (after is not null && !InboxOrder.Place.TryParse(after, out last)) return null;
            IReadOnlyList<Item> left = after is null ? Items
                : [.. Items.Where(item => InboxOrder.Place.Of(item).CompareTo(last) > 0)];
            return ([.. left.Take(limit)], left.Count > limit ? $"{InboxOrder.Place.Of(left[limit - 1])}" : null);
        }
    }

    /// <summary>What a reader sees.</summary>
    /// <param name="reader">Who reads.</param>
    /// <param name="decides">Whether they run the programme: of others nothing waits.</param>
    /// <param name="ct">Stops it.</param>
    public async Task<Contents> ReadAsync(Actor reader, bool decides, CancellationToken ct)
    {
        var me = await fourEyes.KnownAsync(reader, ct);
        var (pending, isCut) = (new List<PendingDecision>(), false);
        foreach (var source in sources)
        {
            var found = await source.ListAsync(me, MostOfKind + 1, ct);
            isCut |= found.Count > MostOfKind;
            pending.AddRange(found.Take(MostOfKind));
        }

        var rights = await fourEyes.RightsAsync([.. pending.Select(p => p.Asked)], me, ct);
        var items = pending.Zip(rights, (one, right) => ItemOf(one, right, decides))
            .Where(item => item.YouMay || item.YouAsked)
            .OrderBy(item => item, InboxOrder.Default);
        return new Contents([.. items], isCut);
    }

    private static Item ItemOf(PendingDecision one, Right right, bool decides) => new(
        one.Kind, one.Id, one.Subject, one.Asked.By.Name, one.AskedAt, one.Digest, right.WhoMay,
        decides && right.YouMay && !one.IsAnswered, right.YouAsked,
        decides ? one.Link : one.AskersLink, one.Command);
}
