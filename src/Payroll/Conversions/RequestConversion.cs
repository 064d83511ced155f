using System.Security.Claims;
using Guerdon.Kernel;
using Guerdon.People.Employees;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;

namespace Guerdon.Payroll.Conversions;

/// <summary>Asks for a conversion: sets the tokens aside at the rate of this moment. Repeating it with the same
/// key is safe.</summary>
internal static class RequestConversion
{
    /// <param name="Key">The caller's own name for this request, up to 100 characters.</param>
    /// <param name="Form">As in <see cref="QuoteConversion.Request"/>, and so are the next two.</param>
    public sealed record Request(string? Key, string? Form, long TokensMilli, int? Lot = null);

    /// <param name="Conversion">As it stands.</param>
    /// <param name="Added">False where the key had been used for it.</param>
    public sealed record Reply(Conversion Conversion, bool Added);

    /// <param name="personOrEmail">For whom.</param>
    /// <param name="request">What.</param>
    /// <param name="caller">Who asks: they themselves, or an administrator.</param>
    /// <param name="people">To find them.</param>
    /// <param name="conversions">Locks.</param>
    /// <param name="decisions">Pays out at once where no approval is needed.</param>
    /// <param name="ct">Stops it.</param>
    internal static async Task<Results<Ok<Reply>, ProblemHttpResult>> Handle(
        string personOrEmail, Request request, ClaimsPrincipal caller, PeopleDirectory people,
        ConversionRequests conversions, ConversionDecisions decisions, CancellationToken ct)
    {
        var asks = Permissions.ConversionsRequest;
        if (await Readable.FindAsync(personOrEmail, caller, asks, people, ct) is not { } person)
            return Readable.Nobody(personOrEmail);
        var asked = new QuoteConversion.Request(request.Form, request.TokensMilli, request.Lot);
        if (QuoteConversion.WishOf(asked) is not { } wish) return QuoteConversion.Wrong(asked);

        var made = await conversions.RequestAsync(person, request.Key ?? "", wish, Actor.Of(caller), ct);
        if (!made.Is(out var found, out var no)) return no.ToProblem();
        var (conversion, added) = found;
        if (conversion.State != ConversionState.Approved) return TypedResults.Ok(new Reply(conversion, added));
        return (await decisions.SettleAsync(conversion, ct))
            .Select(settled => new Reply(settled.Conversion, added)).ToHttp();
    }
}
