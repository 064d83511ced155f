using System.Text;
using Guerdon.Notices.Deliveries;
using MimeKit;
using MimeKit.Text;

namespace Guerdon.Notices.Email;

/// <summary>A notice as an e-mail. No I/O.</summary>
internal static class NoticeMail
{
    /// <summary>
    /// The message: plain text to the person alone. Its Message-ID follows from the notice, so that one that is sent
    /// again can be recognised, and it says that a program wrote it, so that nobody's absence is answered to us.
    /// </summary>
    /// <param name="notice">For whom there is an address.</param>
    /// <param name="options">Whose it comes from.</param>
    /// <param name="links">Where its link leads.</param>
    public static MimeMessage Of(DueNotice notice, EmailOptions options, NoticeLinks links)
    {
        var message = new MimeMessage
        {
            MessageId = IdOf(notice.Notice, options),
            Date = notice.GivenAt,
            Subject = NoticeKinds.Find(notice.Kind)?.Title ?? "A notice from Guerdon",
            Body = new TextPart(TextFormat.Plain) { Text = TextOf(notice, options, links) },
        };
        message.From.Add(new MailboxAddress(options.FromName, options.From));
        message.To.Add(new MailboxAddress("", notice.Email!));
        message.Headers.Add(HeaderId.AutoSubmitted, "auto-generated");
        message.Headers.Add("X-Guerdon-Notice", $"{notice.Notice}");
        return message;
    }

    /// <summary>The Message-ID, without its brackets.</summary>
    internal static string IdOf(NoticeId notice, EmailOptions options)
    {
        var from = new MailboxAddress("", options.From).GetAddress(idnEncode: true); // its domain within ASCII
        return $"{notice}@{from[(from.LastIndexOf('@') + 1)..]}";
    }

    private static string TextOf(DueNotice notice, EmailOptions options, NoticeLinks links)
    {
        var text = new StringBuilder();
        text.Append(options.WithText ? notice.Text : "There is a notice for you in Guerdon.").Append("\n\n");
        if (links.Origin is { } origin)
            text.Append(options.WithText ? "All your notices: " : "Read it: ").Append(new Uri(origin, "/notices"))
                .Append('\n');
        text.Append(NoticeKinds.Find(notice.Kind) is { MustBeTold: false }
            ? "You can switch e-mail about this off on that page.\n"
            : "This must be told and cannot be switched off.\n");
        return text.ToString();
    }
}
