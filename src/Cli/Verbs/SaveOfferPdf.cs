using System.CommandLine;

namespace Stipend.Cli;

/// <summary><c>stipend offer pdf OFFER --to FILE</c>: as the candidate gets it.</summary>
internal static class SaveOfferPdf
{
    public static Verb Build()
    {
        var offer = Offers.Argument();
        var to = new Option<string>("--to")
        {
            Description = "Where to write it; what is there is replaced.", HelpName = "FILE", Required = true,
        };
        return new Verb("pdf", "Write an offer as a PDF.", "stipend offer pdf ada-lovelace --to offer.pdf")
        {
            offer, to,
        }.Does(async (call, ct) =>
        {
            var path = call.Value(to)!;
            if (Directory.Exists(path) || Path.GetDirectoryName(Path.GetFullPath(path)) is not { } folder
                || !Directory.Exists(folder))
                return call.Misuse($"--to names {path}, which is no file in a folder that exists.");
            var answer = await call.GetAsync("Writing the PDF", Offers.Path(call.Value(offer), "/pdf"), ct);
            if (answer.No is { } no) return call.Output.Refuse(no);
            if (answer.File is not { } bytes) return call.Unreadable();
            await File.WriteAllBytesAsync(path, bytes, ct);
            return call.Output.Done(
                new { file = path, bytes = bytes.Length }, _ => call.Output.Line($"{path}, {bytes.Length:#,0} bytes."));
        });
    }
}
