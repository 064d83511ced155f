using System.Net.Sockets;
using Guerdon.Notices.Deliveries;
using Guerdon.Notices.Email;
using MailKit;
using MailKit.Net.Smtp;
using MailKit.Security;
using MimeKit;

namespace Guerdon.Unit.Notices;

/// <summary>Whether a fault of a mail server is of one notice or of all, and whether it is for good.</summary>
public class EmailFaultsTests
{
    private static SmtpCommandException Refused(string of, int code, string message = "")
    {
        var at = of switch
        {
            "recipient" => SmtpErrorCode.RecipientNotAccepted,
            "message" => SmtpErrorCode.MessageNotAccepted,
            "sender" => SmtpErrorCode.SenderNotAccepted,
            _ => SmtpErrorCode.UnexpectedStatusCode,
        };
        return new(at, (SmtpStatusCode)code, new MailboxAddress("", "ann@example.com"), message);
    }

    [Theory]
    [InlineData("recipient", 450, "4.2.0 ann@example.com", "Later 450 4.2.0 to the recipient")]
    [InlineData("recipient", 499, "", "Later 499 to the recipient")]
    [InlineData("recipient", 500, "5.1.1 no such user", "Never 500 5.1.1 to the recipient")]
    [InlineData("recipient", 550, "5.2.1 disabled", "Never 550 5.2.1 to the recipient")]
    [InlineData("recipient", 550, "5.4.4 no route", "Never 550 5.4.4 to the recipient")]
    [InlineData("recipient", 550, "5.3.0 full", "Later 550 5.3.0 to the recipient")]
    [InlineData("recipient", 550, "5.6.7 UTF-8", "Never 550 5.6.7 to the recipient")]
    [InlineData("recipient", 550, "5.6.77 other", "Later 550 5.6.77 to the recipient")]
    [InlineData("recipient", 550, "5.7.1 relaying denied", "Away 550 5.7.1 to the recipient")] // about us
    [InlineData("recipient", 550, "no code", "Later 550 to the recipient")]
    [InlineData("recipient", 535, "5.1.1 sign in", "Later 535 5.1.1 to the recipient")]
    [InlineData("recipient", 534, "5.1.1 sign in", "Later 534 5.1.1 to the recipient")]
    [InlineData("recipient", 421, "4.3.2 closing", "Away 421 4.3.2 to the recipient")]
    [InlineData("message", 451, "", "Later 451 to the message")]
    [InlineData("message", 500, "", "Never 500 to the message")]
    [InlineData("message", 554, "5.7.1 spam", "Never 554 5.7.1 to the message")]
    [InlineData("message", 421, "", "Away 421 to the message")]
    [InlineData("sender", 550, "5.1.8 bad sender", "Away 550 5.1.8 to the sender")]
    [InlineData("sender", 450, "", "Away 450 to the sender")]
    [InlineData("other", 502, "", "Away 502 to a command")]
    public void Of_ARefusal_IsOfTheNoticeOrOfUs(string of, int code, string message, string outcome) =>
        Assert.Equal(outcome, Words(EmailFaults.Of(Refused(of, code, message))));

    // SMTPUTF8 was asked for because of the recipient alone.
    [Theory]
    [InlineData("sender", 550, "5.6.7 no", "Never 550 5.6.7 to the sender")]
    [InlineData("sender", 555, "no parameter", "Never 555 to the sender")]
    [InlineData("sender", 554, "no parameter", "Away 554 to the sender")]
    [InlineData("sender", 556, "no parameter", "Away 556 to the sender")]
    [InlineData("sender", 499, "5.6.7", "Away 499 5.6.7 to the sender")]
    [InlineData("sender", 500, "5.6.7", "Never 500 5.6.7 to the sender")]
    [InlineData("sender", 550, "5.7.1", "Away 550 5.7.1 to the sender")]
    [InlineData("message", 451, "5.6.7", "Later 451 5.6.7 to the message")]
    public void Of_ARefusalOfUtf8_IsForGood(string of, int code, string message, string outcome)
    {
        Assert.Equal(outcome, Words(EmailFaults.Of(Refused(of, code, message), needsUtf8: true)));
        if (of == "sender") Assert.StartsWith("Away", Words(EmailFaults.Of(Refused(of, code, message))), default);
    }

    public static TheoryData<Exception, string> Others() => new()
    {
        { new AuthenticationException(), "Away the server does not take our user and password" },
        { new ServiceNotAuthenticatedException(), "Away the server wants a user and a password" },
        { new SslHandshakeException(), "Away the server's certificate, or its TLS, is not accepted" },
        { new NotSupportedException(), "Away the server offers no encryption, or no way to sign in" },
        { new SmtpProtocolException(), "Away the connection broke" },
        { new ServiceNotConnectedException(), "Away the connection broke" },
        { new SocketException((int)SocketError.ConnectionRefused), "Away no connection: ConnectionRefused" },
        { new IOException(), "Away the connection broke" },
        { new InvalidOperationException(), "" },
    };

    [Theory]
    [MemberData(nameof(Others))]
    public void Of_WhateverElse_IsAwayOrNotTheServers(Exception fault, string outcome)
    {
        Assert.Equal(outcome, Words(EmailFaults.Of(fault)));
        Assert.False(EmailFaults.IsOfTheNoticeAlone(fault));
    }

    [Theory]
    [InlineData("recipient", 550, true)]
    [InlineData("message", 550, true)]
    [InlineData("sender", 550, false)]
    [InlineData("other", 550, false)]
    [InlineData("recipient", 421, false)] // it closes the connection
    public void IsOfTheNoticeAlone_ARefusal_LeavesTheConnection(string of, int code, bool isAlone) =>
        Assert.Equal(isAlone, EmailFaults.IsOfTheNoticeAlone(Refused(of, code)));

    [Fact]
    public void Outcome_ALongReason_IsCut()
    {
        Assert.Equal(new string('x', 200), Outcome.Never(new string('x', 201)).Reason);
        Assert.Equal(200, Outcome.Later(new string('x', 200)).Reason.Length);
    }

    private static string Words(Outcome? outcome) => outcome is { } o ? $"{o.Kind} {o.Reason}" : "";
}
