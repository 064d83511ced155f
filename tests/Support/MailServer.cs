using System.Collections.Concurrent;
using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Authentication;
using System.Text;
using MimeKit;

namespace Guerdon.Tests;

/// <summary>A mail as the server took it.</summary>
/// <param name="To">The recipients of its envelope.</param>
/// <param name="Message">Its header and body.</param>
/// <param name="IsEncrypted">Whether it came over TLS.</param>
/// <param name="User">Who had signed in; null: nobody.</param>
/// <param name="IsUtf8">Whether its sender asked for SMTPUTF8.</param>
internal sealed record TakenMail(
    IReadOnlyList<string> To, MimeMessage Message, bool IsEncrypted, string? User, bool IsUtf8);

/// <summary>
/// A mail server on the loopback address: EHLO, STARTTLS with a certificate of its own authority, AUTH PLAIN, and the
/// rest of RFC 5321 that a sender needs. It misbehaves as a test tells it to.
/// </summary>
internal sealed class MailServer : IAsyncDisposable
{
    public const string User = "guerdon", Password = "a mail password";

    /// <summary>In place of an answer: the connection is dropped.</summary>
    public const string Drop = "drop";

    /// <summary>In place of an answer: nothing, for ever.</summary>
    public const string Silence = "silence";

    /// <summary>After a mail's end: it is taken, and then dropped or silent.</summary>
    public const string TakeAndDrop = "take and drop", TakeAndBeSilent = "take and be silent";

    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly CancellationTokenSource _stop = new();
    private readonly MailCertificates _certificates;
    private readonly Task _accepting;
    private int _connections;

    /// <param name="certificates">Null: one for localhost that its authority signed itself.</param>
    public MailServer(MailCertificates? certificates = null)
    {
        _certificates = certificates ?? new MailCertificates();
        AuthorityFile = _certificates.WriteFile();
        _listener.Start();
        Port = ((IPEndPoint)_listener.LocalEndpoint).Port;
        _accepting = AcceptAsync();
    }

    public int Port { get; }

    /// <summary>Whether it offers SMTPUTF8.</summary>
    public bool TakesUtf8 { get; init; }

    public string AuthorityFile { get; }

    /// <summary>What was taken, oldest first.</summary>
    public ConcurrentQueue<TakenMail> Taken { get; } = [];

    public int Connections => Volatile.Read(ref _connections);

    /// <summary>An answer other than the usual to a command (CONNECT, EHLO, STARTTLS, AUTH, MAIL, RCPT, DATA, or a dot
    /// at the end of a mail) with its line; null: the usual one.</summary>
    public Func<string, string, string?> Answer { get; set; } = static (_, _) => null;

