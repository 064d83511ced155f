using System.CommandLine;
using Guerdon.Kernel;
using Guerdon.Terminal.Tables;
using Guerdon.Terminal.Writing;

namespace Guerdon.Cli.Offers;

/// <summary>What the verbs of <c>guerdon offer</c> have in common. Money is in minor units of the currency.</summary>
internal static class OfferVerbs
{
    internal sealed record Stored(
        string Id, string Name, int Version, string Candidate, string Role, string Employer, bool IsCompetitors,
        DateOnly ValidUntil, string Yaml);

    internal sealed record Stages(long FaceCents, long VestedCents, long ProbableCents, long RiskAdjustedCents);

    internal sealed record Part(string Kind, string Name, Stages AYear, string Explanation);

    internal sealed record Value(
        string Currency, int HorizonYears, IReadOnlyList<Part> Components, Stages InAll, Stages AYear);

    internal sealed record Link(
        string Id, string MadeBy, DateTimeOffset MadeAt, DateTimeOffset ExpiresAt, DateTimeOffset? RevokedAt = null);

    public static Argument<string> Argument() =>
        new("OFFER") { Description = "The offer's name (its newest version) or a version's id." };

    public static string Path(string offer, string rest = "") => $"api/v1/offers/{Uri.EscapeDataString(offer)}{rest}";

    public static string Money(long minor, string currency) => Currencies.FormatMinor(minor, currency);

    public static void Show(Output output, Value value)
    {
        var table = new TextTable().Left($"A year, over {value.HorizonYears}").Right($"Promised, {value.Currency}")
            .Right("Vested").Right("Likely").Right("Risk-adjusted");
        foreach (var part in value.Components) Row(part.Name, part.AYear);
        Row("In all", value.AYear);
        output.Table(table);
        output.Line();
        foreach (var part in value.Components) output.Line($"{part.Name}: {part.Explanation}");

        void Row(string name, Stages s) => table.Row(
            name, Money(s.FaceCents, value.Currency), Money(s.VestedCents, value.Currency),
            Money(s.ProbableCents, value.Currency), Money(s.RiskAdjustedCents, value.Currency));
    }
}
