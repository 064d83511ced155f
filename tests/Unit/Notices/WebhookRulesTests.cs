using System.Net;
using Guerdon.Notices.Webhook;

namespace Guerdon.Unit.Notices;

/// <summary>A webhook that cannot work as it is set, or would call what it must not, stops the start.</summary>
public sealed class WebhookRulesTests
{
    private static readonly WebhookOptions Right = new()
    {
        Address = "https://hooks.example.com/guerdon?team=1", Secret = "0123456789abcdef0123456789abcdef",
    };

    [Fact]
    public void Validate_NothingOrWhatIsRight_IsTaken()
    {
        Assert.Empty(Wrong(new()));
        Assert.Empty(Wrong(Right));
        Assert.Empty(Wrong(Right with { Address = "http://10.1.2.3:8000/x", LocalAddresses = ["10.0.0.0/8"] }));
    }

    [Fact]
    public void Validate_WhatIsWrong_IsSaidBySettingWithoutTheSecret()
    {
        Says(new() { Secret = Right.Secret }, "Address: is missing");
        Says(Right with { Address = "hooks.example.com" }, "Address: must be https");
        Says(Right with { Address = "http://hooks.example.com" }, "Address: must be https");
        Says(Right with { Address = "https://u:p@hooks.example.com" }, "Address: must be https");
        Says(Right with { Address = "file:///etc/passwd" }, "Address: must be https");
        Says(Right with { Address = "http://10.1.2.3" }, "Address: 10.1.2.3 is on this machine or in a private");
        Says(Right with { Address = "https://localhost/x" }, "Address: localhost is on this machine");
        Says(Right with { Address = "https://[::1]/x" }, "Address: [::1] is on this machine");
        Says(Right with { Address = "https://169.254.169.254", LocalAddresses = ["169.254.169.254"] },
            "Address: 169.254.169.254 is an address of the link");
        Says(Right with { LocalAddresses = ["a/b"] }, "LocalAddresses: 'a/b' is not a host");
        Says(Right with { Secret = "" }, "Secret: is missing");
        Says(Right with { Secret = "short-secret" }, "Secret: has fewer than 32");
        Says(Right with { Secret = new string('x', 300) }, "Secret: has more than 256");
        Says(Right with { Secret = Right.Secret + " \u00e9" }, "Secret: has a space");
        Says(Right with { SecondSecret = "short-secret" }, "SecondSecret: has fewer than 32");
    }

    [Fact]
    public void Signature_KnownBodyTimeAndSecret_IsWhatAnybodyComputes() => Assert.Equal(
        // printf '1767225600.{"a":1}' | openssl dgst -sha256 -hmac 0123456789abcdef0123456789abcdef
        "v1=" + KnownSignature,
        WebhookSignature.Of("1767225600", "{\"a\":1}"u8, [Right.Secret]));

    [Theory]
    [InlineData(200, "Sent")]
    [InlineData(204, "Sent")]
    [InlineData(301, "Away")]
    [InlineData(400, "Later")]
    [InlineData(401, "Away")]
    [InlineData(410, "Away")]
    [InlineData(413, "Later")]
    [InlineData(422, "Later")]
    [InlineData(429, "Away")]
    [InlineData(500, "Away")]
    [InlineData(503, "Away")]
    public void OutcomeOf_Status_IsAboutTheNoticeOrTheReceiver(int status, string outcome) =>
        Assert.Equal(outcome, $"{WebhookChannel.OutcomeOf((HttpStatusCode)status).Kind}");

    [Fact]
    public void Options_AsText_HaveNoSecret() =>
        Assert.DoesNotContain(Right.Secret, $"{Right}", StringComparison.Ordinal);

    private const string KnownSignature = "5a178d9c0a752b5853bf52551646d72a3506620c785b7cfaf493f8b2adddfbdd";

    private static void Says(WebhookOptions options, string reason)
    {
        var wrong = Wrong(options);
        Assert.Contains(wrong, said => said.StartsWith("Notices:Webhook:" + reason, StringComparison.Ordinal));
        Assert.DoesNotContain(wrong, said => said.Contains(Right.Secret, StringComparison.Ordinal));
        Assert.DoesNotContain(wrong, said => said.Contains("short-secret", StringComparison.Ordinal));
    }

    private static string[] Wrong(WebhookOptions options) =>
        [.. new WebhookRules().Validate(null, options).Failures ?? []];
}
