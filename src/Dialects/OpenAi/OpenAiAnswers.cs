using System.Text.Json;
using Guerdon.Dialects.Answers;
using Guerdon.Dialects.Readings;

namespace Guerdon.Dialects.OpenAi;

/// <summary>How OpenAI's answers are built: items of <c>output</c>, and in a stream <c>item</c> by item.</summary>
internal sealed class OpenAiAnswers : AnswerForm
{
    public static readonly OpenAiAnswers Instance = new();

    public override bool HasUsageEvent => true;

    public override bool CountsFromTheStart => true;

    public override void ReadUsage(ref Utf8JsonReader json, bool isCount, ref UsageReading reading) =>
        OpenAiUsage.Read(ref json, ref reading);

    public override PartOfAnswer PartAt(in Utf8JsonReader json) =>
        json.ValueTextEquals("output"u8) ? PartOfAnswer.All
        : json.ValueTextEquals("item"u8) ? PartOfAnswer.One : PartOfAnswer.None;

    public override void ReadAll(ref Utf8JsonReader json, ref UsageReading reading) =>
        OpenAiItems.ReadAll(ref json, ref reading);

    public override OutputItem? ReadOne(ref Utf8JsonReader json, ref UsageReading reading) =>
        OpenAiItems.Read(ref json);
}
