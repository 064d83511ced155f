using Guerdon.Dialects.Calls;
using Guerdon.Dialects.Known;
using Guerdon.Pricing.Costing;

namespace Guerdon.Bounds.Plans;

/// <summary>The most tokens that a call can use, which is what it holds.</summary>
public static class CallBounds
{
    // The words around a prompt that the body does not contain: Anthropic adds up to about 800 tokens when tools are
    // given, chat templates a few dozen.
    private const int TemplateTokens = 256;
    private const int ToolTemplateTokens = 1_024;

    // What an embedding is for may be told to the model in a sentence before each text (Voyage AI's input_type).
    private const int TextWords = 32;

    // A tool of the provider's own costs 245 (bash) to about 1,250 (computer with its screen) tokens unseen.
    private const int BuiltInToolTokens = 2_048;

    // No cap is lowered further, because shorter answers are of no use to anybody, and OpenAI's
    // Responses refuses a lower cap.
    private const int LeastOutputTokens = 16;

    // A picture's most: what OpenAI's guide to image generation gives for gpt-image models at the largest size
    // (1536x1024) and high quality, and for each partial picture on the way to it.
    private const int PictureTokens = 6_240;
    private const int PartialPictureTokens = 100;

    /// <summary>An upper bound of the call's input tokens.</summary>
    /// <remarks>
    /// Providers' tokenisers work on bytes: each token stands for one byte of UTF-8 or more, so a text has at most as
    /// many tokens as bytes. JSON only lengthens a text (escapes), and a message's wrapping in JSON is longer than the
    /// three or four tokens that it becomes. Images inside the body count as pixels, not as text, so their bytes are
    /// taken out and a picture's most is put in. A name of a tool may stand for its whole definition. What the bytes do
    /// not bound is bounded by the window, since providers refuse longer prompts. Embeddings take many texts at once,
    /// each with a window of its own: only bytes bound them.
    /// </remarks>
    public static long Input(in CallFacts call, Price price)
    {
        if (call.Api.Content == ContentForm.Texts)
            return call.BodyBytes + (call.AddsWords ? call.Texts * TextWords : 0L);
        if (call.Api.Content == ContentForm.Prompt) return call.BodyBytes + TemplateTokens;
        if (call.ReadsBeyondBody) return price.ContextTokens;

        var template = call.HasTools || call.AddsWords ? ToolTemplateTokens : TemplateTokens;
        var text = call.BodyBytes - call.ImageBytes + call.Swelling + call.ToolReferences * Definition(call);
        var bound = text + template + (long)call.BuiltInTools * BuiltInToolTokens + Pictures(call, price);
        return Math.Min(bound, price.ContextTokens);
    }

    // A name of a tool in the prompt is counted as the largest definition that it can stand for, since the
    // body does not say which.
    private static long Definition(in CallFacts call) =>
        call.LargestTool + (call.BuiltInTools > 0 ? BuiltInToolTokens : 0);

    /// <summary>An upper bound of the call's output tokens, over all its choices.</summary>
    // A cap above the model's own is lowered to it on the way out: what is sent is never more than what is held.
    public static long Output(in CallFacts call, Price price) => call.Api.Makes switch
    {
        Made.Pictures => (PictureTokens + PartialPictureTokens * call.PartialImages) * call.Choices,
        Made.Uncapped => price.MaxOutputTokens,
        Made.Nothing => 0,
        _ when IsDrawn(call, price) => price.MaxOutputTokens * call.Choices,
        _ => Math.Min(call.CapAsked ?? price.MaxOutputTokens, price.MaxOutputTokens) * call.Choices,
    };

    /// <summary>Output that no cap bounds: what of a foretold answer does not come true, and thoughts of some models.
    /// </summary>
    public static long BesideCap(in CallFacts call, Price price) =>
        call.PredictionBytes * call.Choices + Thoughts.BesideCap(call, price);

    /// <summary>The least output that the cap may be lowered to, over all choices.</summary>
    public static long OutputFloor(in CallFacts call, Price price)
    {
        // Its output is held whole, because nothing that is sent could lower it.
        if (call.Api.Makes is Made.Pictures or Made.Uncapped || IsDrawn(call, price)) return Output(call, price);
        // A budget beyond what the model writes at all is no more than that: its product must not overflow.
        var thinking = Math.Min(call.ThinkingBudget ?? 0, price.MaxOutputTokens);
        var floor = Math.Max(thinking == 0 ? 0 : thinking + 1, LeastOutputTokens) * call.Choices;
        return Math.Min(floor, Output(call, price));
    }

    /// <summary>
    /// The cap to send for each choice when <paramref name="outputCap"/> was admitted over all of them; null where the
    /// caller's request needs no change.
    /// </summary>
    public static long? CapToSend(in CallFacts call, Price price, long outputCap)
    {
        if (call.Api.CapName is null) return null;
        var each = outputCap / call.Choices;
        return each < (call.CapAsked ?? price.MaxOutputTokens) ? each : null;
    }

    // The cap does not count for pictures, each of which is 1,120 tokens of Google's and more, since no provider says
    // that it cuts one short.
    private static bool IsDrawn(in CallFacts call, Price price) => call.Api.Makes == Made.Capped
        && price.Base.ImageOutput is not null && (MediaRules.MayUse(call) & Media.ImageOutput) != 0;

    private static long Pictures(in CallFacts call, Price price) =>
        call.Images == 0 ? 0 : call.Images * KnownDialects.PictureTokens(price);
}
