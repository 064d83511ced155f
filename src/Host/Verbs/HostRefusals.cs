using Stipend.Kernel;

namespace Stipend.Host.Verbs;

/// <summary>Every expected "no" of the local verbs.</summary>
public static class HostRefusals
{
    public static readonly Refusal NoDatabase = new("host.no_database", 503, Retryable: true,
        "Unset STIPEND_DB to use a private database, or name one that can be reached.");

    public static readonly Refusal CannotListen = new("host.cannot_listen", 503, Retryable: true,
        "Choose another address with --listen.");

    public static readonly Refusal KeyFile = new("host.key_file", 503, Retryable: false,
        "Start again once that is done; nothing was changed. docs/guides/operating.md tells of the key file.");

    public static readonly Refusal Unsound = new("host.unsound", 409, Retryable: false,
        "Find out who changed these rows, and restore them from a backup.");

    public static readonly Refusal SealUnreadable = new("host.seal_unreadable", 422, Retryable: false,
        "Give --seal a root as 'stipend seals' writes it, or --seal-file a file that it wrote.");

    public static readonly Refusal NothingSealed = new("host.nothing_sealed", 404, Retryable: true,
        "A server seals each day soon after midnight UTC: try again tomorrow.");

    public static readonly Refusal AccountInvalid = new("host.account_invalid", 422, Retryable: false,
        "Name an e-mail address, and a name that is not empty.");

    public static readonly Refusal AccountExists = new("host.account_exists", 409, Retryable: false,
        "Name another address; 'stipend account list' lists those that have one.");

    public static readonly Refusal AccountOfNobody = new("host.account_of_nobody", 404, Retryable: false,
        "Import the person first, with this e-mail address.");
}
