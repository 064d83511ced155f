using System.Text.Json;
using Guerdon.Dialects.Answers;
using Guerdon.Dialects.Readings;

namespace Guerdon.Dialects.Anthropic;

/// <summary>How Anthropic's answers are built: blocks of <c>content</c>, and in a stream a <c>content_block</c> at a
/// time. What a stream counts at its start is a placeholder.</summary>
internal sealed class AnthropicAnswers : AnswerForm
{
    public static readonly AnthropicAnswers Instance = new();

    public override bool StopsInDelta => true;

    public override void ReadUsage(ref Utf8JsonReader json, bool isCount, ref UsageReading reading) =>
        AnthropicUsage.Read(ref json, isCount, ref reading);

    public override PartOfAnswer PartAt(in Utf8JsonReader json) =>
        json.ValueTextEquals("content"u8) ? PartOfAnswer.All
        : json.ValueTextEquals("content_block"u8) ? PartOfAnswer.One : PartOfAnswer.None;

    public override void ReadAll(ref Utf8JsonReader json, ref UsageReading reading) =>
        AnthropicContent.ReadAll(ref json, ref reading);

    public override OutputItem? ReadOne(ref Utf8JsonReader json, ref UsageReading reading)
    {
        AnthropicContent.ReadStreamed(ref json, ref reading);
        return null; // it is counted when it begins
    }
}
