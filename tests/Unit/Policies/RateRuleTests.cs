using Guerdon.Policies;

namespace Guerdon.Unit.Policies;

public class RateRuleTests
{
    [Theory]
    [InlineData(RateScope.Person, 1, null, "1m", null, "rule 2: 1 request a minute per person")]
    [InlineData(RateScope.Person, 60, null, "1h", null, "rule 2: 60 requests an hour per person")]
    [InlineData(RateScope.Model, null, 1, "1d", null, "rule 2: 1 token a day per model")]
    [InlineData(RateScope.PersonAndModel, 2, 5_000, "1d", "plan pilot",
        "rule 2 for plan pilot: 2 requests and 5,000 tokens a day per person and model")]
    public void Words_OfARule_AreItsLimits(
        RateScope per, int? requests, int? tokens, string window, string? whom, string words)
    {
        var span = window switch
        {
            "1m" => TimeSpan.FromMinutes(1),
            "1h" => TimeSpan.FromHours(1),
            _ => TimeSpan.FromDays(1),
        };
        Assert.Equal(words, new RateRule(2, per, [], requests, tokens, span, whom).Words);
        Assert.Equal($"{words} of gpt-5*, o1",
            new RateRule(2, per, ["gpt-5*", "o1"], requests, tokens, span, whom).Words);
    }
}
