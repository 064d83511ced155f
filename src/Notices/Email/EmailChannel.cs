using System.Text;
using Guerdon.Notices.Deliveries;
using MailKit.Net.Smtp;
using MailKit.Security;
using Microsoft.Extensions.Options;
using MimeKit;

namespace Guerdon.Notices.Email;

/// <summary>Notices by e-mail, to the address that a person has now. A leaver's address gets nothing after the last
/// day: somebody else may read it.</summary>
internal sealed class EmailChannel(IOptions<EmailOptions> settings, NoticeLinks links) : INoticeChannel
{
    // RFC 6531 asks for both.
    private const SmtpCapabilities Utf8 = SmtpCapabilities.UTF8 | SmtpCapabilities.EightBitMime;

    private readonly EmailOptions _options = settings.Value;

    public string Name => NoticeChannels.Email;
    public int AtOnce => _options.Connections;

    // What must be told and cannot be is a failure that somebody sees, and sends again with an address on file.
    public Outcome? WithoutSending(DueNotice notice, DateOnly today) =>
        notice.LeftOn < today ? Outcome.Skipped("the person has left")
        : !NoticeKinds.IsMailed(notice.Kind, notice.ByEmail) ? Outcome.Skipped("switched off by the person")
        : notice.Email is not null && EmailRules.IsAddress(notice.Email) ? null
        : NoticeKinds.Find(notice.Kind) is { MustBeTold: false } ? Outcome.Skipped("the person has no address")
        : Outcome.Never("the person has no address");

    public INoticeSession Open() => new EmailSession(_options, links);

    private sealed class EmailSession(EmailOptions options, NoticeLinks links) : INoticeSession
    {
        private SmtpClient? _client;
        private ServerTrust? _trust;

        public async Task<Outcome> SendAsync(DueNotice notice, CancellationToken ct)
        {
            try
            {
                if (_client is not { IsConnected: true } && await ConnectAsync(ct) is { } no) return no;
                if (!TryFormat(_client!, notice.Email!, out var format, out var cannot)) return cannot;
                using var message = NoticeMail.Of(notice, options, links);
                await _client!.SendAsync(format, message, ct);
                return Outcome.Sent;
            }
            catch (Exception e) when (EmailFaults.Of(e) is not null)
            {
                if (!EmailFaults.IsOfTheNoticeAlone(e)) Drop();
                var needsUtf8 = !Ascii.IsValid(notice.Email!) && Ascii.IsValid(options.From);
                return EmailFaults.Of(e, needsUtf8)!.Value;
            }
            catch
            {
                Drop(); // who knows how far it came
                throw;
            }
        }

        public async ValueTask DisposeAsync()
        {
            if (_client is not { IsConnected: true } client)
            {
                Drop();
                return;
            }

            using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(2));
            try
            {
                await client.DisconnectAsync(quit: true, limit.Token);
            }
            catch (Exception e) when (e is OperationCanceledException || EmailFaults.Of(e) is not null)
            {
                // Nothing is lost where this fails, since all that was sent is answered already.
            }

            Drop();
        }

        // What our own files lack is said before anybody is called.
        private async Task<Outcome?> ConnectAsync(CancellationToken ct)
        {
            Drop();
            if (!EmailFiles.TryPassword(options, out var password, out var wrong))
                return Outcome.Away($"{EmailOptions.Section}:{nameof(options.PasswordFile)} {wrong}");
            if (!EmailFiles.TryAuthority(options, out var authority, out wrong))
                return Outcome.Away($"{EmailOptions.Section}:{nameof(options.Authority)} {wrong}");
            _client = new SmtpClient { CheckCertificateRevocation = false };
            if (authority is not null)
            {
                _trust = new ServerTrust(authority);
                _client.ServerCertificateValidationCallback = _trust.Accepts;
            }

            await _client.ConnectAsync(options.Server, options.Port, options.Tls switch
            {
                EmailTls.Implicit => SecureSocketOptions.SslOnConnect,
                EmailTls.None => SecureSocketOptions.None,
                _ => SecureSocketOptions.StartTls,
            }, ct);
            if (options.User.Length > 0) await _client.AuthenticateAsync(options.User, password, ct);
            return null;
        }

        // An address beyond ASCII goes as it is where the server takes it so, and nowhere else: another spelling of it
        // may be somebody else's.
        private bool TryFormat(SmtpClient client, string to, out FormatOptions format, out Outcome cannot)
        {
            (format, cannot) = (FormatOptions.Default.Clone(), default);
            var (ofUs, ofThem) = (EmailRules.NeedsUtf8(options.From), EmailRules.NeedsUtf8(to));
            format.International = ofUs || ofThem;
            if (!format.International || client.Capabilities.HasFlag(Utf8)) return true;
            cannot = ofUs
                ? Outcome.Away($"{EmailOptions.Section}:{nameof(options.From)} is beyond ASCII, and the server does not"
                    + " take that (no SMTPUTF8): send from another address.")
                : Outcome.Never("the address is beyond ASCII, and the server does not take that (no SMTPUTF8)");
            return false;
        }

        private void Drop()
        {
            _client?.Dispose();
            _trust?.Dispose();
            (_client, _trust) = (null, null);
        }
    }
}
