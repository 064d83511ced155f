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
        if (await Readable.FindAsync("me", caller, Permissions.ClaimsFile, people, ct) is not { } person)
            return PeopleRefusals.PersonNotFound.ToProblem("Your account is not that of a person.");
        var read = await ReadAsync(request, ct);
        if (!read.Is(out var filed, out var no)) return no.ToProblem();

        var seesAll = Access.MayWithAll(caller, Permissions.ClaimsRead);
        return (await decisions.FileAsync(person, filed.Form, filed.Content, seesAll, ct))
            .Select(claim => new Reply(claim)).ToHttp();
    }

    private static async Task<Result<(ClaimForm Form, byte[] Content)>> ReadAsync(
        HttpRequest request, CancellationToken ct)
    {
        if (!request.HasFormContentType)
            return ClaimRefusals.Invalid.With("The body must be multipart/form-data.");
        try
        {
            var fields = await request.ReadFormAsync(Limits, ct);
            if (fields.Files.GetFile("receipt") is not { } file)
                return ClaimRefusals.Invalid.With("The form has no file 'receipt'.");
            if (file.Length > Receipt.MostBytes)
                return ClaimRefusals.ReceiptTooLarge.With("The receipt is larger than 5 MB.");
            return (new ClaimForm(
                fields["vendor"], fields["service"], fields["spentOn"], fields["amount"], fields["currency"],
                fields["purpose"]), await BytesAsync(file, ct));
        }
        catch (BadHttpRequestException e) when (e.StatusCode == StatusCodes.Status413PayloadTooLarge)
        {
            return ClaimRefusals.ReceiptTooLarge.With("The form is larger than a receipt may be.");
        }
        catch (Exception e) when (e is InvalidDataException or BadHttpRequestException or IOException)
        {
            return ClaimRefusals.Invalid.With("The form cannot be read to its end.");
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
