using Guerdon.Kernel;
using Guerdon.Payroll.Conversions;
using Guerdon.Payroll.Terms;
using Guerdon.People;

namespace Guerdon.Unit.Payroll;

/// <summary>Who may decide a conversion, and what is hashed of it.</summary>
public class ConversionTests
{
    private static readonly DateTimeOffset Now = new(2026, 11, 21, 10, 0, 0, TimeSpan.Zero);
    private static readonly PersonId Ann = new(Guid.Parse("00000000-0000-7000-8000-000000000001"));
    private static readonly Guid Bo = Guid.NewGuid(), Cy = Guid.NewGuid();

    private static readonly Conversion Asked = new()
    {
        Id = new(Guid.Parse("00000000-0000-7000-8000-0000000000cc")), Person = Ann, Email = "ann@example.com",
        Key = "k", Form = PayForms.Cash, TaxClass = "convertible_cash", AskedMilli = 2_500, AmountMilli = 2_000,
        Units = 1_250,
        Currency = "EUR", Unit = "EUR", Rate = new(5, 8), Window = "w", RequestedBy = "bo@example.com",
        RequestedByPerson = Bo, RequestedAt = Now, LockUntil = Now.AddDays(1), NoticeDays = 7,
        Now = new(1, ConversionState.Locked, "bo@example.com", Now, null), Approval = null,
        Lots = [new(1, 1_500), new(2, 500)],
    };

    [Theory]
    [InlineData(ConversionState.Locked, "cy", true)]
    [InlineData(ConversionState.Locked, "bo", false)] // who asked
    [InlineData(ConversionState.Locked, "ann", false)] // whom it is for
    [InlineData(ConversionState.ReversalAsked, "bo", true)] // another asked for the reversal
    [InlineData(ConversionState.ReversalAsked, "cy", false)]
    [InlineData(ConversionState.ReversalAsked, "ann", false)]
    [InlineData(ConversionState.Approved, "cy", false)]
    [InlineData(ConversionState.Settled, "cy", false)]
    [InlineData(ConversionState.ReversalDeclined, "cy", false)]
    public void MayBeApprovedBy_SomeOther_WhileItWaits(string state, string by, bool may)
    {
        var conversion = Asked with { Now = new(2, state, "cy@example.com", Now, null) { ByPerson = Cy } };
        var person = by switch { "ann" => Ann.Value, "bo" => Bo, _ => Cy };
        Assert.Equal(may, conversion.MayBeApprovedBy(new Actor(by, person)));
    }

    [Fact]
    public void MayBeDeclinedBy_Anybody_ButTheirOwn()
    {
        Assert.True(Asked.MayBeDeclinedBy(new Actor("bo", Bo)));
        Assert.False(Asked.MayBeDeclinedBy(new Actor("ann", Ann.Value)));
    }

    [Fact]
    public void Request_InWords_NamesWhoAskedAndWhomItIsFor()
    {
        Assert.Equal("not ann@example.com, whom it is for", Asked.Request.NotWho);
        Assert.Equal($"bo@example.com asked for {Asked.Id}", Asked.Request.Deed);
        Assert.Equal($"{Asked.Id} is for you", Asked.Request.Benefit);
        Assert.Null((Asked with { RequestedByPerson = Ann.Value }).Request.NotWho); // they are told as whoever asked
        Assert.Equal($"bo@example.com asked for the reversal of {Asked.Id}", Asked.Reversal.Deed);
        Assert.Equal("bo@example.com, who asked for the reversal", Asked.Reversal.Who);
        Assert.Equal("12.50 EUR", Asked.Pays);
    }

    [Fact]
    public void Evidence_OfAConversion_IsTheHashOfItsFields()
    {
        var fields = $"guerdon/conversion/1\n{Asked.Id}\n{Ann}\nk\ncash\nconvertible_cash\n2500\n2000\n1250\nEUR\nEUR\n"
            + "5\n8\nw\nbo@example.com\n2026-11-21T10:00:00.0000000Z\n2026-11-22T10:00:00.0000000Z\n7\n";
        Assert.Equal(Hash($"{fields}\n\n1 1500\n2 500"), Asked.Evidence());
        Assert.Equal(Hash($"{fields}\n\n1 1500\n2 500\nworth 9 "), (Asked with { WorthNanos = 9 }).Evidence());
        Assert.Equal(Hash($"{fields}\n\n1 1500\n2 500\nworth 9 8"),
            (Asked with { WorthNanos = 9, PaysNanos = 8 }).Evidence());
        var approved = Asked with { Approval = new(2, ConversionState.Approved, "cy@example.com", Now, null) };
        Assert.Equal(Hash($"{fields}cy@example.com\n2026-11-21T10:00:00.0000000Z\n1 1500\n2 500"), approved.Evidence());

        static byte[] Hash(string text) =>
            System.Security.Cryptography.SHA256.HashData(System.Text.Encoding.UTF8.GetBytes(text));
    }
}
