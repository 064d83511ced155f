using System.Text.Json;
using Guerdon.Offers;

namespace Guerdon.Unit.Offers;

public class JobPostingTests
{
    private static readonly Offer Offer = OfferFile.Read(OfferFileTests.Good).Offer!;
    private static readonly DateOnly Posted = new(2026, 11, 21);

    [Fact]
    public void Json_Tokens_StandApartFromTheSalary()
    {
        var json = JsonDocument.Parse(JobPosting.Json(Offer, Posted)).RootElement;

        Assert.Equal("JobPosting", json.GetProperty("@type").GetString());
        Assert.Equal(100_000m, json.GetProperty("baseSalary").GetProperty("value").GetProperty("value").GetDecimal());
        Assert.DoesNotContain("25,000", json.GetProperty("baseSalary").GetRawText(), StringComparison.Ordinal);
        foreach (var name in new[] { "incentiveCompensation", "jobBenefits" })
        {
            Assert.Contains(
                "A compute-token allowance worth EUR 25,000.00 a year", json.GetProperty(name).GetString(),
                StringComparison.Ordinal);
        }

        Assert.Equal("2026-12-31T23:59:59Z", json.GetProperty("validThrough").GetString());
        Assert.Equal("Berlin", json.GetProperty("jobLocation").GetProperty("address")
            .GetProperty("addressLocality").GetString());
        Assert.Equal("DE", json.GetProperty("applicantLocationRequirements").GetProperty("name").GetString());
    }

    [Fact]
    public void Listing_Candidate_IsInNoPartOfIt()
    {
        Assert.DoesNotContain("Lovelace", JobPosting.Json(Offer, Posted), StringComparison.Ordinal);
        Assert.DoesNotContain("Lovelace", JobPosting.Text(Offer), StringComparison.Ordinal);
    }

    [Fact]
    public void Html_ScriptInAName_CannotEndTheElement()
    {
        const string Evil = "</script><script>alert('x')</script><!--";
        var html = JobPosting.Html(JobPosting.Json(Offer with { Employer = Evil }, Posted));

        Assert.Equal(html.LastIndexOf("</script>", StringComparison.Ordinal),
            html.IndexOf("</script>", StringComparison.Ordinal));
        Assert.DoesNotContain("<!--", html, StringComparison.Ordinal);
        var json = html[(html.IndexOf('\n') + 1)..html.LastIndexOf("</script>", StringComparison.Ordinal)];
        Assert.Equal(Evil, JsonDocument.Parse(json).RootElement.GetProperty("hiringOrganization")
            .GetProperty("name").GetString());
    }

    [Fact]
    public void Text_Names_AreNoMarkup() => Assert.StartsWith(
        "# C\\# \\*engineer\\*\n", JobPosting.Text(Offer with { Post = Offer.Post with { Role = "C# *engineer*" } }),
        StringComparison.Ordinal);
}
