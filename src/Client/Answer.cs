using System.Text.Json;
using Guerdon.Kernel;
using Guerdon.Terminal;
using Guerdon.Terminal.Writing;

namespace Guerdon.Client;

/// <summary>What came back: a reply, or a no. A reply without a body is an undefined element.</summary>
public sealed record Answer(JsonElement Reply, ServerSaidNo? No)
{
    /// <summary>The answer itself, where it is a file to save.</summary>
    public byte[]? File { get; init; }
}

/// <summary>A refusal that a server sent, or ours in place of it.</summary>
/// <param name="Problem">What it said.</param>
/// <param name="Raw">The reply as it came; undefined where the server said nothing that can be read.</param>
public sealed record ServerSaidNo(Problem Problem, JsonElement Raw)
{
    /// <summary>A refusal of our own, in place of what the server could not say.</summary>
    public static ServerSaidNo Ours(Refused refused) =>
        new(new Problem(refused.Refusal.Code, refused.Detail, refused.Refusal.NextStep, []), default);
}

public static class Refusing
{
    /// <summary>Says no as the server did.</summary>
    /// <returns><see cref="ExitCodes.Refused"/>.</returns>
    public static int Refuse(this Output output, ServerSaidNo no) => output.Refuse(no.Problem, no.Raw);
}
