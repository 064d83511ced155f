using Guerdon.Payroll;
using Guerdon.Payroll.Claims;

namespace Guerdon.Unit.Payroll;

/// <summary>Receipts are what their first bytes say, whatever their name is.</summary>
public class ReceiptTests
{
    [Theory]
    [InlineData("%PDF-1.7 and more", "application/pdf")]
    [InlineData("%PDF", null)]
    [InlineData("\u0089PNG\r\n\u001a\n", "image/png")]
    [InlineData("\u0089PNG\r\n\u001a", null)]
    [InlineData("\u00ff\u00d8\u00ff", "image/jpeg")]
    [InlineData("GIF89a", null)]
    [InlineData("", null)]
    public void TypeOf_AFile_GoesByItsFirstBytes(string content, string? type) =>
        Assert.Equal(type, Receipt.TypeOf(System.Text.Encoding.Latin1.GetBytes(content)));

    [Theory]
    [InlineData("application/pdf", "pdf")]
    [InlineData("image/png", "png")]
    [InlineData("image/jpeg", "jpg")]
    public void FileName_AType_EndsAsItSays(string type, string ending) =>
        Assert.Equal($"{default(ClaimId)}.{ending}", new Receipt(type, []).FileName(default));
}
