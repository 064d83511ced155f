using Guerdon.Approvals;
using Guerdon.Kernel;
using Guerdon.Web.Shared;

namespace Guerdon.Admin.Overview;

/// <summary>A line of what waits for an administrator.</summary>
/// <param name="What">In words: what, of whom, how much.</param>
/// <param name="Hint">Who asked, since when.</param>
/// <param name="Address">Where it is looked at.</param>
/// <param name="IsOwn">The reader asked for it: another decides.</param>
internal sealed record WaitingItem(string What, string Hint, string Address, bool IsOwn);

/// <summary>The inbox in short, for the home page: runs and votes are named each, of other kinds there is one line with
/// how many where there are several. At most a hundred lines.</summary>
internal static class Waiting
{
    private const int Most = 100;

    public static IReadOnlyList<WaitingItem> Of(IReadOnlyList<Inbox.Item> items)
    {
        var lines = items.Where(IsNamed).Select(One)
            .Concat(items.Where(item => !IsNamed(item)).GroupBy(item => (item.Kind, item.YouMay)).Select(Several));
        return [.. lines.OrderBy(line => line.IsOwn).Take(Most)]; // in place otherwise
    }

    private static bool IsNamed(Inbox.Item item) => item.Kind is "run" or "reversal" or "phase";

    private static WaitingItem One(Inbox.Item item) => new(
        item.Subject, $"asked for by {item.AskedBy}, {Show.Day(item.AskedAt)}",
        item.Link ?? "/approvals", !item.YouMay);

    private static WaitingItem Several(IGrouping<(string Kind, bool YouMay), Inbox.Item> of)
    {
        Inbox.Item[] all = [.. of];
        if (all.Length == 1) return One(all[0]);
        var links = all.Select(item => item.Link).Distinct().ToArray();
        return new WaitingItem(
            Wording.Count(all.Length, Word(of.Key.Kind), Words(of.Key.Kind)), $"since {Show.Day(all[0].AskedAt)}",
            links is [{ } link] ? link : "/approvals", !of.Key.YouMay);
    }

    private static string Word(string kind) => kind switch
    {
        "tier" => "request for a tier",
        "prices" => "price list",
        "corrections" => "correction of calls",
        "conversion_reversal" => "reversal of a conversion",
        "gateway_open" => "opening of the gateway",
        _ => kind.Replace('_', ' '),
    };

    private static string? Words(string kind) => kind switch
    {
        "tier" => "requests for tiers",
        "corrections" => "corrections of calls",
        "conversion_reversal" => "reversals of conversions",
        "gateway_policy" => "gateway policies",
        "gateway_open" => "openings of the gateway",
        _ => null,
    };
}
