using System.Runtime.ExceptionServices;
using Guerdon.Identity.Accounts;
using Guerdon.Identity.External;
using Guerdon.Identity.SignIn;
using Guerdon.Kernel;
using Guerdon.Passkeys.Keys;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Identity;
using Microsoft.Extensions.DependencyInjection;
using Npgsql;

namespace Guerdon.Passkeys.Ceremonies;

/// <summary>Asks browsers for passkeys, and checks what they answer: the framework looks at challenge, origin, server's
/// name, signature, and that the device made sure who uses it; the count of uses is compared as it is written.
/// </summary>
internal sealed class PasskeyAnswers(
    PasskeyAddress address, Challenges challenges, ExternalTries tries, OwnPasskeys own, TimeProvider clock)
{
    /// <summary>The longest answer, in characters.</summary>
    public const int MostChars = 16_000;

    /// <summary>The largest form that has one.</summary>
    public const int MostBodyBytes = 65_536;

    /// <summary>What an answer came to.</summary>
    /// <param name="Status">200; 401: it is not taken; 429: too many tries.</param>
    /// <param name="Wait">How long, where it is 429.</param>
    public sealed record Outcome(int Status, TimeSpan Wait = default)
    {
        /// <summary>Whose passkey it was.</summary>
        public Account? Account { get; init; }

        /// <summary>The passkey, with the count that was signed.</summary>
        public UserPasskeyInfo? Passkey { get; init; }

        /// <summary>What it answers.</summary>
        public Challenge? Challenge { get; init; }
    }

    /// <summary>What a use came to, in the transaction of what it is for.</summary>
    public enum Use
    {
        Taken,

        /// <summary>Its challenge was answered before, or it was removed meanwhile.</summary>
        Gone,

        /// <summary>Its count went back.</summary>
        WentBack,
    }

    /// <summary>Asks for somebody's passkey, or for whosever it is.</summary>
    public async Task<IResult> AskAsync(HttpContext http, Ceremony what, Account? account)
    {
        if (address.Domain is null) return Off();
        var asked = await Handler(http).MakeRequestOptionsAsync(account, http);
        challenges.Keep(http, what, asked.AssertionState!);
        return TypedResults.Content(asked.RequestOptionsJson, "application/json");
    }

    /// <summary>Asks for a new passkey.</summary>
    public async Task<IResult> AskNewAsync(HttpContext http, Account account)
    {
        if (address.Domain is null) return Off();
        var asked = await Handler(http).MakeCreationOptionsAsync(
            new() { Id = $"{account.Id}", Name = account.Email, DisplayName = account.Name }, http);
        challenges.Keep(http, Ceremony.Add, asked.AttestationState!);
        return TypedResults.Content(asked.CreationOptionsJson, "application/json");
    }

    /// <summary>Checks an answer, within the limits of signing in.</summary>
    public async Task<Outcome> CheckAsync(HttpContext http, Ceremony what, string? credential)
    {
        if (tries.Take(http) is { } wait) return new(StatusCodes.Status429TooManyRequests, wait);
        if (address.Domain is null || challenges.Take(http, what) is not { } challenge
            || credential is not { Length: > 0 and <= MostChars }) return new(StatusCodes.Status401Unauthorized);
        var result = await Handler(http).PerformAssertionAsync(new()
        {
            HttpContext = http, CredentialJson = credential, AssertionState = challenge.State,
        });
        ThrowIfOutage(result.Failure);
        if (!result.Succeeded) return new(StatusCodes.Status401Unauthorized);
        tries.GiveBack(http); // nothing was guessed
        return new(StatusCodes.Status200OK)
        {
            Account = result.User, Passkey = result.Passkey, Challenge = challenge,
        };
    }

    /// <summary>Checks the answer of a device that made a passkey.</summary>
    public async Task<(UserPasskeyInfo Passkey, Challenge Challenge)?> CheckNewAsync(
        HttpContext http, AccountId account, string? credential)
    {
        if (address.Domain is null || challenges.Take(http, Ceremony.Add) is not { } challenge
            || credential is not { Length: > 0 and <= MostChars }) return null;
        var result = await Handler(http).PerformAttestationAsync(new()
        {
            HttpContext = http, CredentialJson = credential, AttestationState = challenge.State,
        });
        ThrowIfOutage(result.Failure);
        return result.Succeeded && result.UserEntity.Id == $"{account}" ? (result.Passkey, challenge) : null;
    }

    /// <summary>Notes a use.</summary>
    public async Task<Use> UseAsync(NpgsqlConnection at, Outcome answer, CancellationToken ct)
    {
        var (passkey, account, now) = (answer.Passkey!, answer.Account!.Id, clock.GetUtcNow());
        if (!await AnswerAsync(at, answer.Challenge!, ct)) return Use.Gone;
        if (await PasskeyRows.UseAsync(at, account, passkey, now, ct)) return Use.Taken;
        return await PasskeyRows.NamedAsync(at, account, passkey, ct) is null ? Use.Gone : Use.WentBack;
    }

    /// <summary>Notes a challenge as answered.</summary>
    /// <returns>False: it was before.</returns>
    public Task<bool> AnswerAsync(NpgsqlConnection at, Challenge challenge, CancellationToken ct) =>
        // Longer than it is taken, since another node's clock may be late.
        PasskeyRows.AnswerAsync(at, challenge.Hash, challenge.EndsAt + Challenges.For, clock.GetUtcNow(), ct);

    /// <summary>Tells the owner of a passkey whose count went back.</summary>
    public Task WarnAsync(Outcome answer, CancellationToken ct) => own.WarnAsync(answer.Account!, answer.Passkey!, ct);

    /// <summary>Why an answer was not taken, for programs.</summary>
    public static ProblemHttpResult Refusal(HttpContext http, int status, TimeSpan wait)
    {
        switch (status)
        {
            case StatusCodes.Status429TooManyRequests:
                RetryAfter.Say(http, wait);
                return PasskeysRefusals.TooManyTries.ToProblem("Too many tries from this address.");
            case StatusCodes.Status409Conflict:
                return PasskeysRefusals.Copied.ToProblem("The passkey's count of uses went back.");
            default:
                return PasskeysRefusals.NotTaken.ToProblem("The passkey was not taken.");
        }
    }

    // The framework's handler makes a failed check of whatever its store throws.
    private static void ThrowIfOutage(PasskeyException? failure)
    {
        for (Exception? e = failure; e is not null; e = e.InnerException)
            if (e is NpgsqlException or IOException or TimeoutException) ExceptionDispatchInfo.Throw(e);
    }

    private static ProblemHttpResult Off() =>
        PasskeysRefusals.Off.ToProblem("This server has no public address with a name.");

    private static IPasskeyHandler<Account> Handler(HttpContext http) =>
        http.RequestServices.GetRequiredService<IPasskeyHandler<Account>>();
}
