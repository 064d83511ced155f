using System.Globalization;

namespace Guerdon.Pricing.TokenValue;

/// <summary>A quarter of a calendar year, in UTC. Written <c>2026Q4</c>.</summary>
public readonly record struct Quarter(int Year, int Number)
{
    /// <summary>Its first instant.</summary>
    public DateTimeOffset Start => new(Year, Number * 3 - 2, 1, 0, 0, 0, TimeSpan.Zero);

    /// <summary>The first instant after it.</summary>
    public DateTimeOffset End => Start.AddMonths(3);

    public Quarter Previous => Number == 1 ? new(Year - 1, 4) : new(Year, Number - 1);

    /// <summary>Reads <c>2026Q4</c>, from 2020 to 2199.</summary>
    public static bool TryParse(string? text, out Quarter quarter)
    {
        quarter = default;
        if (text is not [_, _, _, _, 'Q', >= '1' and <= '4' and var number]) return false;
        var digits = text.AsSpan(0, 4);
        if (!int.TryParse(digits, NumberStyles.None, CultureInfo.InvariantCulture, out var year)) return false;

        quarter = new(year, number - '0');
        return year is >= 2020 and < 2200;
    }

    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{Year:0000}Q{Number}");
}
