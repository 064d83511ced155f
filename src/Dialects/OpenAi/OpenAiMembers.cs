using Guerdon.Dialects.Calls;

namespace Guerdon.Dialects.OpenAi;

/// <summary>Top-level members of OpenAI's requests and those of the providers that speak its dialect.</summary>
internal static class OpenAiMembers
{
    // Sampling and form pass, since they only change an answer whose tokens are capped.
    private static readonly string[] Shapes =
    [
        "temperature", "top_p", "top_k", "top_a", "min_p", "typical_p", "seed", "random_seed",
        "frequency_penalty", "presence_penalty", "repetition_penalty", "length_penalty", "logprobs", "top_logprobs",
        "parallel_tool_calls", "store", "verbosity", "prompt_cache_options", "prompt_cache_retention", "include",
        "truncation", "reasoning_format", "include_reasoning", "preserve_thinking",
        "do_sample", "response_language", "skip_special_tokens", "ignore_eos", "min_tokens",
        "partial_mode", "user_location", "incremental_output",
    ];

    private static readonly string[] Texts =
    [
        "metadata", "client_metadata", "response_format", "text", "instructions", "logit_bias", "tool_choice",
        "function_call", "stop", "user", "user_id", "request_id", "prompt_cache_key", "safety_identifier",
        "guided_json", "guided_regex", "guided_choice", "labels", "tags",
    ];

    // They make the prompt longer, because with them prompts of the provider's own go before the caller's.
    private static readonly string[] Wordy = ["safe_prompt", "prompt_mode"];

    private static readonly string[] Thinking = ["reasoning_effort", "thinking", "chat_template_kwargs"];

    // They are read for models' names, because whatever they name is run instead of the model, or beside it.
    private static readonly string[] OtherModels =
        ["models", "fallbacks", "fallback", "fallback_models", "route", "router", "preset", "draft_model"];

    // Refused, because they lead to searches and plug-ins of other providers, and to templates whose
    // tools stand somewhere else.
    private static readonly string[] Unbounded =
        ["search_parameters", "enable_search", "search_options", "web_search", "plugins", "provider", "transforms"];

    public static readonly NameTable<Member> Chat = new(
        (Member.Model, ["model"]), (Member.Content, ["messages"]), (Member.Stream, ["stream"]),
        (Member.StreamOptions, ["stream_options"]), (Member.Cap, ["max_completion_tokens"]),
        (Member.OldCap, ["max_tokens"]), (Member.Choices, ["n"]), (Member.Tools, ["tools"]),
        (Member.Functions, ["functions"]), (Member.ServiceTier, ["service_tier"]),
        (Member.Search, ["web_search_options"]), (Member.Modalities, ["modalities"]), (Member.Audio, ["audio"]),
        (Member.Prediction, ["prediction"]), (Member.Reasoning, ["reasoning"]), (Member.Moderation, ["moderation"]),
        (Member.Thoughts, Thinking), (Member.ThinkingSwitch, ["enable_thinking"]),
        (Member.ThinkingBudget, ["thinking_budget"]), (Member.Worded, Wordy),
        (Member.Unbounded, Unbounded), (Member.OtherModel, OtherModels), (Member.Known, Shapes), (Member.Free, Texts));

    public static readonly NameTable<Member> Responses = new(
        (Member.Model, ["model"]), (Member.Content, ["input"]), (Member.Stream, ["stream"]),
        (Member.Cap, ["max_output_tokens"]), (Member.Tools, ["tools"]), (Member.ServiceTier, ["service_tier"]),
        (Member.Background, ["background"]), (Member.MaxToolCalls, ["max_tool_calls"]),
        (Member.Beyond, ["previous_response_id", "conversation"]), (Member.Contexts, ["context_management"]),
        (Member.Reasoning, ["reasoning"]), (Member.Moderation, ["moderation"]), (Member.Known, ["stream_options"]),
        (Member.Thoughts, Thinking), (Member.ThinkingSwitch, ["enable_thinking"]),
        (Member.ThinkingBudget, ["thinking_budget"]), (Member.Worded, Wordy),
        (Member.Unbounded, [.. Unbounded, "prompt"]), (Member.OtherModel, OtherModels), (Member.Known, Shapes),
        (Member.Free, Texts));

    public static readonly NameTable<Member> Images = new(
        (Member.Model, ["model"]), (Member.Content, ["prompt"]), (Member.Stream, ["stream"]), (Member.Choices, ["n"]),
        (Member.PartialImages, ["partial_images"]), (Member.Size, ["size"]), (Member.OtherModel, OtherModels),
        (Member.Known, ["quality", "background", "moderation", "output_format", "output_compression", "style",
            "response_format", "user", "input_fidelity", "seed"]),
        (Member.Free, ["metadata"]));

    public static readonly NameTable<Member> Embeddings = new(
        (Member.Model, ["model"]), (Member.Content, ["input"]), (Member.OtherModel, OtherModels),
        (Member.Known, ["dimensions", "encoding_format", "user", "truncate", "output_dimension", "output_dtype",
            "encoding"]),
        (Member.Worded, ["input_type"]),
        (Member.Free, ["metadata"]));
}
