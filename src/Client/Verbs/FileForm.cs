using Guerdon.Terminal.Writing;

namespace Guerdon.Client.Verbs;

/// <summary>How the server read a file of rows.</summary>
public static class FileForm
{
    /// <summary>Says it, where it is not the usual form.</summary>
    public static void Say(Output output, string? readAs)
    {
        if (readAs is not (null or "separated by commas, UTF-8")) output.Note($"The file was read as {readAs}.");
    }
}
