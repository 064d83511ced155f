using Guerdon.Offers;

namespace Guerdon.Unit.Offers;

/// <summary>Each figure of an offer at the bound of what is taken, and next to it.</summary>
public class OfferFileBoundsTests
{
    [Theory]
    [InlineData("base_pay: 100000", "base_pay: 0", true)]
    [InlineData("base_pay: 100000", "base_pay: 1000000000", true)]
    [InlineData("horizon_years: 4", "horizon_years: 1", true)]
    [InlineData("horizon_years: 4", "horizon_years: 10", true)]
    [InlineData("horizon_years: 4", "horizon_years: 0", false)]
    [InlineData("target: 10% ", "target: 100% ", true)]
    [InlineData("target: 10% ", "target: 0% ", true)]
    [InlineData("target: 10% ", "target: 100.0001% ", false)]
    [InlineData("target: 10% ", "target: 10000 ", true)]
    [InlineData("probability: 80%", "probability: 0%", true)]
    [InlineData("clawback_months: 12", "clawback_months: 0", true)]
    [InlineData("clawback_months: 12", "clawback_months: 60", true)]
    [InlineData("vesting_years: 4", "vesting_years: 10", true)]
    [InlineData("vesting_years: 4", "vesting_years: 11", false)]
    [InlineData("vesting_years: 4", "vesting_years: 1", true)]
    [InlineData("vesting_years: 4", "vesting_years: 0", false)]
    [InlineData("cliff_months: 12", "cliff_months: 48", true)]
    [InlineData("cliff_months: 12", "cliff_months: 0", true)]
    [InlineData("mode: on-top", "mode: carve-out", true)]
    [InlineData("share: 25%  ", "share: 100%  ", true)]
    [InlineData("share: 25%              # or `yearly: 25000` without basis and mode\n  basis: base\n  mode: on-top",
        "share: 100%\n  basis: base\n  mode: carve-out", false)]
    [InlineData("share: 25%              # or `yearly: 25000` without basis and mode\n  basis: base\n  mode: on-top",
        "yearly: 25000", true)]
    [InlineData("share: 25%              # or `yearly: 25000` without basis and mode\n  basis: base\n", "yearly: 1\n  ",
        false)] // the mode of a share that is not there
    [InlineData("convertible: false\n  usability: 70%", "convertible: true\n  usability: 100%", true)]
    [InlineData("convertible: false\n  usability: 70%", "convertible: true", true)]
    [InlineData("convertible: false\n  usability: 70%", "convertible: false", false)] // must be said
    [InlineData("start: 2027-02-01", "start: 2020-01-01", true)]
    [InlineData("start: 2027-02-01", "start: 2019-12-31", false)]
    [InlineData("remote: true", "remote: false", true)]
    [InlineData("location: Berlin\nremote: true", "remote: true", true)]
    [InlineData("location: Berlin\nremote: true", "remote: false", false)]
    [InlineData("employment: full-time", "employment: intern", true)]
    [InlineData("employment: full-time", "employment: other", false)]
    [InlineData("role: Senior engineer", "role: \"a \\ud83d\\ude00\"", true)]
    public void Read_AFigure_IsTakenUpToItsBound(string good, string other, bool isTaken)
    {
        Assert.Contains(good, OfferFileTests.Good, StringComparison.Ordinal);
        var (offer, errors) = OfferFile.Read(OfferFileTests.Good.Replace(good, other, StringComparison.Ordinal));
        Assert.Equal((isTaken, isTaken), (offer is not null, errors.Count == 0));
    }

    [Theory]
    [InlineData("role", 200, true)]
    [InlineData("role", 201, false)]
    [InlineData("level", 40, true)]
    [InlineData("level", 41, false)]
    [InlineData("description", 10_000, true)]
    [InlineData("description", 10_001, false)]
    public void Read_ALongText_IsTakenUpToItsBound(string key, int length, bool isTaken)
    {
        var lines = OfferFileTests.Good.Split('\n').Select(line =>
            line.StartsWith($"{key}:", StringComparison.Ordinal) ? $"{key}: {new string('x', length)}" : line);
        Assert.Equal(isTaken, OfferFile.Read(string.Join('\n', lines)).Offer is not null);
    }

    [Theory]
    [InlineData(20, true)]
    [InlineData(21, false)]
    public void Read_Benefits_AreTwentyAtMost(int count, bool isTaken)
    {
        var more = string.Concat(Enumerable.Range(3, count - 2).Select(i => $"  - name: B{i}\n    yearly: 1\n"));
        var yaml = OfferFileTests.Good.Replace("benefits:\n", $"benefits:\n{more}", StringComparison.Ordinal);
        Assert.Equal(isTaken, OfferFile.Read(yaml).Offer is not null);
    }

    [Theory]
    [InlineData("  amount: 12000")]
    [InlineData("  vesting_years: 4")]
    [InlineData("  probability: 80%")]
    [InlineData("  basis: base")]
    [InlineData("horizon_years: 4")]
    public void Read_AnUnknownKey_IsAnErrorInEachMapping(string line)
    {
        var odd = $"{line}\n{line[..^line.TrimStart().Length]}odd: 1";
        Assert.Single(OfferFile.Read(OfferFileTests.Good.Replace(line, odd, StringComparison.Ordinal)).Errors);
    }
}
