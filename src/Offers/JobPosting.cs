using System.Globalization;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Unicode;
using Guerdon.Kernel;

namespace Guerdon.Offers;

/// <summary>
/// A job listing from an offer: a text, and schema.org's JobPosting. The candidate is in neither; compute tokens stand
/// apart from the salary.
/// </summary>
internal static class JobPosting
{
    // What HTML would read as its own must be escaped; letters of any script need not be.
    private static readonly JsonSerializerOptions Embeddable =
        new() { WriteIndented = true, Encoder = JavaScriptEncoder.Create(UnicodeRanges.All) };

    /// <summary>The listing in Markdown.</summary>
    public static string Text(Offer offer)
    {
        var (post, text) = (offer.Post, new StringBuilder());
        text.Append("# ").Append(Plain(post.Role)).Append("\n\n**").Append(Plain(offer.Employer)).Append("** · ")
            .Append(Plain(OfferWords.Place(post))).Append(" · ").Append(NameOf(post.Employment)).Append("\n\n")
            .Append(Description(offer)).Append("\n\n## Salary\n")
            .Append(OfferWords.Money(offer.Currency, offer.Pay.BaseCents)).Append(" a year.\n");
        if (Incentives(offer) is { Count: > 0 } more)
            text.Append("\n## On top of it\n").AppendJoin('\n', more.Select(m => $"- {m}")).Append('\n');
        if (Tokens(offer) is { } tokens)
            text.Append("\n## Compute tokens\nAn allowance ").Append(tokens).Append('\n');
        if (offer.Benefits.Count > 0)
            text.Append("\n## Benefits\n").AppendJoin('\n', offer.Benefits.Select(b => $"- {Plain(b.Name)}"))
                .Append('\n');
        return text.Append("\nApply until ").Append(offer.ValidUntil.Iso()).Append(".\n").ToString();
    }

    /// <summary>The listing as JSON-LD.</summary>
    /// <param name="offer">Whose.</param>
    /// <param name="posted">When the version was made.</param>
    public static string Json(Offer offer, DateOnly posted)
    {
        var post = offer.Post;
        var json = new JsonObject
        {
            ["@context"] = "https://schema.org",
            ["@type"] = "JobPosting",
            ["title"] = post.Role,
            ["description"] = Description(offer),
            ["datePosted"] = posted.Iso(),
            ["validThrough"] = offer.ValidUntil.Iso() + "T23:59:59Z",
            ["jobStartDate"] = offer.Start.Iso(),
            ["employmentType"] = CodeOf(post.Employment),
            ["hiringOrganization"] = new JsonObject { ["@type"] = "Organization", ["name"] = offer.Employer },
        };
        if (post.Location is { } town)
            json["jobLocation"] = new JsonObject
            {
                ["@type"] = "Place",
                ["address"] = new JsonObject
                {
                    ["@type"] = "PostalAddress", ["addressLocality"] = town, ["addressCountry"] = post.Country,
                },
            };
        if (post.IsRemote)
        {
            json["jobLocationType"] = "TELECOMMUTE";
            json["applicantLocationRequirements"] = new JsonObject { ["@type"] = "Country", ["name"] = post.Country };
        }

        json["baseSalary"] = new JsonObject
        {
            ["@type"] = "MonetaryAmount",
            ["currency"] = offer.Currency,
            ["value"] = new JsonObject
            {
                ["@type"] = "QuantitativeValue", ["value"] = Value(offer), ["unitText"] = "YEAR",
            },
        };
        var incentives = Incentives(offer);
        var tokens = Tokens(offer) is { } allowance ? $"A compute-token allowance {allowance}" : null;
        if (incentives.Count > 0 || tokens is not null)
            json["incentiveCompensation"] = Joined(incentives, tokens);
        if (tokens is not null || offer.Benefits.Count > 0)
            json["jobBenefits"] = Joined([.. offer.Benefits.Select(b => b.Name + ".")], tokens);
        return json.ToJsonString(Embeddable);
    }

    /// <summary>The JSON as a script element: no text in it can end the element.</summary>
    public static string Html(string json) => $"<script type=\"application/ld+json\">\n{json}\n</script>\n";

    private static string Joined(IReadOnlyList<string> some, string? last) =>
        string.Join(' ', last is null ? some : [.. some, last]);

    private static string Description(Offer offer) => offer.Post.Description
        ?? $"{offer.Employer} is hiring: {offer.Post.Role}"
        + (offer.Post.Level is { } level ? $", level {level}" : "") + $", {OfferWords.Place(offer.Post)}.";

    private static List<string> Incentives(Offer offer)
    {
        var some = new List<string>();
        if (OfferValue.BonusOfYear(offer.Pay) is > 0 and var bonus)
            some.Add($"A target bonus of {OfferWords.Money(offer.Currency, bonus)} a year.");
        if (offer.Pay.Signing is { AmountCents: > 0 } signing)
            some.Add($"A signing bonus of {OfferWords.Money(offer.Currency, signing.AmountCents)}.");
        if (offer.Equity is { ValueCents: > 0 } equity)
            some.Add($"Equity of {OfferWords.Money(offer.Currency, equity.ValueCents)}, vesting over "
                + $"{equity.VestingYears} years.");
        return some;
    }

    private static string? Tokens(Offer offer)
    {
        if (offer.Tokens is not { } tokens) return null;
        var worth = OfferWords.Money(offer.Currency, OfferValue.TokensOfYear(tokens, offer.Pay));
        return $"worth {worth} a year to spend on AI services, beside the salary and no part of it"
            + (tokens.IsConvertible ? "; what is not used can become pay." : "; it is not paid out.");
    }

    private static string NameOf(Employment employment) => employment switch
    {
        Employment.FullTime => "full-time",
        Employment.PartTime => "part-time",
        Employment.Contract => "contract",
        Employment.Temporary => "temporary",
        _ => "internship",
    };

    private static string CodeOf(Employment employment) => employment switch
    {
        Employment.FullTime => "FULL_TIME",
        Employment.PartTime => "PART_TIME",
        Employment.Contract => "CONTRACTOR",
        Employment.Temporary => "TEMPORARY",
        _ => "INTERN",
    };

    private static decimal Value(Offer offer) => decimal.Parse(
        Currencies.FormatMinor(offer.Pay.BaseCents, offer.Currency), NumberStyles.Number, CultureInfo.InvariantCulture);


    // Names are escaped, since Markdown must not make anything of them. The description may use Markdown.
    private static string Plain(string name)
    {
        var text = new StringBuilder();
        foreach (var c in name) text.Append("\\`*_[]<>#|".Contains(c) ? $"\\{c}" : $"{c}");
        return text.ToString();
    }
}
