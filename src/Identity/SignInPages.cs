using Microsoft.AspNetCore.Http;

namespace Guerdon.Identity;

/// <summary>Why the form is shown again: the value of <c>why</c> in its address.</summary>
public static class SignInFault
{
    public const string Wrong = "wrong";
    public const string TooMany = "many";
    public const string TooLong = "long";
    public const string Stale = "stale";
    public const string Over = "over";

    /// <summary>A passkey was not taken.</summary>
    public const string Passkey = "passkey";

    /// <summary>A passkey's count of uses went back.</summary>
    public const string Copied = "copied";

    /// <summary>The account signs in at a provider; its passkeys only confirm.</summary>
    public const string Provider = "provider";

    /// <summary>Why a try with a password came to nothing.</summary>
    /// <param name="status">What it was answered.</param>
    internal static string Of(int status) => status switch
    {
        StatusCodes.Status400BadRequest => TooLong,
        StatusCodes.Status403Forbidden => Over,
        StatusCodes.Status429TooManyRequests => TooMany,
        _ => Wrong,
    };
}

/// <summary>What the form of sign-in shows.</summary>
/// <param name="Why">One of <see cref="SignInFault"/>.</param>
/// <param name="Says">What there is to say, where that is more than the words for <paramref name="Why"/>.</param>
/// <param name="Email">As it was typed.</param>
/// <param name="ReturnUrl">A path of this site to go on to.</param>
/// <param name="Status">Of the answer.</param>
public sealed record SignInShown(string Why, string? Says, string Email, string ReturnUrl, int Status);

/// <summary>The pages of signing in. Web has them and registers this.</summary>
/// <param name="AreWanted">Whether a person waits for the answer, and not a program.</param>
/// <param name="Form">The form again, with the reason.</param>
/// <param name="Denied">That whoever is signed in may not see this page.</param>
public sealed record SignInPages(
    Func<HttpContext, bool> AreWanted, Func<SignInShown, IResult> Form, Func<IResult> Denied);
