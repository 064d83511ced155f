using System.Globalization;

namespace Guerdon.Approvals;

/// <summary>The order of the inbox: what waits for the reader first, then the oldest. A page goes on after the last
/// line of the one before, also where that has been decided meanwhile.</summary>
internal sealed class InboxOrder : IComparer<Inbox.Item>
{
    private const char Between = '.';

    public static readonly InboxOrder Default = new();

    public int Compare(Inbox.Item? x, Inbox.Item? y) =>
        x is null || y is null ? Comparer<bool>.Default.Compare(x is not null, y is not null)
            : Place.Of(x).CompareTo(Place.Of(y));

    /// <summary>Where a line stands. Its text is what the next page is asked for by.</summary>
    public readonly record struct Place(int Group, long Micros, string Kind, string Id) : IComparable<Place>
    {
        public static Place Of(Inbox.Item item) => new(
            item.YouMay ? 0 : 1, (item.AskedAt - DateTimeOffset.UnixEpoch).Ticks / TimeSpan.TicksPerMicrosecond,
            item.Kind, item.Id);

        public static bool TryParse(string text, out Place place)
        {
            place = default;
            if (text.Split(Between, 4) is not [var group, var micros, var kind, var id]) return false;
            if (group is not ("0" or "1")
                || !long.TryParse(micros, NumberStyles.None, CultureInfo.InvariantCulture, out var at)) return false;
            place = new Place(group == "0" ? 0 : 1, at, kind, id);
            return true;
        }

        public int CompareTo(Place other)
        {
            var order = (Group, Micros).CompareTo((other.Group, other.Micros));
            if (order == 0) order = string.CompareOrdinal(Kind, other.Kind);
            return order == 0 ? string.CompareOrdinal(Id, other.Id) : order;
        }

        public override string ToString() =>
            string.Create(CultureInfo.InvariantCulture, $"{Group}{Between}{Micros}{Between}{Kind}{Between}{Id}");
    }
}
