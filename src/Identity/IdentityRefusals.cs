using Guerdon.Kernel;

namespace Guerdon.Identity;

/// <summary>Every expected "no" of signing in and of API tokens.</summary>
internal static class IdentityRefusals
{
    public static readonly Refusal NotSignedIn = new("host.not_signed_in", 401, Retryable: false,
        "Send 'Authorization: Bearer grd_…' with a token that is not revoked, or sign in.");

    public static readonly Refusal AccountOver = new("host.account_over", 401, Retryable: false,
        "If the date is wrong, have it corrected in the list of people: the account then works again.");

    public static readonly Refusal NotAllowed = new("host.not_allowed", 403, Retryable: false,
        "Ask an administrator, or use an account that may do this.");

    public static readonly Refusal CrossSite = new("host.cross_site", 403, Retryable: false,
        "Writes with a session cookie need the header 'X-Guerdon: 1'. Programs should send a token instead.");

    public static readonly Refusal ActsInvalid = new("host.acts_invalid", 400, Retryable: false,
        "Send from and to as days, kind as docs/guides/audit.md has it, and format as json or csv.");

    public static readonly Refusal TokenNameInvalid = new("host.token_name_invalid", 400, Retryable: false,
        "Name the token with 1 to 80 characters.");

    public static readonly Refusal TokenNotFound = new("host.token_not_found", 404, Retryable: false,
        "List your tokens with GET /api/v1/tokens.");
}
