using Guerdon.Metering.Requests;
using Guerdon.Pricing.Costing;

namespace Guerdon.Dialects.Readings;

/// <summary>What a thing in an answer is to the one who pays.</summary>
/// <param name="Tool">The provider's tool that it is a use of.</param>
/// <param name="Container">Where code ran.</param>
/// <param name="Unknown">Its type, where that is none that is known.</param>
internal readonly record struct OutputItem(HostedTool? Tool, string? Container, string? Unknown)
{
    public void AddTo(ref UsageReading reading, bool isStreamed)
    {
        if (Unknown is not null) reading.Note(Doubts.UnknownTool, Unknown, 1);
        if (Container is not null) reading.Notes = reading.NotesSoFar.WithContainer(Container);
        if (isStreamed && Tool is { } tool) reading.Notes = reading.NotesSoFar.WithStreamed(tool);
    }
}
