using Guerdon.Notices;
using Guerdon.Notices.Email;

namespace Guerdon.Unit.Notices;

/// <summary>E-mail that cannot work as it is set stops the start, with a sentence that names the setting.</summary>
public sealed class EmailRulesTests
{
    private static readonly EmailOptions Right = new() { Server = "smtp.example.com", From = "guerdon@example.com" };
    private static readonly NoticeLinks Links = new(new Uri("https://guerdon.example.com"));

    [Fact]
    public void Validate_NothingOrWhatIsRight_IsTaken()
    {
        Assert.Empty(Wrong(new()));
        Assert.Empty(Wrong(Right));
        Assert.Empty(Wrong(Right with { User = "u", Password = "p" }));
        Assert.Empty(Wrong(Right with { Server = "10.0.0.5", Tls = EmailTls.None }));
        Assert.Empty(Wrong(Right with { Server = "relay", Tls = EmailTls.None }));
        Assert.Empty(Wrong(Right with { WithText = false }));
    }

    [Fact]
    public void Validate_WhatIsWrong_IsSaidBySettingWithoutThePassword()
    {
        Says(new() { From = "guerdon@example.com" }, "Server: is missing");
        Says(new() { PasswordFile = "/x" }, "Server: is missing");
        Says(Right with { Server = "smtp.example.com:587" }, "Server: is not a host");
        Says(Right with { Server = "https://smtp.example.com" }, "Server: is not a host");
        Says(Right with { Tls = EmailTls.None }, "Tls: None sends notices in the clear");
        Says(Right with { Tls = (EmailTls)7 }, "Tls: must be");
        Says(Right with { From = "" }, "From: is not an address");
        Says(Right with { From = "guerdon" }, "From: is not an address");
        Says(Right with { From = "a@example.com, b@example.com" }, "From: is not an address");
        Says(Right with { From = "G <a@example.com>" }, "From: is not an address");
        Says(Right with { From = "a@example.com\r\nBcc: b@example.com" }, "From: is not an address");
        Says(Right with { FromName = "a\nb" }, "FromName: must be one line");
        Says(Right with { User = "u" }, "Password: is missing");
        Says(Right with { Password = "se-cret" }, "User: is missing");
        Says(Right with { User = "u", Password = "se-cret", PasswordFile = "/x" }, "PasswordFile: is set beside");
        Says(Right with { User = "u", PasswordFile = "/nobody/has/this" }, "PasswordFile: names no file");
        Says(Right with { User = "u", Password = "se-cret", Tls = EmailTls.None, Server = "relay" },
            "Tls: None would send the password");
        Says(Right with { Authority = "/nobody/has/this" }, "Authority: names no file: name a PEM file");
    }

    [Fact]
    public void Validate_PasswordFile_HasThePasswordInItsFirstLine()
    {
        var file = Path.GetTempFileName();
        try
        {
            var options = Right with { User = "u", PasswordFile = file };
            Says(options, "PasswordFile: has no password");
            File.WriteAllText(file, "se-cret \nmore");
            Assert.Empty(Wrong(options));
            Assert.True(EmailFiles.TryPassword(options, out var password, out _));
            Assert.Equal("se-cret", password);
        }
        finally
        {
            File.Delete(file);
        }
    }

    [Theory]
    [InlineData("ann@example.com", true, false)]
    [InlineData("jürgen@example.com", true, true)]
    [InlineData("ann@exämple.com", true, false)]
    [InlineData("ann@xn--exmple-cua.com", true, false)]
    [InlineData("用户@例子.中国", true, true)]
    [InlineData("ann", false, false)]
    [InlineData("ann@", false, false)]
    [InlineData("@example.com", false, false)]
    [InlineData("ann@example.com, jürgen@example.com", false, false)]
    public void IsAddress_AlsoBeyondAscii_SaysWhatAServerMustTake(string text, bool isOne, bool needsUtf8)
    {
        Assert.Equal(isOne, EmailRules.IsAddress(text));
        if (isOne) Assert.Equal(needsUtf8, EmailRules.NeedsUtf8(text));
    }

    [Fact]
    public void Validate_OnlyALinkAndNoAddress_IsRefused() => Assert.Contains("Public:Address", Assert.Single(
        new EmailRules(new(null)).Validate(null, Right with { WithText = false }).Failures!), StringComparison.Ordinal);

    [Fact]
    public void Options_AsText_HaveNoPassword() => Assert.DoesNotContain(
        "se-cret", $"{Right with { User = "u", Password = "se-cret" }}", StringComparison.Ordinal);

    private static void Says(EmailOptions options, string reason)
    {
        var wrong = Wrong(options);
        Assert.Contains(wrong, said => said.StartsWith("Notices:Email:" + reason, StringComparison.Ordinal));
        Assert.DoesNotContain(wrong, said => said.Contains("se-cret", StringComparison.Ordinal));
    }

    private static string[] Wrong(EmailOptions options) =>
        [.. new EmailRules(Links).Validate(null, options).Failures ?? []];
}
