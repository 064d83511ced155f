using System.CommandLine;
using Guerdon.Client.Verbs;
using Guerdon.Client;
using Guerdon.Kernel;
using Guerdon.Terminal.Parsing;

namespace Guerdon.Cli.Claims;

/// <summary><c>guerdon claim receipt CLAIM FILE</c>: saves the receipt as it was sent.</summary>
internal static class SaveReceipt
{
    public static Verb Build()
    {
        var id = ClaimVerbs.Id();
        var file = new Argument<string>("FILE") { Description = "Where to save it; it must not be there yet." };
        return new Verb(
            "receipt", "Save a claim's receipt.",
            "guerdon claim receipt clm_01990f6c6a6e7b3f8f0e0c1d2e3f4a5b receipt.pdf")
        {
            id, file,
        }.Does(async (call, ct) =>
        {
            var path = call.Value(file);
            if (!SavedFile.IsName(path)) return call.Misuse("FILE names no file.");
            if (File.Exists(path)) return call.Misuse($"{path} is there already: name another file.");
            var answer = await call.GetAsync(
                "Reading the receipt", $"api/v1/claims/{Uri.EscapeDataString(call.Value(id))}/receipt", ct);
            if (answer.No is { } no) return call.Output.Refuse(no);
            if (answer.File is not { } content) return call.Unreadable();
            try
            {
                await using var stream = new FileStream(path, FileMode.CreateNew, FileAccess.Write);
                await stream.WriteAsync(content, ct);
            }
            catch (Exception e) when (e is IOException or UnauthorizedAccessException)
            {
                return call.Output.Refuse(ClientRefusals.FileNotWritten.With($"{path} cannot be written: {e.Message}"));
            }

            return call.Output.Done(
                new Saved(path, content.Length),
                saved => call.Output.Line($"{saved.Path} has {saved.Bytes:#,0} bytes."));
        });
    }

    private sealed record Saved(string Path, int Bytes);
}
