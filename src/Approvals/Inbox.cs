using System.Globalization;
using System.Security.Claims;
using Guerdon.Kernel;
using Microsoft.Extensions.Logging;

namespace Guerdon.Approvals;

/// <summary>Everything that waits to be decided, of all kinds, as one reader sees it: what waits for them, and what
/// they asked for. It decides nothing. One lives as long as a request, for which it reads once.</summary>
public sealed partial class Inbox(
    IEnumerable<IPendingDecisions> sources, FourEyes fourEyes, InboxCounts counts, ILogger<Inbox> log)
{
    /// <summary>The most that are read of one kind.</summary>
    public const int MostOfKind = 1_000;

    /// <summary>Something that waits.</summary>
    /// <param name="Kind">run, reversal, vesting_fact, tier, phase, conversion, conversion_reversal, claim, prices,
    /// corrections, role, plan, conversion_terms, payroll_settings, token_value, people, gateway_policy, gateway_open
    /// or provider.</param>
    /// <param name="Id">As a decision names it.</param>
    /// <param name="Subject">What it is about.</param>
    /// <param name="AskedBy">Who asked for it.</param>
    /// <param name="AskedAt">When.</param>
    /// <param name="Digest">What an approval has to name besides; null: the id says it all.</param>
    /// <param name="WhoMay">Who may decide it, in words.</param>
    /// <param name="YouMay">Whether whoever reads this may: it waits for them.</param>
    /// <param name="YouAsked">Whether they asked for it.</param>
    /// <param name="Link">The page where it is looked at and decided; null: there is none.</param>
    /// <param name="Command">The command that shows it; null: it is for those who may read all of the kind.</param>
    public sealed record Item(
        string Kind, string Id, string Subject, string AskedBy, DateTimeOffset AskedAt, string? Digest, string WhoMay,
        bool YouMay, bool YouAsked, string? Link, string? Command);

    /// <param name="Items">What waits for the reader, then what they asked for; of each the oldest first.</param>
    /// <param name="IsCut">There is more of a kind, of what the reader may see, than is read.</param>
    public sealed record Contents(IReadOnlyList<Item> Items, bool IsCut)
    {
        /// <summary>How many wait for the reader.</summary>
        public int ForYou => Items.Count(item => item.YouMay);

        /// <summary>The same in words: <c>1,000+</c> where there is more than is read.</summary>
        public string ForYouText => string.Create(CultureInfo.InvariantCulture, $"{ForYou:#,0}{(IsCut ? "+" : "")}");

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

    // A page and what is around it are drawn one step after another, and never at once.
    private readonly Dictionary<Actor, Task<Contents>> _read = [];

    /// <summary>How many wait for somebody, as the navigation has it; null: nothing waits, or it could not be
    /// read, which is logged: a page that says that the database is away is drawn without it.</summary>
    /// <param name="caller">Who reads.</param>
    /// <param name="isFresh">Whether it must be what the page has; else it may be some seconds old.</param>
    /// <param name="ct">Stops it.</param>
    public async Task<string?> CountAsync(ClaimsPrincipal caller, bool isFresh, CancellationToken ct)
    {
        if (!isFresh && counts.TryFind(Actor.Of(caller), out var text)) return text;
        try
        {
            return TextOf(await ReadAsync(caller, ct));
        }
        catch (Exception e) when (e is not OutOfMemoryException && !ct.IsCancellationRequested)
        {
            InboxLog.Unread(log, e);
            return null;
        }
    }

    /// <summary>What a reader sees.</summary>
    /// <param name="caller">Who reads. Of a kind that they may not read of everybody nothing of others waits.</param>
    /// <param name="ct">Stops it.</param>
    public async Task<Contents> ReadAsync(ClaimsPrincipal caller, CancellationToken ct)
    {
        var reader = Actor.Of(caller);
        if (!_read.TryGetValue(reader, out var reading)) _read[reader] = reading = ReadAgainAsync(caller, reader, ct);
        try
        {
            return await reading;
        }
        catch (Exception) when (_read.Remove(reader)) // whoever asks next tries again
        {
            throw;
        }
    }

    private async Task<Contents> ReadAgainAsync(ClaimsPrincipal caller, Actor reader, CancellationToken ct)
    {
        var me = await fourEyes.KnownAsync(reader, ct);
        var (pending, isCut) = (new List<(PendingDecision One, bool SeesAll, bool Reads)>(), false);
        foreach (var source in sources)
        {
            var known = new InboxReader(me, Access.MayWithAll(caller, source.Reads));
            var found = await source.ListAsync(known, MostOfKind + 1, ct);
            isCut |= found.Count > MostOfKind;
            pending.AddRange(found.Take(MostOfKind).Where(one => known.SeesAll || IsForAsker(one, me))
                .Select(one => (one, known.SeesAll, Access.May(caller, source.Reads))));
        }

        var rights = await fourEyes.RightsAsync([.. pending.Select(p => p.One.Asked)], me, ct);
        var items = pending.Zip(rights, (p, right) => ItemOf(p.One, right, p.SeesAll, p.Reads))
            .Where(item => item.YouMay || item.YouAsked)
            .OrderBy(item => item, InboxOrder.Default);
        var contents = new Contents([.. items], isCut);
        counts.Put(reader, TextOf(contents));
        return contents;
    }

    private static string? TextOf(Contents contents) => contents.ForYou == 0 ? null : contents.ForYouText;

    // Somebody who had another role once may have asked for what pays others, which they must no longer read.
    private static bool IsForAsker(PendingDecision one, Actor reader) =>
        one.AskersLink is not null && one.Asked.Beneficiaries.Any(reader.Is);

    // Whoever asked may have lost the role that opens the page about it.
    private static Item ItemOf(PendingDecision one, Right right, bool seesAll, bool reads) => new(
        one.Kind, one.Id, one.Subject, one.Asked.By.Name, one.AskedAt, seesAll ? one.Digest : null, right.WhoMay,
        seesAll && right.YouMay && !one.IsAnswered, right.YouAsked,
        seesAll ? one.Link : reads ? one.AskersLink : null, seesAll ? one.Command : null);

    private static partial class InboxLog
    {
        [LoggerMessage(Level = LogLevel.Warning, Message = "How much waits for somebody could not be read")]
        public static partial void Unread(ILogger log, Exception exception);
    }
}
