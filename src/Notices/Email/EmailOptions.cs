using System.ComponentModel.DataAnnotations;

namespace Guerdon.Notices.Email;

/// <summary>How the connection to the mail server is encrypted.</summary>
internal enum EmailTls
{
    /// <summary>Begun in the clear and encrypted before anything is said, or not used at all. Port 587 as a rule.
    /// </summary>
    StartTls,

    /// <summary>Encrypted from the first byte. Port 465 as a rule.</summary>
    Implicit,

    /// <summary>Not at all: only to a server in the company's own network, and without a password.</summary>
    None,
}

/// <summary>The company's mail server. Without a server no e-mail is sent.</summary>
internal sealed record EmailOptions
{
    public const string Section = "Notices:Email";

    /// <summary>As <c>smtp.example.com</c>. Empty: no e-mail is sent.</summary>
    public string Server { get; init; } = "";

    [Range(1, 65_535)]
    public int Port { get; init; } = 587;

    public EmailTls Tls { get; init; } = EmailTls.StartTls;

    /// <summary>The address that notices come from, as <c>guerdon@example.com</c>.</summary>
    public string From { get; init; } = "";

    /// <summary>The name beside it.</summary>
    public string FromName { get; init; } = "Guerdon";

    /// <summary>Who signs in at the server. Empty: nobody does.</summary>
    public string User { get; init; } = "";

    public string Password { get; init; } = "";

    /// <summary>A file with the password in its first line, in place of <see cref="Password"/>.</summary>
    public string PasswordFile { get; init; } = "";

    /// <summary>A file (PEM) with the certificate of the authority that the server's is signed by, where the system
    /// does not know it.</summary>
    public string Authority { get; init; } = "";

    /// <summary>Whether the text of a notice is in its e-mail. It may tell amounts of tokens and of pay; without it the
    /// e-mail has the subject and a link.</summary>
    public bool WithText { get; init; } = true;

    /// <summary>Connections that one node has to the server. Each may want a connection to the database at the same
    /// time, of which a node has 40.</summary>
    [Range(1, 8)]
    public int Connections { get; init; } = 2;

    /// <summary>Whether e-mail is switched off, for all nodes and until a node with a server starts without it. Only to
    /// have no server switches nothing off: another node may have one.</summary>
    public bool Off { get; init; }

    /// <summary>Whether a server is set.</summary>
    public bool IsOn => Server.Length > 0;

    // A record prints its members; the password must not end up in a log.
    public override string ToString() => $"{Server}:{Port} {Tls}";
}
