using Guerdon.Kernel;

namespace Guerdon.Dialects;

/// <summary>Every refusal of a call that cannot be read or bounded.</summary>
public static class DialectRefusals
{
    public static readonly Refusal KeyInUrl = new("gateway.key_in_url", 401, Retryable: false,
        "Send it in the header x-goog-api-key and make a new one: addresses end up in logs, and keys with them.");

    public static readonly Refusal UnknownModel = new("gateway.unknown_model", 404, Retryable: false,
        "Use a model that GET /v1/models lists. A model without a price is not served.");

    public static readonly Refusal Unpriced = new("gateway.unpriced", 400, Retryable: false,
        "Leave the option out: Guerdon has no price for it, so it cannot be charged.");

    public static readonly Refusal Unmetered = new("gateway.unmetered", 400, Retryable: false,
        "Leave the option out: its usage is not reported in the answer, so it cannot be charged.");

    public static readonly Refusal Unbounded = new("gateway.unbounded", 400, Retryable: false,
        "Leave it out: what the call may cost could not be held before it goes out.");

    public static readonly Refusal UnknownMember = new("gateway.unknown_member", 400, Retryable: false,
        "Leave it out, or ask an administrator to let it pass: 'members' in the policy lists what may.");

    public static readonly Refusal ModelElsewhere = new("gateway.model_elsewhere", 400, Retryable: false,
        "Name models in 'model', and in the 'fallbacks' and the advisor of Anthropic's API; nowhere else.");

    public static readonly Refusal UnknownTool = new("gateway.unknown_tool", 400, Retryable: false,
        "Leave the tool out, or run it yourself as a function: how often the provider runs it is not known.");

    public static readonly Refusal MalformedBody = new("gateway.malformed_body", 400, Retryable: false,
        "Correct the request body; nothing was sent to the provider or charged.");

    public static readonly Refusal UnknownOption = new("gateway.unknown_option", 400, Retryable: false,
        "Leave it out of the address: it could hide or change the answer that the charge is read from.");

    public static readonly Refusal PathNotServed = new("gateway.path_not_served", 404, Retryable: false,
        "Use /v1/chat/completions, /v1/responses, /v1/responses/compact, /v1/embeddings, "
        + "/v1/images/generations, /v1/messages, /v1/models, /v1/files, /v1/fine_tuning/jobs, "
        + "or generateContent, streamGenerateContent and countTokens below /v1beta/models.");
}
