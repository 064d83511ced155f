using System.Globalization;
using System.Text.Json;
using Guerdon.Kernel;

namespace Guerdon.Metering.Reconciliation;

/// <summary>Members of one object of a report; what is wrong with one is said, and it reads as zero.</summary>
internal sealed class ReportFields(ReportJson of, DateTimeOffset now, Action<ReportJson, string> wrong)
{
    private const long MostTokens = 1_000_000_000_000_000;
    private const int MostText = 300;
    private const long Year2200 = 7_258_118_400;

    public void Wrong(string reason) => wrong(of, reason);

    public ReportFields? Inside(string name) =>
        of.Has(name, out var inner) && inner.Kind == JsonTokenType.StartObject ? new(inner, now, wrong) : null;

    /// <summary>A text, or null where it is absent or null.</summary>
    public string? Text(string name)
    {
        if (!of.Has(name, out var member)) return null;
        if (member.Kind == JsonTokenType.String && InputText.Fault(member.Text, MostText) is null)
            return member.Text;
        wrong(member, $"must be a text of at most {MostText} characters, or null.");
        return null;
    }

    public bool IsTrue(string name) => of.Has(name, out var member) && member.Kind == JsonTokenType.True;

    /// <summary>A count; absent or null: null.</summary>
    public long? CountOrNull(string name)
    {
        if (!of.Has(name, out var member)) return null;
        if (member.Kind == JsonTokenType.Number && long.TryParse(
            member.Text, NumberStyles.None, CultureInfo.InvariantCulture, out var count) && count <= MostTokens)
            return count;
        wrong(member, $"must be a whole number from 0 to {MostTokens:#,0}.");
        return null;
    }

    /// <summary>A count that must be there.</summary>
    public long Count(string name)
    {
        if (!of.Has(name, out _)) wrong(of, $"has no {name}.");
        return CountOrNull(name) ?? 0;
    }

    /// <summary>Money in some unit, of so many nano-USD each. Rounded to a nano-USD, half away from zero.</summary>
    public (long Nanos, string Text) Money(string name, decimal nanosEach)
    {
        if (!of.Has(name, out var member))
        {
            wrong(of, $"has no {name}.");
            return (0, "");
        }

        // A decimal counts in tens, so that 0.06 is 0.06; a double would not do.
        if (member.Kind is JsonTokenType.Number or JsonTokenType.String && member.Text.Length <= 60
            && decimal.TryParse(member.Text, NumberStyles.AllowLeadingSign | NumberStyles.AllowDecimalPoint
                | NumberStyles.AllowExponent, CultureInfo.InvariantCulture, out var amount)
            && Math.Abs(amount) <= 9_000_000_000_000_000_000m / nanosEach)
            return ((long)decimal.Round(amount * nanosEach, 0, MidpointRounding.AwayFromZero), member.Text);
        wrong(member, "is not an amount of money, such as 123.78912.");
        return (0, "");
    }

    /// <summary>Seconds since 1970, as UTC.</summary>
    public DateTime Unix(string name)
    {
        var seconds = Count(name);
        if (seconds < Year2200 && Days.CanHaveHappened(DateTimeOffset.FromUnixTimeSeconds(seconds), now))
            return DateTime.UnixEpoch.AddSeconds(seconds);
        wrong(of, $"has {seconds} as {name}, which {Days.NotHappened(now)}; seconds since 1970 are meant.");
        return DateTime.UnixEpoch;
    }

    /// <summary>A time as RFC 3339 has it, as UTC.</summary>
    public DateTime Time(string name)
    {
        if (of.Has(name, out var member) && member.Kind == JsonTokenType.String && DateTimeOffset.TryParseExact(
            member.Text, ["yyyy-MM-dd'T'HH:mm:ssK", "yyyy-MM-dd'T'HH:mm:ss.FFFFFFK"], CultureInfo.InvariantCulture,
            DateTimeStyles.AssumeUniversal, out var at))
        {
            if (Days.CanHaveHappened(at, now)) return at.UtcDateTime;
            wrong(member, $"{name} {Days.NotHappened(now)}.");
            return DateTime.UnixEpoch;
        }

        wrong(member ?? of, $"needs {name} as 2026-11-01T00:00:00Z.");
        return DateTime.UnixEpoch;
    }
}
