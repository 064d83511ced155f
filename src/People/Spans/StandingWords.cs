using Guerdon.Kernel;

namespace Guerdon.People.Spans;

/// <summary>What is true of somebody in words, part by part, by the names that <see cref="Timeline"/> has. No I/O.
/// </summary>
internal static class StandingWords
{
    /// <summary>Pay with its currency, which are one thing.</summary>
    public const string Pay = "pay";

    /// <summary>Each part by its name, and how it is said; null: there is none. Addresses of managers are the caller's.
    /// </summary>
    public static IReadOnlyList<(string Name, Func<Standing, IReadOnlyDictionary<Guid, string>, string?> Of)> Parts
    {
        get;
    } =
    [
        ("team", (s, _) => s.Team), ("role", (s, _) => s.Role), ("level", (s, _) => s.Level),
        ("country", (s, _) => s.Country), ("cost_centre", (s, _) => s.CostCentre), (Pay, (s, _) => PayOf(s)),
        ("legal_entity", (s, _) => s.LegalEntity),
        ("manager", (s, managers) => s.Manager is { } one ? managers.GetValueOrDefault(one.Value, $"{one}") : null),
        ("employment", (s, _) => s.Employment), ("part_time", (s, _) => PartTime(s.PartTimeBp)),
        ("leave", (s, _) => Leave(s.Leave, s.LeavePay)), ("time_zone", (s, _) => s.TimeZone),
    ];

    /// <summary>A part of full time as it is written: <c>80%</c>.</summary>
    public static string PartTime(int bp) => $"{Decimals.Format(bp, 2, 0)}%";

    /// <summary>A leave: <c>parental</c>, or <c>parental (unpaid)</c>.</summary>
    public static string? Leave(string? kind, string? pay) => pay == Standing.Unpaid ? $"{kind} ({pay})" : kind;

    /// <summary>A year's pay.</summary>
    public static string PayOf(Standing of) =>
        $"base {Currencies.Plain(of.BasePayCents, of.Currency)}, "
        + $"total {Currencies.Plain(of.TotalPayCents, of.Currency)} {of.Currency} a year";
}
