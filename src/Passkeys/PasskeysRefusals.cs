using Guerdon.Kernel;

namespace Guerdon.Passkeys;

/// <summary>Every expected "no" of passkeys. Why nobody was signed in, the page of sign-in says.</summary>
internal static class PasskeysRefusals
{
    public static readonly Refusal Off = new("passkeys.no_public_address", 409, Retryable: false,
        "Start the server with --public-address and a name, as https://guerdon.example.com: passkeys are made for it.");

    public static readonly Refusal NotTaken = new("passkeys.not_taken", 401, Retryable: true,
        "Begin again on the page. If it stays so, use another passkey or the password.");

    public static readonly Refusal Copied = new("passkeys.count_went_back", 409, Retryable: false,
        "There may be two of this passkey: remove it on the page Passkeys, and add another.");

    public static readonly Refusal OnlyConfirms = new("passkeys.only_confirms", 403, Retryable: false,
        "Sign in at your company's provider; the passkey confirms there that it is you.");

    public static readonly Refusal Ended = new("passkeys.account_over", 401, Retryable: false,
        "If that is wrong, ask whoever runs the programme.");

    public static readonly Refusal TooManyTries = new("passkeys.too_many_tries", 429, Retryable: true,
        "Wait a minute, then try again.");

    public static readonly Refusal NoSession = new("passkeys.session_needed", 403, Retryable: false,
        "Sign in in a browser; a token has no passkeys.");

    public static readonly Refusal TooMany = new("passkeys.too_many", 409, Retryable: false,
        "Remove one that is not used any more.");

    public static readonly Refusal NameInvalid = new("passkeys.name_invalid", 400, Retryable: false,
        "Name it with 1 to 80 characters.");

    public static readonly Refusal NotFound = new("passkeys.not_found", 404, Retryable: false,
        "List your passkeys with GET /api/v1/passkeys.");
}
