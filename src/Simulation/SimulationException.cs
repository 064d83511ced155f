namespace Guerdon.Simulation;

/// <summary>Something did not come out as it must; the message says what.</summary>
/// <param name="message">For whoever runs the simulation.</param>
/// <param name="status">What the server answered; null where it is not about an answer.</param>
public sealed class SimulationException(string message, int? status = null) : Exception(message)
{
    /// <summary>Whether the server refused what was asked.</summary>
    public bool IsRefusal => status is >= 400 and < 500;
}
