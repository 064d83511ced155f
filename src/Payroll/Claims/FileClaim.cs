using System.Security.Claims;
using Guerdon.Kernel;
using Guerdon.People;
using Guerdon.People.Employees;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Http.Metadata;

namespace Guerdon.Payroll.Claims;

/// <summary>Files one's own claim, with its receipt: <c>multipart/form-data</c> with the fields <c>vendor</c>,
/// <c>service</c>, <c>spentOn</c>, <c>amount</c>, <c>currency</c>, <c>purpose</c> and the file
/// <c>receipt</c>.</summary>
public static class FileClaim
{
    /// <summary>The receipt and what is around it.</summary>
    public const int MostBodyBytes = Receipt.MostBytes + 65_536;

    private static readonly FormOptions Limits = new()
    {
        ValueCountLimit = 20, ValueLengthLimit = 4_096, MultipartBodyLengthLimit = MostBodyBytes,
    };

    /// <param name="Claim">As it is filed.</param>
    public sealed record Reply(FiledClaim Claim);

    internal static async Task<Results<Ok<Reply>, ProblemHttpResult>> Handle(
        HttpRequest request, ClaimsPrincipal caller, PeopleDirectory people, ClaimDecisions decisions,
        CancellationToken ct)
    {
        if (await Readable.FindAsync("me", caller, people, ct) is not { } person)
            return PeopleRefusals.PersonNotFound.ToProblem("Your account is not that of a person.");
        var (form, content, no) = await ReadAsync(request, ct);
        if (no is not null) return no.ToProblem();

        var outcome = await decisions.FileAsync(person, form!, content!, caller.IsInRole(Access.Admin), ct);
        return outcome.No is { } refused
            ? refused.ToProblem(outcome.Errors) : TypedResults.Ok(new Reply(outcome.Claim!));
    }

    private static async Task<(ClaimForm? Form, byte[]? Content, Refused? No)> ReadAsync(
        HttpRequest request, CancellationToken ct)
    {
        if (!request.HasFormContentType)
            return (null, null, ClaimRefusals.Invalid.With("The body must be multipart/form-data."));
        try
        {
            var fields = await request.ReadFormAsync(Limits, ct);
            if (fields.Files.GetFile("receipt") is not { } file)
                return (null, null, ClaimRefusals.Invalid.With("The form has no file 'receipt'."));
            if (file.Length > Receipt.MostBytes)
                return (null, null, ClaimRefusals.ReceiptTooLarge.With("The receipt is larger than 5 MB."));
            return (new ClaimForm(
                fields["vendor"], fields["service"], fields["spentOn"], fields["amount"], fields["currency"],
                fields["purpose"]), await BytesAsync(file, ct), null);
        }
        catch (BadHttpRequestException e) when (e.StatusCode == StatusCodes.Status413PayloadTooLarge)
        {
            return (null, null, ClaimRefusals.ReceiptTooLarge.With("The form is larger than a receipt may be."));
        }
        catch (Exception e) when (e is InvalidDataException or BadHttpRequestException or IOException)
        {
            return (null, null, ClaimRefusals.Invalid.With("The form cannot be read to its end."));
        }
    }

    /// <summary>A file that was handed in, whole.</summary>
    public static async Task<byte[]> BytesAsync(IFormFile file, CancellationToken ct)
    {
        var content = new byte[file.Length];
        await using var stream = file.OpenReadStream();
        await stream.ReadExactlyAsync(content, ct);
        return content;
    }

    /// <summary>Lets a receipt through where other bodies are held to a smaller size.</summary>
    internal sealed class BodyLimit : IRequestSizeLimitMetadata
    {
        public long? MaxRequestBodySize => MostBodyBytes;
    }
}
