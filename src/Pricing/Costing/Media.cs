namespace Guerdon.Pricing.Costing;

/// <summary>What a call may use beside text that its model may have a price of its own for.</summary>
[Flags]
public enum Media
{
    None = 0,
    AudioInput = 1,
    ImageInput = 2,
    AudioOutput = 4,
    ImageOutput = 8,
}
