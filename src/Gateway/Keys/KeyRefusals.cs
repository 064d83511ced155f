using Guerdon.Kernel;

namespace Guerdon.Gateway.Keys;

/// <summary>Every expected "no" where keys are made and revoked.</summary>
internal static class KeyRefusals
{
    public static readonly Refusal Invalid =
        new("gateway.key_invalid", 400, Retryable: false, "Correct the request; no key was made.");

    public static readonly Refusal OwnerLeft =
        new("gateway.key_owner_left", 409, Retryable: false,
            "If the date is wrong, have it corrected in the list of people; no key was made.");

    public static readonly Refusal NotFound =
        new("gateway.key_not_found", 404, Retryable: false, "List your keys to see which there are.");
}
