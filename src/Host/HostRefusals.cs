using Guerdon.Kernel;

namespace Guerdon.Host;

/// <summary>Every expected "no" of the program: its database, its settings, its local verbs.</summary>
internal static class HostRefusals
{
    public static readonly Refusal NoDatabase = new("host.no_database", 503, Retryable: true,
        "Unset GUERDON_DB to use a private database, or name one that can be reached.");

    public static readonly Refusal DatabaseAway = new("host.database_away", 503, Retryable: true,
        "See whether it runs, then try again; what was not answered may still have happened.");

    public static readonly Refusal DatabaseChanged = new("host.database_changed", 503, Retryable: true,
        "Restart PostgreSQL; a private one is restarted within seconds by the Guerdon that runs it. Then try again.");

    public static readonly Refusal SettingInvalid = new("host.setting_invalid", 422, Retryable: false,
        "Correct it, or leave it out; nothing was started. docs/guides/operating.md lists the settings.");

    public static readonly Refusal FileUnusable = new("host.file_unusable", 409, Retryable: false,
        "Name a path that exists and that Guerdon's account may use.");

    public static readonly Refusal NoProgram = new("host.no_program", 404, Retryable: false,
        "Install it, or name another after --.");

    public static readonly Refusal CannotListen = new("host.cannot_listen", 503, Retryable: true,
        "Choose another address with --listen.");

    public static readonly Refusal KeyFile = new("host.key_file", 503, Retryable: false,
        "Start again once that is done; nothing was changed. docs/guides/operating.md tells of the key file.");

    public static readonly Refusal Unsound = new("host.unsound", 409, Retryable: false,
        "Find out who changed these rows, and restore them from a backup.");

    public static readonly Refusal NotTheDemos = new("host.not_the_demos", 409, Retryable: false,
        "Unset GUERDON_DB and run 'guerdon demo' without --keep, or with --keep and an empty folder.");

    public static readonly Refusal SealUnreadable = new("host.seal_unreadable", 422, Retryable: false,
        "Give --seal a root as 'guerdon seals' writes it, or --seal-file a file that it wrote.");

    public static readonly Refusal NothingSealed = new("host.nothing_sealed", 404, Retryable: true,
        "A server seals each day soon after midnight UTC: try again tomorrow.");

    public static readonly Refusal AccountInvalid = new("host.account_invalid", 422, Retryable: false,
        "Name an e-mail address of at most 254 characters, and a name that is not empty.");

    public static readonly Refusal AccountExists = new("host.account_exists", 409, Retryable: false,
        "Name another address; 'guerdon account list' lists those that have one.");

    public static readonly Refusal ServiceOfPerson = new("host.service_of_person", 409, Retryable: false,
        "Name an address that nobody of the company has, such as scim@programs.example.com.");

    public static readonly Refusal ServiceOwner = new("host.service_owner", 409, Retryable: false,
        "With --service name the account of whoever has the program's token: --owner EMAIL.");

    public static readonly Refusal ServiceRole = new("host.service_role", 409, Retryable: false,
        "Give it another role, such as people, which prepares; what approves money, votes or gives roles is for people"
        + " who sign in.");

    public static readonly Refusal PasswordInvalid = new("host.password_not_usable", 422, Retryable: false,
        "Send a password of 10 to 200 characters on standard input.");

    public static readonly Refusal AccountOfNobody = new("host.account_of_nobody", 404, Retryable: false,
        "Import the person first, with this e-mail address.");

    public static readonly Refusal AccountOfLeaver = new("host.account_of_leaver", 409, Retryable: false,
        "If the date is wrong, correct it in the list of people first.");
}
