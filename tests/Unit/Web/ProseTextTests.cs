using Guerdon.Web.Shared;

namespace Guerdon.Unit.Web;

public sealed class ProseTextTests
{
    [Theory]
    [InlineData("from 2026-11-01 to 2026-11-30", "from 1 Nov 2026 to 30 Nov 2026")]
    [InlineData("plan allowance-2026, 2026-11", "plan allowance-2026, November 2026")]
    [InlineData("7500.000000000 of pay", "7,500.00 of pay")]
    [InlineData("1,234.567891234 USD", "$1,234.56")]
    [InlineData("USD 0.000000925 a token", "$0.000000925 a token")]
    [InlineData("8.999999999 USD", "$8.99")]
    [InlineData("5,432.186 tokens", "5,432.186 tokens")]
    [InlineData("10% of 90,000.00 EUR", "10% of 90,000.00 EUR")]
    [InlineData("300 USD", "$300.00")]
    [InlineData("At 1.00 USD a million tokens", "At $1.00 a million tokens")]
    [InlineData("At 1.333 USD a million tokens", "At $1.333 a million tokens")]
    [InlineData("90,000.00 EUR, at 1.0834 USD each, is", "90,000.00 EUR, at $1.0834 each, is")]
    [InlineData("version 1.2.3, 2026-13-01", "version 1.2.3, 2026-13-01")]
    [InlineData("", "")]
    public void Of_KeptSentences_HaveTheFormOfPages(string kept, string shown) =>
        Assert.Equal(shown, ProseText.Of(kept).Replace('\u00A0', ' '));
}
