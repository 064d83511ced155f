using System.Text;
using Guerdon.Notices;
using Guerdon.Notices.Deliveries;
using Guerdon.Notices.Email;
using Guerdon.Notices.Webhook;
using MimeKit;

namespace Guerdon.Unit.Notices;

/// <summary>A notice as an e-mail, and as a webhook's receiver reads it.</summary>
public class NoticeMailTests
{
    private static readonly EmailOptions Options = new() { Server = "smtp.example.com", From = "guerdon@exämple.com" };
    private static readonly NoticeLinks Links = new(new Uri("https://guerdon.example.com"));

    private static readonly DueNotice Grant = new(
        new(Guid.Parse("00000000-0000-7000-8000-000000000001")), 0, default, "grant", "run_1 line 1",
        "You were granted 5 USD.", new(2026, 11, 21, 12, 0, 0, TimeSpan.FromHours(2)), "ann@example.com", null, null,
        default);

    [Theory]
    [InlineData("grant", true, true, "You were granted 5 USD.\n\n"
        + "All your notices: https://guerdon.example.com/notices\n"
        + "You can switch e-mail about this off on that page.\n")]
    [InlineData("grant", false, true, "There is a notice for you in Guerdon.\n\n"
        + "Read it: https://guerdon.example.com/notices\nYou can switch e-mail about this off on that page.\n")]
    [InlineData("claim_approved", true, false, "You were granted 5 USD.\n\n"
        + "This must be told and cannot be switched off.\n")]
    [InlineData("of an earlier program", true, false, "You were granted 5 USD.\n\n"
        + "This must be told and cannot be switched off.\n")]
    public void Of_ANotice_SaysWhatAndWhetherItCanBeSwitchedOff(string kind, bool withText, bool hasLink, string text)
    {
        var mail = NoticeMail.Of(
            Grant with { Kind = kind }, Options with { WithText = withText }, hasLink ? Links : new(null));
        Assert.Equal(text, mail.TextBody!.ReplaceLineEndings("\n"));
    }

    [Theory]
    [InlineData("grant", "You were granted tokens")]
    [InlineData("of an earlier program", "A notice from Guerdon")]
    public void Of_ANotice_IsToThePersonAloneAndByAProgram(string kind, string subject)
    {
        var mail = NoticeMail.Of(Grant with { Kind = kind }, Options, Links);
        Assert.Equal(subject, mail.Subject);
        Assert.Equal("ann@example.com", Assert.Single(mail.To.Mailboxes).Address);
        Assert.Equal(("Guerdon", "guerdon@exämple.com"),
            (mail.From.Mailboxes.Single().Name, mail.From.Mailboxes.Single().Address));
        Assert.Equal("auto-generated", mail.Headers[HeaderId.AutoSubmitted]);
        Assert.Equal($"{Grant.Notice}", mail.Headers["X-Guerdon-Notice"]);
        Assert.Equal($"{Grant.Notice}@xn--exmple-cua.com", mail.MessageId); // a domain within ASCII
        Assert.Equal(Grant.GivenAt, mail.Date);
    }

    [Theory]
    [InlineData("grant", "false")]
    [InlineData("claim_approved", "true")]
    [InlineData("of an earlier program", "true")] // what is not known must be told
    public void Of_AWebhook_NamesNobody(string kind, string mustBeTold) => Assert.Equal(
        $$"""{"notice":"{{Grant.Notice}}","kind":"{{kind}}","mustBeTold":{{mustBeTold}}"""
        + $$""","person":"{{Grant.Person}}","subject":"run_1 line 1","""
        + "\"text\":\"You were granted 5 USD.\",\"givenAt\":\"2026-11-21T10:00:00+00:00\"}",
        Encoding.UTF8.GetString(WebhookBody.Of(Grant with { Kind = kind })));
}
