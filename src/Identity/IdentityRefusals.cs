using Guerdon.Kernel;

namespace Guerdon.Identity;

/// <summary>Every expected "no" of signing in and of API tokens.</summary>
internal static class IdentityRefusals
{
    public static readonly Refusal NotSignedIn = new("host.not_signed_in", 401, Retryable: false,
        "Send 'Authorization: Bearer grd_…' with a token that is not revoked, or sign in.");

    public static readonly Refusal AccountOver = new("host.account_over", 401, Retryable: false,
        "If that is wrong, have the date corrected in the list of people, or the closed account opened again.");

    public static readonly Refusal NotAllowed = new("host.not_allowed", 403, Retryable: false,
        "Ask an administrator, or use an account that may do this.");

    public static readonly Refusal CrossSite = new("host.cross_site", 403, Retryable: false,
        "Writes with a session cookie need the header 'X-Guerdon: 1'. Programs should send a token instead.");

    public static readonly Refusal StepUp = new("host.step_up", 403, Retryable: false,
        "Sign in again, and approve within 10 minutes: at the command line with 'guerdon login', in a browser at"
        + " /confirm. Programs prepare what pays; a person approves it.");

    public static readonly Refusal SessionNotFound = new("host.session_not_found", 404, Retryable: false,
        "List your sessions with GET /api/v1/sessions.");

    public static readonly Refusal SignInWrong = new("host.sign_in_wrong", 401, Retryable: false,
        "Check the e-mail and the password, and try again.");

    public static readonly Refusal SignInTooLong = new("host.sign_in_too_long", 400, Retryable: false,
        "An e-mail has at most 254 characters, a password at most 200.");

    public static readonly Refusal SignInTooMany = new("host.sign_in_too_many", 429, Retryable: true,
        "Wait a minute, then try again.");

    public static readonly Refusal LinkOver = new("host.link_over", 404, Retryable: false,
        "Ask an administrator for a new link. On the server's machine: 'guerdon account local-reset EMAIL'.");

    public static readonly Refusal PasswordInvalid = new("host.password_invalid", 400, Retryable: false,
        "Choose a password of 10 to 200 characters, another than the present one.");

    public static readonly Refusal CurrentWrong = new("host.password_wrong", 403, Retryable: false,
        "Send the present password as 'current'. If it is forgotten, ask an administrator for a link.");

    public static readonly Refusal NoOwnPassword = new("host.no_own_password", 409, Retryable: false,
        "Change it where you sign in: at your company's provider. A password here comes by an administrator's link.");

    public static readonly Refusal OwnReset = new("host.own_reset", 403, Retryable: false,
        "Another administrator makes the link, or somebody on the server's machine.");

    public static readonly Refusal ResetWider = new("host.reset_wider", 403, Retryable: false,
        "Somebody who has these roles makes the link, or on the server's machine 'guerdon account local-reset EMAIL'.");

    public static readonly Refusal VouchWaits = new("host.vouch_waits", 409, Retryable: false,
        "Decline or decide that first: it may have been asked for by whoever made the link.");

    public static readonly Refusal VouchOther = new("host.vouch_link", 409, Retryable: false,
        "Look at the account again, and name the link that it names: 'guerdon account show EMAIL' says which.");

    public static readonly Refusal NoPassword = new("host.account_no_password", 409, Retryable: false,
        "Wait until its holder has set a password by the link, or has signed in by a provider.");

    public static readonly Refusal OwnVouch = new("host.own_vouch", 403, Retryable: false,
        "An administrator who made none of these links vouches for it, or somebody on the server's machine: 'guerdon"
        + " account local-vouch EMAIL'.");

    public static readonly Refusal AccountOfProgram = new("host.account_of_program", 409, Retryable: false,
        "Programs have tokens and no password.");

    public static readonly Refusal LinkedRole = new("host.linked_role", 403, Retryable: false,
        "Another administrator vouches for the account first: 'guerdon account vouch EMAIL'.");

    public static readonly Refusal NoDecider = new("host.role_no_decider", 409, Retryable: false,
        "Give it on the server's machine: 'guerdon account local-give EMAIL ROLE'.");

    public static readonly Refusal AskerGone = new("host.role_asker_gone", 409, Retryable: false,
        "Decline it, and ask for it yourself: another administrator agrees.");

