using System.Text.Json;
using System.Text.Json.Nodes;
using Guerdon.OpenId.Arrivals;
using Guerdon.OpenId.Logout;
using Guerdon.OpenId.Providers;
using Microsoft.IdentityModel.JsonWebTokens;

namespace Guerdon.Unit.OpenId;

/// <summary>What is read of what a provider says; nothing of it is taken for more than it says.</summary>
public sealed class ProviderClaimsTests
{
    private static readonly DateTimeOffset Now = new(2026, 11, 30, 12, 0, 0, TimeSpan.Zero);

    private static ProviderClaims? Of(string says, string? info = null) => ProviderClaims.Of(
        new JsonWebTokenHandler { SetDefaultTimesOnTokenCreation = false }.CreateToken(says),
        info is null ? null : JsonDocument.Parse(info).RootElement, "groups");

    [Theory]
    [InlineData("""{"sub":"s","email":"Ada@Example.com","email_verified":true}""", null, "ada@example.com")]
    [InlineData("""{"sub":"s","email":"a@x","email_verified":"true"}""", null, "a@x")]
    [InlineData("""{"sub":"s","email":"a@x","xms_edov":1}""", null, "a@x")]
    [InlineData("""{"sub":"s","email":"a@x","email_verified":false}""", null, null)]
    [InlineData("""{"sub":"s","email":"a@x","email_verified":"false"}""", null, null)]
    [InlineData("""{"sub":"s","email":"a@x"}""", null, null)]
    [InlineData("""{"sub":"s","email":["a@x"],"email_verified":true}""", null, null)]
    [InlineData("""{"sub":"s"}""", """{"sub":"s","email":"a@x","email_verified":true}""", "a@x")]
    [InlineData("""{"sub":"s","email":"ada@example.com\u212a","email_verified":true}""", null, null)]
    [InlineData(
        """{"iss":"https://accounts.google.com","sub":"s","email":"a@x.com","email_verified":true}""", null, null)]
    [InlineData(
        """{"iss":"https://accounts.google.com","sub":"s","email":"a@x.com","email_verified":true,"hd":"x.com"}""",
        null, "a@x.com")]
    [InlineData(
        """{"iss":"https://accounts.google.com","sub":"s","email":"a@x.com","email_verified":true,"hd":"y.com"}""",
        null, null)]
    [InlineData(
        """{"iss":"https://accounts.google.com","sub":"s","email":"a@gmail.com","email_verified":true}""", null,
        "a@gmail.com")]
    // What vouches for one address does not vouch for another.
    [InlineData("""{"sub":"s","email":"a@x"}""", """{"sub":"s","email_verified":true}""", null)]
    public void Email_CountsWhereTheProviderVouchesForIt(string says, string? info, string? email) =>
        Assert.Equal(email, Of(says, info)!.Email);

    [Theory]
    [InlineData("""{"sub":"s","groups":["a","b"]}""", "a b")]
    [InlineData("""{"sub":"s","groups":"a"}""", "a")]
    [InlineData("""{"sub":"s","groups":[]}""", "")]
    [InlineData("""{"sub":"s"}""", "")] // some leave an empty list out
    [InlineData("""{"sub":"s","groups":null}""", null)]
    [InlineData("""{"sub":"s","groups":{"a":1}}""", null)]
    [InlineData("""{"sub":"s","groups":["a",1]}""", null)]
    [InlineData("""{"sub":"s","groups":["a"],"hasgroups":true}""", null)]
    [InlineData("""{"sub":"s","groups":["a"],"hasgroups":"true"}""", null)]
    [InlineData("""{"sub":"s","_claim_names":{"groups":"src1"},"_claim_sources":{"src1":{}}}""", null)]
    [InlineData("""{"sub":"s","groups":["a"],"_claim_names":{"other":"src1"}}""", "a")]
    public void Groups_AreKnownOrNot(string says, string? groups) =>
        Assert.Equal(groups, Of(says)!.Groups is { } all ? string.Join(' ', all) : null);

    [Theory]
    [InlineData("{}")]
    [InlineData("""{"sub":""}""")]
    [InlineData("""{"sub":7}""")]
    [InlineData("""{"sub":"a\u0000b"}""")]
    public void Subject_ThatIsNone_IsNobody(string says) => Assert.Null(Of(says));

    [Theory]
    [InlineData("auth_time", "1796040000", true)]
    [InlineData("auth_time", "\"1796040000\"", false)]
    [InlineData("auth_time", "1e300", false)]
    [InlineData("auth_time", "-5", false)]
    public void Time_IsASecondOrNothing(string name, string value, bool isThere) =>
        Assert.Equal(isThere, Of($$"""{"sub":"s","{{name}}":{{value}}}""")!.ShownAt is not null);

    [Fact]
    public void LogoutToken_OfTheStandard_IsRead()
    {
        var says = new JsonObject
        {
            ["iat"] = Now.ToUnixTimeSeconds(), ["jti"] = "j", ["sub"] = "s",
            ["events"] = new JsonObject { ["http://schemas.openid.net/event/backchannel-logout"] = new JsonObject() },
        };
        LogoutToken? Read() => LogoutToken.Of(
            JsonDocument.Parse(says.ToJsonString()).RootElement, Now, TimeSpan.FromMinutes(1), out _);
        Assert.Equal(new LogoutToken("j", null, "s", Now), Read());
        says["nonce"] = "n";
        Assert.Null(Read());
    }

    [Theory]
    [InlineData("https://login.example.com", true)]
    [InlineData("https://login.example.com/realms/a", true)]
    [InlineData("http://127.0.0.1:8080", true)]
    [InlineData("http://localhost:8080", true)]
    [InlineData("http://[::1]:8080", true)]
    [InlineData("http://localhost.evil.example", false)]
    [InlineData("http://10.0.0.7", false)]
    [InlineData("http://login.example.com", false)]
    [InlineData("https://user@login.example.com", false)]
    [InlineData("https://login.example.com/?a=b", false)]
    [InlineData("https://login.example.com/#a", false)]
    [InlineData("ftp://login.example.com", false)]
    [InlineData("login.example.com", false)]
    [InlineData("", false)]
    public void Issuer_IsHttpsOrOnThisMachine(string issuer, bool isOne) =>
        Assert.Equal(isOne, ProviderRules.IsIssuer(issuer));
}
