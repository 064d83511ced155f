using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;

namespace Guerdon.Admin.Offers;

/// <summary>
/// The form of an offer, as text. It becomes the file that the command line sends, so that one reader judges both.
/// </summary>
internal sealed class OfferForm
{
    private static readonly JsonSerializerOptions Quotes =
        new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping }; // YAML takes JSON's strings as they are

    public string? Offer { get; set; }
    public string? Employer { get; set; }
    public string? Competitor { get; set; }
    public string? Candidate { get; set; }
    public string? Role { get; set; }
    public string? Level { get; set; }
    public string? Country { get; set; }
    public string? Location { get; set; }
    public string? Remote { get; set; }
    public string? Description { get; set; }
    public string? Currency { get; set; }
    public string? Start { get; set; }
    public string? ValidUntil { get; set; }
    public string? Years { get; set; }
    public string? BasePay { get; set; }
    public string? BonusTarget { get; set; }
    public string? BonusProbability { get; set; }
    public string? Signing { get; set; }
    public string? Clawback { get; set; }
    public string? Equity { get; set; }
    public string? VestingYears { get; set; }
    public string? Cliff { get; set; }
    public string? EquityProbability { get; set; }
    public string? Tokens { get; set; }
    public string? Basis { get; set; }
    public string? Mode { get; set; }
    public string? Expires { get; set; }
    public string? Convertible { get; set; }
    public string? Usability { get; set; }
    public string? Benefit { get; set; }
    public string? BenefitYearly { get; set; }

    /// <summary>The file that says the same; what is blank is left out.</summary>
    public string ToYaml()
    {
        var text = new StringBuilder();
        Section(text, null, ("offer", Offer), ("employer", Employer), ("competitor", Yes(Competitor)),
            ("candidate", Candidate), ("role", Role), ("level", Level), ("country", Country), ("location", Location),
            ("remote", Yes(Remote)), ("description", Description?.ReplaceLineEndings("\n")), ("currency", Currency),
            ("start", Start), ("valid_until", ValidUntil), ("horizon_years", Years), ("base_pay", BasePay));
        if (Has(BonusTarget)) Section(text, "bonus", ("target", BonusTarget), ("probability", BonusProbability));
        if (Has(Signing)) Section(text, "signing_bonus", ("amount", Signing), ("clawback_months", Clawback));
        if (Has(Equity))
            Section(text, "equity", ("value", Equity), ("vesting_years", VestingYears), ("cliff_months", Cliff),
                ("probability", EquityProbability));
        if (Has(Tokens))
        {
            var isShare = Tokens!.Trim().EndsWith('%');
            Section(text, "tokens", (isShare ? "share" : "yearly", Tokens), ("basis", isShare ? Basis : null),
                ("mode", isShare ? Mode : null), ("expires_after", Expires), ("convertible", Yes(Convertible)),
                ("usability", Has(Convertible) ? null : Usability));
        }

        if (Has(Benefit))
            text.Append("benefits:\n  - name: ").Append(Quoted(Benefit!)).Append("\n    yearly: ")
                .Append(Quoted(BenefitYearly ?? "")).Append('\n');
        return text.ToString();
    }

    private static void Section(
        StringBuilder text, string? name, params ReadOnlySpan<(string Key, string? Value)> entries)
    {
        if (name is not null) text.Append(name).Append(":\n");
        foreach (var (key, value) in entries)
        {
            if (!Has(value)) continue;
            text.Append(name is null ? "" : "  ").Append(key).Append(": ").Append(Quoted(value!)).Append('\n');
        }
    }

    private static string Quoted(string value) => JsonSerializer.Serialize(value.Trim(), Quotes);

    private static string? Yes(string? box) => Has(box) ? "true" : null;

    private static bool Has(string? value) => !string.IsNullOrWhiteSpace(value);
}
