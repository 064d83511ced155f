using System.Net.Security;
using System.Security.Cryptography.X509Certificates;
using Guerdon.Notices.Deliveries;
using MailKit.Net.Smtp;
using MailKit.Security;
using Microsoft.Extensions.Options;

namespace Guerdon.Notices.Email;

/// <summary>Notices by e-mail, to the address that a person has now. A leaver's address gets nothing after the last
/// day: somebody else may read it.</summary>
internal sealed class EmailWay(IOptions<EmailOptions> settings, NoticeLinks links) : INoticeWay
{
    private readonly EmailOptions _options = settings.Value;

    public string Name => NoticeWays.Email;
    public int AtOnce => _options.Connections;

    // What must be told and cannot be is a failure that somebody sees, and sends again with an address on file.
    public Outcome? WithoutSending(DueNotice notice, DateOnly today) =>
        notice.LeftOn < today ? Outcome.Skipped("the person has left")
        : !NoticeKinds.IsMailed(notice.Kind, notice.ByEmail) ? Outcome.Skipped("switched off by the person")
        : notice.Email is not null && EmailRules.IsAddress(notice.Email) ? null
        : NoticeKinds.Find(notice.Kind) is { MustBeTold: false } ? Outcome.Skipped("the person has no address")
        : Outcome.Never("the person has no address");

    public INoticeSession Open() => new Session(_options, links);

    private sealed class Session(EmailOptions options, NoticeLinks links) : INoticeSession
    {
        private SmtpClient? _client;

        public async Task<Outcome> SendAsync(DueNotice notice, CancellationToken ct)
        {
            try
            {
                var client = await ConnectedAsync(ct);
                using var message = NoticeMail.Of(notice, options, links);
                await client.SendAsync(message, ct);
                return Outcome.Sent;
            }
            catch (Exception e) when (EmailFaults.Of(e) is not null)
            {
                if (!EmailFaults.IsOfTheNoticeAlone(e)) Drop();
                return EmailFaults.Of(e)!.Value;
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

        private async Task<SmtpClient> ConnectedAsync(CancellationToken ct)
        {
            if (_client is { IsConnected: true }) return _client;
            Drop();
            _client = new SmtpClient
            {
                ServerCertificateValidationCallback = Trusting(options.Authority), CheckCertificateRevocation = false,
            };
            await _client.ConnectAsync(options.Server, options.Port, options.Tls switch
            {
                EmailTls.Implicit => SecureSocketOptions.SslOnConnect,
                EmailTls.None => SecureSocketOptions.None,
                _ => SecureSocketOptions.StartTls,
            }, ct);
            if (options.User.Length > 0)
                await _client.AuthenticateAsync(options.User, EmailRules.PasswordOf(options), ct);
            return _client;
        }

        private void Drop()
        {
            _client?.Dispose();
            _client = null;
        }
    }

    // Null: as the system trusts. With an authority of the company's own, the name must still be the server's.
    private static RemoteCertificateValidationCallback? Trusting(string authority) => authority.Length == 0
        ? null
        : (_, certificate, _, errors) =>
        {
            if (errors == SslPolicyErrors.None) return true;
            if (errors != SslPolicyErrors.RemoteCertificateChainErrors || certificate is not X509Certificate2 own)
                return false;
            using var chain = new X509Chain();
            chain.ChainPolicy.TrustMode = X509ChainTrustMode.CustomRootTrust;
            chain.ChainPolicy.CustomTrustStore.ImportFromPemFile(authority);
            chain.ChainPolicy.RevocationMode = X509RevocationMode.NoCheck;
            return chain.Build(own);
        };
}
