using Guerdon.Kernel;

namespace Guerdon.Relay;

/// <summary>Every refusal of a call that cannot be passed on.</summary>
public static class RelayRefusals
{
    public static readonly Refusal OriginNotAllowed = new("gateway.origin_not_allowed", 403, Retryable: false,
        "Ask an administrator to list this page's origin in Gateway:AllowedOrigins; programs outside a browser need "
        + "none.");

    public static readonly Refusal UnsendableHeader = new("gateway.unsendable_header", 400, Retryable: false,
        "Send it in printable ASCII and shorter, or leave it out; nothing was sent to the provider, held or charged.");

    public static readonly Refusal EncodedBody = new("gateway.encoded_body", 415, Retryable: false,
        "Send the body plain, or compressed by gzip, br, deflate or zstd.");

    public static readonly Refusal TextInvalid = new("gateway.text_invalid", 400, Retryable: false,
        "Correct the address or its query, and send the request again.");
}
