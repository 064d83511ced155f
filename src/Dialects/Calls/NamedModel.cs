namespace Guerdon.Dialects.Calls;

/// <summary>A model that a body names beside its own, and that the provider may run.</summary>
/// <param name="Name">As the caller wrote it.</param>
/// <param name="At">Where in the body.</param>
/// <param name="Cap">Its own output cap; without tokens where it has none.</param>
/// <param name="IsFast">It is asked to answer at the faster speed.</param>
public sealed record NamedModel(string Name, int At, AskedCap Cap, bool IsFast);

/// <summary>A tool that a body lets the provider run.</summary>
/// <param name="Rule">What is known of it.</param>
/// <param name="At">Where in the body.</param>
public sealed record HostedCall(HostedRule Rule, int At)
{
    /// <summary>How often the caller lets it be used; without tokens where that is not said.</summary>
    public AskedCap MaxUses { get; init; }

    /// <summary>Right after the tool's opening brace.</summary>
    public int InsertAt { get; init; }

    /// <summary>The model that it runs, with the cap of each of its answers.</summary>
    public NamedModel? Model { get; init; }
}
