using System.Text.Json;
using Guerdon.Dialects.Calls;
using Guerdon.Dialects.Readings;

namespace Guerdon.Relay.Answers;

/// <summary>Reads answers as their dialect has them: whole bodies and the data of single events.</summary>
public static class AnswerReader
{
    /// <summary>Reads a whole body. What is not JSON says nothing, and the usage is then estimated.</summary>
    public static void ReadBody(Dialect dialect, ReadOnlySpan<byte> body, ref UsageReading reading)
    {
        var before = reading;
        reading.Finish(); // a body is whole, whether it says so or not
        try
        {
            if (dialect.ReadBody(body, ref reading)) return;
        }
        catch (JsonException)
        {
            reading = before;
        }

        reading.DeliveredBytes = reading is { IsError: true, HasCounts: false } ? 0 : body.Length;
    }

    /// <summary>Reads one event's data into <paramref name="reading"/>.</summary>
    public static EventKind ReadEvent(Dialect dialect, ReadOnlySpan<byte> data, ref UsageReading reading)
    {
        var before = reading;
        try
        {
            return dialect.ReadEvent(data, ref reading);
        }
        catch (JsonException)
        {
            reading = before; // relayed as it is; half-read counts are none
            return EventKind.Other;
        }
    }
}
