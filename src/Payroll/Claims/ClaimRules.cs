using System.Globalization;
using Guerdon.Kernel;
using Guerdon.Payroll.Terms;
using Guerdon.People;

namespace Guerdon.Payroll.Claims;

/// <summary>A claim as it comes in, in words.</summary>
public sealed record ClaimForm(
    string? Vendor, string? Service, string? SpentOn, string? Amount, string? Currency, string? Purpose);

/// <summary>A claim that was read.</summary>
internal sealed record NewClaim(
    string Vendor, string Service, DateOnly SpentOn, long AmountCents, string Currency, string Purpose);

/// <summary>Reads a claim and says everything that is wrong with it.</summary>
internal static class ClaimRules
{
    private const long Most = 10_000_000; // units of any currency

    /// <summary>The claim, or every error of it by field.</summary>
    public static (NewClaim? Claim, IReadOnlyList<RowError> Errors) Read(
        ClaimForm form, ClaimTerms terms, DateOnly today)
    {
        var errors = new List<RowError>();
        var vendor = Text(errors, "vendor", form.Vendor, 100);
        var purpose = Text(errors, "purpose", form.Purpose, 500);
        var service = terms.Services.FirstOrDefault(
            s => string.Equals(s, form.Service?.Trim(), StringComparison.OrdinalIgnoreCase));
        if (service is null)
            Wrong(errors, "service", $"is '{form.Service}', not one of {string.Join(", ", terms.Services)}.");
        if (!Days.TryParse(form.SpentOn?.Trim(), out var day))
            Wrong(errors, "spentOn", $"is '{form.SpentOn}', not a day such as 2026-11-21.");
        else if (day > today || day < today.AddDays(-terms.WithinDays))
            Wrong(errors, "spentOn", string.Create(CultureInfo.InvariantCulture,
                $"is {day:yyyy-MM-dd}; a claim is for the last {terms.WithinDays} days."));
        var currency = form.Currency?.Trim().ToUpperInvariant() ?? "";
        if (!Currencies.TryParse(form.Amount?.Trim(), currency, out var cents) || cents < 1
            || cents > Most * Currencies.PerUnit(currency))
            Wrong(errors, "amount", $"is '{form.Amount}', not above 0 and {Currencies.Wanted(currency)}.");
        if (!Codes.IsCurrency(currency))
            Wrong(errors, "currency", $"is '{form.Currency}', not a currency of ISO 4217, such as EUR.");
        return errors.Count > 0 ? (null, errors) : (new(vendor!, service!, day, cents, currency, purpose!), errors);
    }

    private static string? Text(List<RowError> errors, string field, string? value, int most)
    {
        var text = value?.Trim() ?? "";
        if (text.Length >= 1 && text.Length <= most && !text.Any(char.IsControl)) return text;
        Wrong(errors, field, $"needs 1 to {most} characters on one line.");
        return null;
    }

    private static void Wrong(List<RowError> errors, string field, string reason) =>
        errors.Add(new RowError(0, field, $"{field} {reason}"));
}