    /// <summary>Waits until so many mails were taken.</summary>
    public async Task WaitAsync(int mails, CancellationToken ct)
    {
        while (Taken.Count < mails) await Task.Delay(10, ct);
    }

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        _listener.Stop();
        await _accepting.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        _certificates.Dispose();
        _stop.Dispose();
    }

    private async Task AcceptAsync()
    {
        while (!_stop.IsCancellationRequested)
        {
            var client = await _listener.AcceptTcpClientAsync(_stop.Token);
            Interlocked.Increment(ref _connections);
            _ = ServeAsync(client);
        }
    }

    private async Task ServeAsync(TcpClient client)
    {
        using (client)
        {
            var talk = new Talk(client.GetStream());
            try
            {
                if (!await SayAsync(talk, "CONNECT", "", "220 localhost ESMTP")) return;
                while (await ReadLineAsync(talk.Stream) is { } line && await HearAsync(talk, line))
                {
                }
            }
            catch (Exception e) when (e is IOException or OperationCanceledException or ObjectDisposedException
                or AuthenticationException)
            {
                // The other side went, as a killed sender does.
            }
        }
    }

    // False: the talk is over.
    private async Task<bool> HearAsync(Talk talk, string line)
    {
        var verb = line.Split(' ', ':')[0].ToUpperInvariant();
        switch (verb)
        {
            case "EHLO":
                var more = TakesUtf8 ? "250-SMTPUTF8\r\n" : "";
                return await SayAsync(talk, verb, line, talk.IsEncrypted
                    ? $"250-localhost\r\n250-AUTH PLAIN\r\n{more}250 8BITMIME" : "250-localhost\r\n250 STARTTLS");
            case "STARTTLS":
                if (!await SayAsync(talk, verb, line, "220 go ahead")) return false;
                var tls = new SslStream(talk.Stream);
                await tls.AuthenticateAsServerAsync(new SslServerAuthenticationOptions
                {
                    ServerCertificateContext = _certificates.Context,
                });
                talk.Stream = tls;
                talk.IsEncrypted = true;
                return true;
            case "AUTH":
                var parts = Encoding.UTF8.GetString(Convert.FromBase64String(line.Split(' ')[^1])).Split('\0');
                talk.User = parts is [_, User, Password] ? User : null;
                return await SayAsync(talk, verb, line, talk.User is null ? "535 5.7.8 no" : "235 2.7.0 yes");
            case "MAIL":
                talk.To.Clear();
                talk.IsUtf8 = line.EndsWith(" SMTPUTF8", StringComparison.Ordinal)
                    || line.Contains(" SMTPUTF8 ", StringComparison.Ordinal);
                return await SayAsync(talk, verb, line, "250 2.1.0 ok");
            case "RCPT":
                talk.To.Add(line[(line.IndexOf('<', StringComparison.Ordinal) + 1)..line.IndexOf('>')]);
                return await SayAsync(talk, verb, line, "250 2.1.5 ok");
            case "DATA":
                return await SayAsync(talk, verb, line, "354 go on") && await TakeAsync(talk);
            case "QUIT":
                await WriteAsync(talk, "221 2.0.0 bye");
                return false;
            default:
                return await SayAsync(talk, verb, line, "250 2.0.0 ok");
        }
    }

    // The end of a mail is a line with a dot alone; a line of its own that begins with one has two.
    private async Task<bool> TakeAsync(Talk talk)
    {
        if (talk.WasRefused) return true;
        var text = new StringBuilder();
        while (await ReadLineAsync(talk.Stream) is { } line && line != ".")
            text.Append(line.StartsWith('.') ? line[1..] : line).Append("\r\n");
        using var bytes = new MemoryStream(Encoding.UTF8.GetBytes(text.ToString()));
        var mail = new TakenMail(
            [.. talk.To], await MimeMessage.LoadAsync(bytes, _stop.Token), talk.IsEncrypted, talk.User, talk.IsUtf8);
        var other = Answer(".", mail.To[0]);
        if (other is null or TakeAndDrop or TakeAndBeSilent) Taken.Enqueue(mail);
        if (other is TakeAndDrop) return false;
        return await SayAsync(talk, ".", mail.To[0], "250 2.0.0 taken", other is TakeAndBeSilent ? Silence : other);
    }

    private async Task<bool> SayAsync(Talk talk, string stage, string line, string usual, string? other = null)
    {
        var answer = (stage == "." ? other : Answer(stage, line)) ?? usual;
        if (answer == Drop) return false;
        if (answer == Silence) await Task.Delay(Timeout.Infinite, _stop.Token);
        talk.WasRefused = answer[0] is '4' or '5';
        await WriteAsync(talk, answer);
        return !answer.StartsWith("421", StringComparison.Ordinal);
    }

    private async Task WriteAsync(Talk talk, string answer)
    {
        await talk.Stream.WriteAsync(Encoding.ASCII.GetBytes(answer + "\r\n"), _stop.Token);
        await talk.Stream.FlushAsync(_stop.Token);
    }

    private async Task<string?> ReadLineAsync(Stream stream)
    {
        var (line, one) = (new List<byte>(), new byte[1]);
        while (await stream.ReadAsync(one, _stop.Token) == 1)
        {
            if (one[0] == '\n') return Encoding.UTF8.GetString([.. line]).TrimEnd('\r');
            line.Add(one[0]);
        }

        return null;
    }

    private sealed class Talk(Stream stream)
    {
        public Stream Stream { get; set; } = stream;
        public bool IsEncrypted { get; set; }
        public bool IsUtf8 { get; set; }
        public bool WasRefused { get; set; }
        public string? User { get; set; }
        public List<string> To { get; } = [];
    }
}
