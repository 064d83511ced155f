using Guerdon.Identity;
using Guerdon.Kernel;

namespace Guerdon.Passkeys;

/// <summary>Values of <c>why</c> in the address of the page Passkeys.</summary>
public static class PasskeyFault
{
    /// <summary>One was added.</summary>
    public const string Added = "added";

    /// <summary>It was not taken.</summary>
    public const string NotTaken = SignInFault.Passkey;

    /// <summary>It has no name, or too long a one.</summary>
    public const string Name = "name";

    /// <summary>There are as many as one account can have.</summary>
    public const string TooMany = "too-many";

    internal static string Of(Refused no) =>
        no.Refusal == PasskeysRefusals.NameInvalid ? Name : no.Refusal == PasskeysRefusals.TooMany ? TooMany : NotTaken;
}
