using Guerdon.Kernel;

namespace Guerdon.Scim;

/// <summary>Every expected "no" to a directory. What the protocol calls it, <c>ScimError</c> knows.</summary>
internal static class ScimRefusals
{
    public static readonly Refusal FilterInvalid = new("scim.filter_invalid", 400, Retryable: false,
        "Write it as userName eq \"ada@example.com\"; the guide to SCIM lists the operators.");

    public static readonly Refusal SyntaxInvalid = new("scim.syntax_invalid", 400, Retryable: false,
        "Send a JSON object as RFC 7644 describes it; nothing changed.");

    public static readonly Refusal ValueInvalid = new("scim.value_invalid", 400, Retryable: false,
        "Correct the attribute named and send the request again; nothing changed.");

    public static readonly Refusal PathInvalid = new("scim.path_invalid", 400, Retryable: false,
        "Name an attribute that /scim/v2/Schemas lists; nothing changed.");

    public static readonly Refusal NoTarget = new("scim.no_target", 400, Retryable: false,
        "Name what is to be changed: nothing that there is fits the path; nothing changed.");

    public static readonly Refusal ReadOnly = new("scim.read_only", 400, Retryable: false,
        "Leave the attribute out; nothing changed.");

    public static readonly Refusal NotUnique = new("scim.not_unique", 409, Retryable: false,
        "Choose another value, or look the resource up that has it; nothing changed.");

    public static readonly Refusal NotFound = new("scim.not_found", 404, Retryable: false,
        "Look the resource up by a filter: it was deleted, or never there.");

    public static readonly Refusal VersionOther = new("scim.version_other", 412, Retryable: true,
        "Read the resource again, and repeat the change with its new version.");

    public static readonly Refusal TooMany = new("scim.too_many", 413, Retryable: false,
        "Send it in several requests; nothing changed.");

    public static readonly Refusal NotDone = new("scim.not_done", 503, Retryable: true,
        "Send the operation again; it changed nothing.");

    public static readonly Refusal FilterRefused = new("scim.filter_refused", 403, Retryable: false,
        "Ask without a filter: what describes the service is a short list.");

    public static readonly Refusal CursorInvalid = new("scim.cursor_invalid", 400, Retryable: false,
        "Begin again with an empty cursor, and the same filter on each page.");

    public static readonly Refusal CursorExpired = new("scim.cursor_expired", 400, Retryable: false,
        "Begin again with an empty cursor.");

    public static readonly Refusal CountInvalid = new("scim.count_invalid", 400, Retryable: false,
        "Ask for a whole number of resources, from 0 on.");

    public static readonly Refusal NotServed = new("scim.not_served", 404, Retryable: false,
        "/scim/v2/ResourceTypes lists what there is.");

    public static readonly Refusal MethodNotServed = new("scim.method_not_served", 405, Retryable: false,
        "Use a method that the guide to SCIM lists for this address.");

    public static readonly Refusal MeNotServed = new("scim.me_not_served", 501, Retryable: false,
        "Name the user by id: a directory's token belongs to no user.");

    public static readonly Refusal MediaTypeOther = new("scim.media_type_other", 415, Retryable: false,
        "Send JSON with 'Content-Type: application/scim+json'.");
}
