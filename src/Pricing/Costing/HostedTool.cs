namespace Guerdon.Pricing.Costing;

/// <summary>What a provider runs by itself in the course of a call and may charge by the use. Stored and
/// never reused.</summary>
public enum HostedTool : short
{
    /// <summary>A search of the web, whoever offers it.</summary>
    WebSearch = 1,

    /// <summary>A page that was read from the web.</summary>
    WebFetch = 2,

    /// <summary>A container in which code ran, however often it ran there.</summary>
    CodeExecution = 3,

    /// <summary>A search of files that were uploaded before.</summary>
    FileSearch = 4,

    /// <summary>A prompt that Gemini grounded in a search, however many searches that took.</summary>
    GroundedPrompt = 5,

    /// <summary>A prompt that Gemini grounded in Google Maps.</summary>
    MapsPrompt = 6,

    /// <summary>A picture that a model of text had made.</summary>
    ImageGeneration = 7,
}

/// <summary>What people call the tools.</summary>
public static class HostedTools
{
    public static string NameOf(HostedTool tool) => tool switch
    {
        HostedTool.WebSearch => "web search",
        HostedTool.WebFetch => "web fetch",
        HostedTool.CodeExecution => "code execution",
        HostedTool.FileSearch => "file search",
        HostedTool.GroundedPrompt => "grounded prompt",
        HostedTool.MapsPrompt => "maps prompt",
        HostedTool.ImageGeneration => "image generation",
        _ => throw new ArgumentOutOfRangeException(nameof(tool), tool, "No such tool."),
    };
}

/// <summary>What the provider's own tools cost, in nano-USD for each use; null: not priced, 0: free.</summary>
public sealed record Fees
{
    public static readonly Fees None = new();

    public long? WebSearch { get; init; }
    public long? WebFetch { get; init; }
    public long? CodeExecution { get; init; }
    public long? FileSearch { get; init; }
    public long? GroundedPrompt { get; init; }
    public long? MapsPrompt { get; init; }
    public long? ImageGeneration { get; init; }

    public long? Of(HostedTool tool) => tool switch
    {
        HostedTool.WebSearch => WebSearch,
        HostedTool.WebFetch => WebFetch,
        HostedTool.CodeExecution => CodeExecution,
        HostedTool.FileSearch => FileSearch,
        HostedTool.GroundedPrompt => GroundedPrompt,
        HostedTool.MapsPrompt => MapsPrompt,
        HostedTool.ImageGeneration => ImageGeneration,
        _ => throw new ArgumentOutOfRangeException(nameof(tool), tool, "No such tool has a fee."),
    };
}
