using System.Text;
using Guerdon.Outbound;
using Microsoft.Extensions.Options;
using MimeKit;

namespace Guerdon.Notices.Email;

/// <summary>Stops the start where e-mail cannot work as it is set.</summary>
internal sealed class EmailRules(NoticeLinks links) : IValidateOptions<EmailOptions>
{
    private const string At = EmailOptions.Section;

    public ValidateOptionsResult Validate(string? name, EmailOptions options)
    {
        var wrong = options.IsOn ? Wrong(options).ToArray() : [.. WithoutServer(options)];
        return wrong.Length == 0 ? ValidateOptionsResult.Success : ValidateOptionsResult.Fail(wrong);
    }

    /// <summary>Whether a text is one address, and nothing else. It may be beyond ASCII on both sides.</summary>
    internal static bool IsAddress(string text) =>
        text.Length is > 0 and <= 254 && !text.AsSpan().ContainsAny("\r\n") && text == text.Trim()
        && MailboxAddress.TryParse(text, out var read)
        && (read.Address == text || read.GetAddress(idnEncode: true) == text)
        && text.IndexOf('@', StringComparison.Ordinal) is > 0 and var at && at < text.Length - 1;

    /// <summary>Whether a server must offer SMTPUTF8 (RFC 6531) for an address: what is before its @ is beyond ASCII. A
    /// domain has a form within it, which MailKit sends to a server without SMTPUTF8; one with it gets the domain as it
    /// is written.</summary>
    internal static bool NeedsUtf8(string address) =>
        !Ascii.IsValid(address.AsSpan(0, address.LastIndexOf('@')));

    private static IEnumerable<string> WithoutServer(EmailOptions options)
    {
        if (options.From.Length > 0 || options.User.Length > 0 || options.Password.Length > 0
            || options.PasswordFile.Length > 0)
            yield return $"{At}:Server: is missing beside the other settings of e-mail: name your mail server, as "
                + "smtp.example.com, or remove them all.";
    }

    private IEnumerable<string> Wrong(EmailOptions options)
    {
        if (Uri.CheckHostName(options.Server) == UriHostNameType.Unknown)
            yield return $"{At}:Server: is not a host: write it as smtp.example.com; the port is {At}:Port.";
        else if (options.Tls == EmailTls.None && !InsideAddresses.IsInside(AddressOf(options)))
            yield return $"{At}:Tls: None sends notices in the clear, which only a server in your own network may get: "
                + "write StartTls (port 587) or Implicit (port 465).";
        if (!Enum.IsDefined(options.Tls)) yield return $"{At}:Tls: must be StartTls, Implicit or None.";
        if (!IsAddress(options.From))
            yield return $"{At}:From: is not an address: write the one that notices come from, as guerdon@example.com.";
        if (options.FromName.AsSpan().ContainsAny("\r\n") || options.FromName.Length > 100)
            yield return $"{At}:FromName: must be one line of at most 100 characters.";
        foreach (var reason in OfSignIn(options)) yield return reason;
        if (!EmailFiles.TryAuthority(options, out _, out var wrong)) yield return $"{At}:Authority: {wrong}";
        if (!options.WithText && links.Origin is null)
            yield return $"{At}:WithText: is false, so that e-mail has nothing but a link, and there is none: set "
                + "Public:Address, as https://guerdon.example.com.";
    }

    private static IEnumerable<string> OfSignIn(EmailOptions options)
    {
        var hasPassword = options.Password.Length > 0 || options.PasswordFile.Length > 0;
        if (options is { Password.Length: > 0, PasswordFile.Length: > 0 })
            yield return $"{At}:PasswordFile: is set beside {At}:Password: set one of the two.";
        if (options.User.Length > 0 && !hasPassword)
            yield return $"{At}:Password: is missing beside {At}:User: set it, or {At}:PasswordFile.";
        if (options.User.Length == 0 && hasPassword)
            yield return $"{At}:User: is missing beside the password: set who signs in, or remove the password.";
        if (options is { Tls: EmailTls.None, User.Length: > 0 })
            yield return $"{At}:Tls: None would send the password in the clear: write StartTls or Implicit, or remove "
                + $"{At}:User.";
        if (!EmailFiles.TryPassword(options, out _, out var wrong)) yield return $"{At}:PasswordFile: {wrong}";
    }

    private static Uri AddressOf(EmailOptions options) => new UriBuilder("http", options.Server, options.Port).Uri;
}
