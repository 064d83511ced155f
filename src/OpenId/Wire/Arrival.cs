using System.Text.Json;
using System.Text.RegularExpressions;
using Microsoft.AspNetCore.Authentication;
using Microsoft.IdentityModel.Protocols.OpenIdConnect;

namespace Guerdon.OpenId.Wire;

/// <summary>Somebody whom a provider sent back, as far as the framework's handler found nothing wrong.</summary>
internal sealed partial class Arrival
{
    /// <summary>What was asked for when they left; null: they are not let in.</summary>
    public AuthenticationProperties? Properties { get; set; }

    /// <summary>Where they wanted to go on.</summary>
    public string? ReturnUrl { get; set; }

    /// <summary>What the provider signed, as it came.</summary>
    public string IdToken { get; set; } = "";

    /// <summary>What it said besides, of the same subject; null: nothing.</summary>
    public JsonElement? UserInfo { get; set; }

    /// <summary>Why not.</summary>
    public Exception? Failure { get; set; }

    /// <summary>Whether the provider itself said no.</summary>
    public bool WasDeclined { get; set; }

    /// <summary>Why they are not let in, in a word of <see cref="ArrivalFault"/>.</summary>
    public string Why => Failure switch
    {
        _ when WasDeclined => ArrivalFault.Declined,
        HttpRequestException or TaskCanceledException or IOException or TimeoutException or JsonException =>
            ArrivalFault.Away,
        OpenIdConnectProtocolException e when e.Data.Contains("error") => ArrivalFault.Rejected,
        OpenIdConnectProtocolException e when IsUnreadable(e) => ArrivalFault.Away,
        AuthenticationFailureException { InnerException: null } e when IsLost(e) => ArrivalFault.Lost,
        AuthenticationFailureException { InnerException: { } cause } => new Arrival { Failure = cause }.Why,
        _ => ArrivalFault.Untrusted,
    };

    /// <summary>What of a failure may be logged: the code of an error of the protocol, or the number of the check that
    /// it failed. Its text has words of whoever sent it.</summary>
    public static string Told(Exception e) =>
        e.Data["error"] is string error && ErrorCode().IsMatch(error) ? error : CheckNumber().Match(e.Message).Value;

    [GeneratedRegex(@"\A[a-z_]{1,60}\z")]
    private static partial Regex ErrorCode();

    [GeneratedRegex(@"\AIDX\d{5}")]
    private static partial Regex CheckNumber();

    // An answer of its token endpoint that is no JSON; what fails a check has a number, or a type of its own.
    private static bool IsUnreadable(Exception e) => e.GetType() == typeof(OpenIdConnectProtocolException)
        && !e.Message.StartsWith("IDX", StringComparison.Ordinal);

    // The framework has no type for these, only its texts.
    private static bool IsLost(Exception e) =>
        e.Message.Contains("orrelation", StringComparison.Ordinal)
        || e.Message.Contains("tate", StringComparison.Ordinal);
}

/// <summary>Why nobody was signed in: the value of <c>why</c> in the address of the page that says it.</summary>
public static class ArrivalFault
{
    /// <summary>The provider said no.</summary>
    public const string Declined = "declined";

    /// <summary>It does not answer, or not so that it can be read.</summary>
    public const string Away = "away";

    /// <summary>It did not take what we sent: a code that was used before, or a wrong secret.</summary>
    public const string Rejected = "rejected";

    /// <summary>This browser did not begin it, or too long ago.</summary>
    public const string Lost = "lost";

    /// <summary>What it signed is not for us, not of now, or not its own.</summary>
    public const string Untrusted = "untrusted";

    /// <summary>It does not vouch for an address.</summary>
    public const string Unverified = "unverified";

    /// <summary>They were signed out there, or their account was closed here, while it was under way.</summary>
    public const string Ended = "ended";

    /// <summary>Nobody here has the address.</summary>
    public const string Unknown = "unknown";

    /// <summary>Somebody else of the provider has this account.</summary>
    public const string Taken = "taken";

    /// <summary>The account is over.</summary>
    public const string Over = "over";

    /// <summary>The provider is not in force.</summary>
    public const string Gone = "gone";

    /// <summary>A page of another site led to it.</summary>
    public const string Elsewhere = "elsewhere";

    /// <summary>Too many tries.</summary>
    public const string TooMany = "many";

    /// <summary>Another person came back than is signed in, or they did not show who they are just now.</summary>
    public const string NotConfirmed = "confirm";
}
