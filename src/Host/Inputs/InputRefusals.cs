using Guerdon.Kernel;
using Guerdon.Web;

namespace Guerdon.Host.Inputs;

/// <summary>Every expected "no" to what a request says, before any endpoint takes it.</summary>
internal static class InputRefusals
{
    public static readonly Refusal TextInvalid = new("host.text_invalid", 422, Retryable: false,
        "Correct the text of the field named and send the request again; nothing changed.");

    public static readonly Refusal TimeInvalid = new("host.time_invalid", 422, Retryable: false,
        "Correct the date of the field named and send the request again; nothing changed.");

    public static readonly Refusal RequestInvalid = new("host.request_invalid", 400, Retryable: false,
        "Correct what is named and send the request again; /api/v1/openapi.json has the form of every request.");

    public static readonly Refusal MethodNotAllowed = new("host.method_not_allowed", 405, Retryable: false,
        "Use a method that the Allow header names.");

    public static readonly Refusal TooLarge = new("host.too_large", 413, Retryable: false,
        "Send less at a time: split a file, or shorten a text.");

    public static readonly Refusal MediaTypeUnknown = new("host.media_type_unknown", 415, Retryable: false,
        "Send JSON with 'Content-Type: application/json', and files as their guides say.");

    /// <summary>What a status without words of its own means.</summary>
    public static Refusal OfStatus(int status) => status switch
    {
        404 => WebRefusals.NotFound,
        405 => MethodNotAllowed,
        413 => TooLarge,
        415 => MediaTypeUnknown,
        _ => RequestInvalid with { Status = status },
    };
}
