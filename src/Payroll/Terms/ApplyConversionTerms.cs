using System.Security.Claims;
using Guerdon.Approvals.Inputs;
using Guerdon.Kernel;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;

namespace Guerdon.Payroll.Terms;

/// <summary>Proposes terms as the next version, which another approves; where there is one administrator alone and
/// <c>Approvals:LoneAdministrator</c> is set, they take effect at once. The same content as the newest again adds
/// none.</summary>
internal static class ApplyConversionTerms
{
    /// <param name="Terms">The version that is saved.</param>
    /// <param name="Added">False where it was there already.</param>
    public sealed record Reply(AppliedTerms Terms, bool Added);

    internal static async Task<Results<Ok<Reply>, Accepted<InputWaits>, ProblemHttpResult>> Handle(
        HttpRequest request, ClaimsPrincipal caller, InputProposals inputs, CancellationToken ct)
    {
        // Checked as they are compared, unless they are the newest ones.
        if (!(await ConversionTermsText.ReadAsync(request, ct)).Is(out var yaml, out var no)) return no.ToProblem();
        var given = new InputGiven("", yaml);
        var proposed = await inputs.ProposeAsync(ConversionTermsInput.Name, given, Actor.Of(caller), ct);
        return proposed.ToHttp<Reply>();
    }
}

/// <summary>Terms as they come in: a small text.</summary>
internal static class ConversionTermsText
{
    private static readonly YamlBody Body =
        new("The terms", ConversionRefusals.TermsTooLarge, ConversionRefusals.TermsInvalid) { IsPlural = true };

    /// <summary>The text alone.</summary>
    public static async Task<Result<string>> ReadAsync(HttpRequest request, CancellationToken ct) =>
        (await Body.ReadAsync<string>(request, yaml => (yaml, []), ct)).Select(text => text.Yaml);

    public static async Task<Result<YamlText<ConversionTerms>>> ReadAsync(
        HttpRequest request, RateBook book, DateTimeOffset now, CancellationToken ct)
    {
        return Checked(await Body.ReadAsync(request, yaml => ConversionTermsFile.Read(yaml, book), ct), now);
    }

    /// <summary>The same of terms that are here already.</summary>
    public static Result<YamlText<ConversionTerms>> Of(string yaml, RateBook book, DateTimeOffset now) =>
        Checked(Body.Of(yaml, text => ConversionTermsFile.Read(text, book)), now);

    private static Result<YamlText<ConversionTerms>> Checked(
        Result<YamlText<ConversionTerms>> text, DateTimeOffset now) =>
        text.Is(out var read, out _) && NeverOpen(read.Value, now) is { } never ? never : text;

    // Terms may be good by themselves and still never open a window: those are refused, since nobody could convert.
    private static Refused? NeverOpen(ConversionTerms terms, DateTimeOffset now)
    {
        var today = now.UtcDay();
        var first = terms.EffectiveFrom > today ? terms.EffectiveFrom : today;
        return terms.Windows.Count == 0 || terms.Windows.Any(w => (w.On(first) ?? w.After(first)) is not null) ? null
            : ConversionRefusals.TermsNeverOpen.With(
                $"No window of the terms is open on {first:yyyy-MM-dd}, from when on they count, or after.");
    }
}
