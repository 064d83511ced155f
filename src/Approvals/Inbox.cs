using System.Globalization;
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
    /// <param name="Command">The command that shows it; null: only an administrator has one.</param>
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
    private readonly Dictionary<(Actor Reader, bool Decides), Task<Contents>> _read = [];

    /// <summary>How many wait for an administrator, as the navigation has it; null: nothing waits, or it could not be
    /// read, which is logged: a page that says that the database is away is drawn without it.</summary>
    /// <param name="reader">Who reads.</param>
    /// <param name="isFresh">Whether it must be what the page has; else it may be some seconds old.</param>
    /// <param name="ct">Stops it.</param>
    public async Task<string?> CountAsync(Actor reader, bool isFresh, CancellationToken ct)
    {
        if (!isFresh && counts.TryFind(reader, out var text)) return text;
        try
        {
            return TextOf(await ReadAsync(reader, decides: true, ct));
        }
        catch (Exception e) when (e is not OutOfMemoryException && !ct.IsCancellationRequested)
        {
            InboxLog.Unread(log, e);
            return null;
        }
    }

    /// <summary>What a reader sees.</summary>
    /// <param name="reader">Who reads.</param>
    /// <param name="decides">Whether they run the programme: of others nothing waits.</param>
    /// <param name="ct">Stops it.</param>
    public async Task<Contents> ReadAsync(Actor reader, bool decides, CancellationToken ct)
    {
        if (!_read.TryGetValue((reader, decides), out var reading))
            _read[(reader, decides)] = reading = ReadAgainAsync(reader, decides, ct);
        try
        {
            return await reading;
        }
        catch (Exception) when (_read.Remove((reader, decides))) // whoever asks next tries again
        {
            throw;
        }
    }

    private async Task<Contents> ReadAgainAsync(Actor reader, bool decides, CancellationToken ct)
    {
        var known = new InboxReader(await fourEyes.KnownAsync(reader, ct), decides);
        var me = known.Who;
        var (pending, isCut) = (new List<PendingDecision>(), false);
        foreach (var source in sources)
        {
            var found = await source.ListAsync(known, MostOfKind + 1, ct);
            isCut |= found.Count > MostOfKind;
            pending.AddRange(found.Take(MostOfKind));
        }

        if (!decides) pending.RemoveAll(one => !IsForAsker(one, me));
        var rights = await fourEyes.RightsAsync([.. pending.Select(p => p.Asked)], me, ct);
        var items = pending.Zip(rights, (one, right) => ItemOf(one, right, decides))
            .Where(item => item.YouMay || item.YouAsked)
            .OrderBy(item => item, InboxOrder.Default);
        var contents = new Contents([.. items], isCut);
        if (decides) counts.Put(reader, TextOf(contents));
        return contents;
    }

    private static string? TextOf(Contents contents) => contents.ForYou == 0 ? null : contents.ForYouText;

    // Somebody who ran the programme once may have asked for what pays others, which they must no longer read.
    private static bool IsForAsker(PendingDecision one, Actor reader) =>
        one.AskersLink is not null && one.Asked.Beneficiaries.Any(reader.Is);

    private static Item ItemOf(PendingDecision one, Right right, bool decides) => new(
        one.Kind, one.Id, one.Subject, one.Asked.By.Name, one.AskedAt, decides ? one.Digest : null, right.WhoMay,
        decides && right.YouMay && !one.IsAnswered, right.YouAsked,
        decides ? one.Link : one.AskersLink, decides ? one.Command : null);

    private static partial class InboxLog
    {
        [LoggerMessage(Level = LogLevel.Warning, Message = "How much waits for an administrator could not be read")]
        public static partial void Unread(ILogger log, Exception exception);
    }
}
