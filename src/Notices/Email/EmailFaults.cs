using System.Globalization;
using System.Net.Sockets;
using System.Text.RegularExpressions;
using Guerdon.Notices.Deliveries;
using MailKit;
using MailKit.Net.Smtp;
using MailKit.Security;

namespace Guerdon.Notices.Email;

/// <summary>What a fault of a mail server means. No I/O. What servers say repeats addresses, so only codes are saved.
/// </summary>
internal static partial class EmailFaults
{
    private static readonly string[] OfRecipients = [" 5.1.", " 5.2.", " 5.4."];

    // RFC 6531: what is beyond ASCII is not taken there.
    private const string BeyondAscii = " 5.6.7";

    /// <summary>How the try ended that this came of; null: nothing that a mail server does.</summary>
    /// <param name="fault">What came.</param>
    /// <param name="needsUtf8">Whether the recipient's address alone is beyond ASCII, so that SMTPUTF8 was asked for in
    /// the name of a sender who does not need it.</param>
    public static Outcome? Of(Exception fault, bool needsUtf8 = false) => fault switch
    {
        SmtpCommandException refused => needsUtf8 && IsOfUtf8(refused) ? Outcome.Never(Said(refused))
            : OfCommand(refused),
        AuthenticationException => Outcome.Away("the server does not take our user and password"),
        ServiceNotAuthenticatedException => Outcome.Away("the server wants a user and a password"),
        SslHandshakeException => Outcome.Away("the server's certificate, or its TLS, is not accepted"),
        NotSupportedException => Outcome.Away("the server offers no encryption, or no way to sign in"),
        SmtpProtocolException or ServiceNotConnectedException => Outcome.Away("the connection broke"),
        SocketException socket => Outcome.Away($"no connection: {socket.SocketErrorCode}"),
        IOException => Outcome.Away("the connection broke"),
        _ => null,
    };

    /// <summary>Whether the server may still be talked to on this connection.</summary>
    public static bool IsOfTheNoticeAlone(Exception fault) =>
        fault is SmtpCommandException
        {
            ErrorCode: SmtpErrorCode.RecipientNotAccepted
            or SmtpErrorCode.MessageNotAccepted
        } refused
        && refused.StatusCode != SmtpStatusCode.ServiceNotAvailable;

    // 421 closes the connection. 5xx of the message is for good; so is 5xx of the recipient whose enhanced code is
    // of an address (5.1, 5.6.7), a mailbox (5.2) or a route (5.4). 5.7 of a recipient is about us, since a server that
    // does not relay for this node says so of every recipient. So is anything of the sender: our settings are
    // wrong, and can be corrected.
    private static Outcome OfCommand(SmtpCommandException refused)
    {
        var said = Said(refused);
        if (refused.ErrorCode == SmtpErrorCode.SenderNotAccepted || !IsOfTheNoticeAlone(refused))
            return Outcome.Away(said);
        if ((int)refused.StatusCode < 500 || IsOfSignIn(refused.StatusCode)) return Outcome.Later(said);
        if (refused.ErrorCode == SmtpErrorCode.MessageNotAccepted) return Outcome.Never(said);
        var enhanced = Enhanced(refused.Message);
        return enhanced.StartsWith(" 5.7.", StringComparison.Ordinal) ? Outcome.Away(said)
            : enhanced == BeyondAscii || OfRecipients.Any(of => enhanced.StartsWith(of, StringComparison.Ordinal))
            ? Outcome.Never(said) : Outcome.Later(said);
    }

    private static string Said(SmtpCommandException refused) => string.Create(CultureInfo.InvariantCulture,
        $"{(int)refused.StatusCode}{Enhanced(refused.Message)} to {What(refused.ErrorCode)}");

    // SMTPUTF8 is a parameter of MAIL FROM, which is refused as not allowed (550 and 553 with 5.6.7) or as a parameter
    // that is not known (555 of RFC 5321).
    private static bool IsOfUtf8(SmtpCommandException refused) =>
        refused.ErrorCode != SmtpErrorCode.MessageNotAccepted && (int)refused.StatusCode >= 500
        && (Enhanced(refused.Message) == BeyondAscii || (int)refused.StatusCode == 555);

    // Said of a recipient, it means that we had to sign in, or otherwise: our settings, so it is tried again. 530 is an
    // exception of its own.
    private static bool IsOfSignIn(SmtpStatusCode code) =>
        code is SmtpStatusCode.AuthenticationInvalidCredentials or SmtpStatusCode.AuthenticationMechanismTooWeak;

    private static string What(SmtpErrorCode code) => code switch
    {
        SmtpErrorCode.RecipientNotAccepted => "the recipient",
        SmtpErrorCode.MessageNotAccepted => "the message",
        SmtpErrorCode.SenderNotAccepted => "the sender",
        _ => "a command",
    };

    private static string Enhanced(string message) =>
        EnhancedCode().Match(message) is { Success: true } found ? $" {found.Value}" : "";

    [GeneratedRegex(@"\b[245]\.\d{1,3}\.\d{1,3}\b")]
    private static partial Regex EnhancedCode();
}
