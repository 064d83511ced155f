using System.Text;
using Guerdon.Forms;
using Microsoft.AspNetCore.DataProtection;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Primitives;

namespace Guerdon.Unit.Web;

public sealed class FormTokenTests
{
    private static readonly Guid Account = Guid.NewGuid();
    private readonly Clock _clock = new();
    private readonly FormTokens _tokens;

    public FormTokenTests() => _tokens = new FormTokens(new EphemeralDataProtectionProvider(), _clock);

    [Fact]
    public void Read_TheSameFormOfOnePage_IsOneTurnAndAnotherFormAnother()
    {
        var http = new DefaultHttpContext();
        var (first, second) = (_tokens.Of(http, Account, false), _tokens.Of(http, Account, false));

        Assert.Equal(Id(first, "revoke 1"), Id(second, "revoke 1"));
        Assert.NotEqual(Id(first, "revoke 1"), Id(first, "revoke 2"));
        Assert.Equal(Id(first, "revoke 1", "name=a"), Id(first, "revoke 1", "name=b"));
    }

    [Fact]
    public void Read_AnotherPage_IsAnotherTurn() => Assert.NotEqual(
        Id(_tokens.Of(new DefaultHttpContext(), Account, false), "create"),
        Id(_tokens.Of(new DefaultHttpContext(), Account, false), "create"));

    [Fact]
    public void Read_ByContent_IsATurnForEachText()
    {
        var token = _tokens.Of(new DefaultHttpContext(), Account, byContent: true);

        Assert.Equal(Id(token, "plan", "a"), Id(token, "plan", "a"));
        Assert.NotEqual(Id(token, "plan", "a"), Id(token, "plan", "b"));
    }

    [Fact]
    public void Read_AnotherAccountsOldOrNone_IsNone()
    {
        var token = _tokens.Of(new DefaultHttpContext(), Account, false);

        Assert.Null(_tokens.Read(Form(token, "create"), Guid.NewGuid()));
        Assert.Null(_tokens.Read(Form("", "create"), Account));
        Assert.Null(_tokens.Read(Form("none of ours", "create"), Account));
        Assert.Null(_tokens.Read(Form(new string('A', 5_000), "create"), Account));
        _clock.Now += FormTokens.LastsFor - TimeSpan.FromSeconds(1);
        Assert.NotNull(_tokens.Read(Form(token, "create"), Account));
        _clock.Now += TimeSpan.FromSeconds(1);
        Assert.Null(_tokens.Read(Form(token, "create"), Account));
    }

    [Fact]
    public void SealedPage_WithTheCookieThatSentIt_OpensAndWithNoOther()
    {
        var (page, id) = (Encoding.UTF8.GetBytes("<h1>sk-guerdon-secret</h1>"), new byte[32]);
        var whole = SealedPage.Seal(page, "the form cookie", id)!;

        Assert.Equal(page, SealedPage.Open(whole, "the form cookie", id));
        Assert.Null(SealedPage.Open(whole, "another cookie", id));
        Assert.Null(SealedPage.Open(whole, null, id));
        Assert.Null(SealedPage.Open(whole, "the form cookie", [.. id.Select(b => (byte)(b + 1))]));
        Assert.Equal(-1, whole.AsSpan().IndexOf("secret"u8));
    }

    private string Id(string token, string form, string text = "") =>
        Convert.ToHexString(_tokens.Read(Form(token, form, text), Account)!.Id);

    private static FormCollection Form(string token, string form, string text = "") => new(
        new Dictionary<string, StringValues> { [FormTokens.Field] = token, ["_handler"] = form, ["Form.Text"] = text });

    private sealed class Clock : TimeProvider
    {
        public DateTimeOffset Now { get; set; } = new(2026, 11, 28, 12, 0, 0, TimeSpan.Zero);

        public override DateTimeOffset GetUtcNow() => Now;
    }
}
