using Guerdon.Kernel;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;

namespace Guerdon.Vesting;

/// <summary>Reads vesting terms in the Open Cap Table Format and says what of a grant would vest when.
/// Changes nothing.</summary>
internal static class CheckVesting
{
    private const int MaxBytes = 262_144;

    /// <param name="Date">The day.</param>
    /// <param name="Amount">What vests on it.</param>
    /// <param name="Vested">What has vested by then, this included.</param>
    /// <param name="ConditionId">The condition; empty on leaving.</param>
    /// <param name="Why">For people.</param>
    public sealed record Line(DateOnly Date, long Amount, long Vested, string ConditionId, string Why);

    /// <param name="Id">Of the terms.</param>
    /// <param name="Name">Of the terms.</param>
    /// <param name="Quantity">The grant, in whatever the caller counts.</param>
    /// <param name="Instalments">By date.</param>
    /// <param name="Vested">All of them together.</param>
    /// <param name="Unvested">What waits for an event, or is forfeited by leaving.</param>
    public sealed record Reply(
        string Id, string Name, long Quantity, IReadOnlyList<Line> Instalments, long Vested, long Unvested);

    /// <param name="request">Its body is the terms, one object of the format.</param>
    /// <param name="quantity">Units of the grant.</param>
    /// <param name="start">The day vesting starts.</param>
    /// <param name="left">The last day of somebody who leaves; what has not vested then is forfeited.</param>
    internal static async Task<Results<Ok<Reply>, ProblemHttpResult>> Handle(
        HttpRequest request, string? quantity, string? start, string? left, CancellationToken ct)
    {
        if (Facts(quantity, start, left, out var units) is not { } facts)
            return VestingRefusals.VestingFactsInvalid.ToProblem(
                $"quantity '{quantity}', start '{start}' and left '{left}' are not a number and days.");

        var buffer = new byte[MaxBytes + 1];
        var length = await request.Body.ReadAtLeastAsync(buffer, buffer.Length, throwOnEndOfStream: false, ct);
        if (length > MaxBytes)
            return VestingRefusals.VestingTooLarge.ToProblem("The vesting terms are larger than 256 KB.");

        var (terms, errors) = VestingJson.Read(buffer.AsSpan(0, length));
        if (terms is not null) return TypedResults.Ok(ReplyOf(terms, VestingSchedule.Of(terms, units, facts)));

        var detail = errors.Count == 1 ? errors[0].Reason : $"The vesting terms have {errors.Count} errors.";
        return VestingRefusals.VestingInvalid.ToProblem(detail, errors);
    }

    private static VestingFacts? Facts(string? quantity, string? start, string? left, out long units)
    {
        units = VestingWords.Number(quantity ?? "") ?? -1;
        if (units < 0 || VestingWords.Date(start ?? "") is not { } first) return null;
        if (string.IsNullOrEmpty(left)) return new VestingFacts(first);
        return VestingWords.Date(left) is { } last ? new VestingFacts(first) { Leaving = new(last) } : null;
    }

    private static Reply ReplyOf(VestingTerms terms, VestingSchedule schedule)
    {
        var (lines, vested) = (new List<Line>(), 0L);
        foreach (var due in schedule.Instalments)
        {
            vested += due.Amount;
            lines.Add(new Line(due.Date, due.Amount, vested, due.ConditionId, due.Why));
        }

        return new Reply(terms.Id, terms.Name, schedule.Quantity, lines, vested, schedule.Quantity - vested);
    }
}
