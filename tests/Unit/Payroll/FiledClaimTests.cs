using Guerdon.Kernel;
using Guerdon.Notices;
using Guerdon.Payroll.Claims;
using Guerdon.Payroll.Pay;
using Guerdon.People;

namespace Guerdon.Unit.Payroll;

/// <summary>What somebody paid for themselves: who may decide it, and which pay line is of it.</summary>
public class FiledClaimTests
{
    private static readonly PersonId Ann = new(Guid.Parse("00000000-0000-7000-8000-000000000001"));
    private static readonly DateTimeOffset Now = new(2026, 11, 21, 10, 0, 0, TimeSpan.Zero);

    private static readonly FiledClaim Approved = new()
    {
        Id = new(Guid.Parse("00000000-0000-7000-8000-0000000000c1")), Person = Ann, Email = "ann@example.com",
        Vendor = "OpenAI", Service = "ChatGPT Plus", SpentOn = new(2026, 11, 2), AmountCents = 2_000, Currency = "EUR",
        Purpose = "Drafts", Receipt = "", ContentType = "image/png", NoticeDays = 7, FiledAt = Now, IsApproved = true,
        Alike = [],
    };

    private static readonly PayLine Line = new()
    {
        Id = default, Person = Ann, Email = "ann@example.com", Kind = PayLine.OfClaim, Form = "cash",
        TaxClass = "reimbursement", Amount = 2_000, Currency = "EUR", Unit = "EUR", PayOn = new(2026, 12, 1),
        Explanation = "", Notice = default(NoticeId), CreatedAt = Now, ApprovedBy = "bo@example.com",
    };

    public static TheoryData<string, PayLine, bool?, string?> Lines() => new()
    {
        { "its own", Line, true, null },
        { "another's", Line with { Person = new(Guid.Empty) }, true, "it is not of the claim it names" },
        { "another currency", Line with { Currency = "USD" }, true, "it is not of the claim it names" },
        { "no currency", Line with { Currency = null }, true, "it is not of the claim it names" },
        { "another tax class", Line with { TaxClass = "cash" }, true, "it is not of the claim it names" },
        { "not decided", Line, null, "its claim is not approved" },
        { "declined", Line, false, "its claim is not approved" },
        { "a cent more", Line with { Amount = 2_001 }, true, "its claim is for 20.00 EUR" },
        { "a cent less", Line with { Amount = 1_999 }, true, "its claim is for 20.00 EUR" },
    };

    [Theory]
    [MemberData(nameof(Lines))]
    public void Problem_OfAPayLine_SaysWhatDiffers(string which, PayLine line, bool? isApproved, string? problem) =>
        Assert.Equal((which, problem), (which, (Approved with { IsApproved = isApproved }).Problem(line)));

    [Theory]
    [InlineData(null, "filed")]
    [InlineData(true, "approved")]
    [InlineData(false, "declined")]
    public void State_OfADecision_IsItsWord(bool? isApproved, string state) =>
        Assert.Equal(state, (Approved with { IsApproved = isApproved }).State);

    [Theory]
    [InlineData(null, false, true)]
    [InlineData(null, true, false)] // nobody decides what is for themselves
    [InlineData(true, false, false)]
    [InlineData(false, false, false)]
    public void MayBeDecidedBy_SomeOther_WhileItIsOpen(bool? isApproved, bool byAnn, bool may)
    {
        var by = byAnn ? new Actor("a@example.com", Ann.Value) : new Actor("bo@example.com", Guid.NewGuid());
        Assert.Equal(may, (Approved with { IsApproved = isApproved }).MayBeDecidedBy(by));
    }

    [Fact]
    public void Asked_OfAClaim_IsByAndForItsPerson()
    {
        var asked = Approved.Asked;
        Assert.True(asked.By.Is(Ann.Value));
        Assert.Equal([Ann.Value], asked.Beneficiaries);
        Assert.Equal($"ann@example.com filed {Approved.Id}", asked.Deed);
        Assert.Equal("ann@example.com, who filed it", asked.Who);
        Assert.Equal($"{Approved.Id} is your own", asked.Benefit);
        Assert.False(asked.LoneAllowed);
    }

    [Fact]
    public void TypeOf_APictureWithTheFirstByteOfAnother_IsNothing()
    {
        byte[] png = [0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A], jpeg = [0xFF, 0xD8, 0xFF];
        Assert.Equal(("image/png", "image/jpeg"), (Receipt.TypeOf(png), Receipt.TypeOf(jpeg)));
        foreach (var type in (byte[][])[png, jpeg])
            for (var i = 0; i < type.Length; i++)
            {
                byte[] other = [.. type];
                other[i] ^= 1;
                Assert.Null(Receipt.TypeOf(other));
            }
    }
}