    public static readonly Refusal AuditorWrites = new("host.auditor_writes", 409, Retryable: false,
        "Take the other roles first.");

    public static readonly Refusal LoginPending = new("host.login_pending", 400, Retryable: true,
        "Ask again after as many seconds as 'interval' said.");

    public static readonly Refusal LoginSlowDown = new("host.login_slow_down", 400, Retryable: true,
        "Wait five seconds longer between two questions from now on.");

    public static readonly Refusal LoginDenied = new("host.login_denied", 400, Retryable: false,
        "Begin again, and confirm it in the browser.");

    public static readonly Refusal LoginOver = new("host.login_over", 400, Retryable: false,
        "Begin again: a login that nobody confirms ends after ten minutes, and each gives one session.");

    public static readonly Refusal LoginTooMany = new("host.login_too_many", 429, Retryable: true,
        "Wait a few minutes, until logins that nobody confirmed have ended.");

    public static readonly Refusal TokenScopesInvalid = new("host.token_scopes_invalid", 400, Retryable: false,
        "Name permissions as docs/security.md lists them, or leave 'scopes' out for all that you may do.");

    public static readonly Refusal TokenTooWide = new("host.token_too_wide", 403, Retryable: false,
        "Ask for less, or make the token in a session of somebody who may do it.");

    public static readonly Refusal TokenEndInvalid = new("host.token_end_invalid", 400, Retryable: false,
        "Name a time that is to come, or leave 'endsAt' out for a year.");

    public static readonly Refusal ActsInvalid = new("host.acts_invalid", 400, Retryable: false,
        "Send from and to as days, kind as docs/guides/audit.md has it, and format as json or csv.");

    public static readonly Refusal TokenNameInvalid = new("host.token_name_invalid", 400, Retryable: false,
        "Name the token with 1 to 80 characters.");

    public static readonly Refusal TokenNotFound = new("host.token_not_found", 404, Retryable: false,
        "List your tokens with GET /api/v1/tokens.");

    public static readonly Refusal PageInvalid = new("host.page_invalid", 400, Retryable: false,
        "Send limit from 1 to 1,000, and after as the page before gave it.");

    public static readonly Refusal AccountNotFound = new("host.account_not_found", 404, Retryable: false,
        "List accounts with GET /api/v1/accounts.");

    public static readonly Refusal AccountInvalid = new("host.account_invalid_address", 400, Retryable: false,
        "Send an e-mail address and a name of 1 to 200 characters.");

    public static readonly Refusal AccountExists = new("host.account_is_open", 409, Retryable: false,
        "Ask for roles for the account that there is, or close it first.");

    public static readonly Refusal AccountOfLeaver = new("host.person_has_left", 409, Retryable: false,
        "If the date is wrong, correct it in the list of people first.");

    public static readonly Refusal AccountClosed = new("host.account_closed", 409, Retryable: false,
        "Open it again first: POST /api/v1/accounts with its address.");

    public static readonly Refusal LastAdministrator = new("host.last_administrator", 409, Retryable: false,
        "Give somebody else the role of an administrator first.");

    public static readonly Refusal RoleUnknown = new("host.role_unknown", 400, Retryable: false,
        "Name one of: employee, manager, people, finance, board, auditor, platform, administrator.");

    public static readonly Refusal RoleHeld = new("host.role_held", 409, Retryable: false,
        "Nothing has to be done.");

    public static readonly Refusal RoleNotHeld = new("host.role_not_held", 409, Retryable: false,
        "Look at what the account has: GET /api/v1/accounts/{account}.");

    public static readonly Refusal RoleElsewhere = new("host.role_given_elsewhere", 409, Retryable: false,
        "Take it where it was given, for example by taking them out of the directory's group.");

    public static readonly Refusal OwnRole = new("host.own_role", 403, Retryable: false,
        "Somebody else with the role of an administrator does it.");

    public static readonly Refusal RequestNotFound = new("host.role_request_not_found", 404, Retryable: false,
        "List requests with GET /api/v1/role-requests.");

    public static readonly Refusal RequestDecided = new("host.role_request_decided", 409, Retryable: false,
        "Ask again if it is still wanted.");

    public static readonly Refusal ReasonInvalid = new("host.reason_invalid", 400, Retryable: false,
        "Say why, in 1 to 1,000 characters.");
}
