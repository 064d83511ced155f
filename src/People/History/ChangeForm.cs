using Guerdon.Kernel;
using Guerdon.People.Employees;
using Guerdon.People.Spans;

namespace Guerdon.People.History;

/// <summary>Reads what a change says, by the rules of the file of people. No I/O.</summary>
internal static class ChangeForm
{
    /// <summary>What is true from then on; what is wrong is noted, and stays as it was.</summary>
    /// <param name="request">What is asked for.</param>
    /// <param name="was">What is true on its first day.</param>
    /// <param name="manager">Who the manager named is; null: nobody.</param>
    /// <param name="errors">Takes what is wrong.</param>
    public static Standing Read(
        ChangePerson.Request request, Standing was, PersonId? manager, RowErrors errors)
    {
        var currency = Of("currency", request.Currency, was.Currency, DatedForms.Currency, DatedForms.CurrencyWanted);
        var now = was with
        {
            Team = Of("team", request.Team, was.Team, DatedForms.Team, DatedForms.TeamWanted),
            Role = Of("role", request.Role, was.Role, DatedForms.Text, DatedForms.TextWanted),
            Level = Of("level", request.Level, was.Level, DatedForms.Level, DatedForms.LevelWanted),
            Country = Of("country", request.Country, was.Country, DatedForms.Country, DatedForms.CountryWanted),
            CostCentre = Of(
                "costCentre", request.CostCentre, was.CostCentre, DatedForms.Text, DatedForms.TextWanted),
            Employment = Of(
                "employment", request.Employment, was.Employment, DatedForms.Employment, DatedForms.EmploymentWanted),
            LegalEntity = OrNone(
                "legalEntity", request.LegalEntity, was.LegalEntity, DatedForms.Text, DatedForms.TextWanted),
            Leave = OrNone("leave", request.Leave, was.Leave, DatedForms.Leave, DatedForms.LeaveWanted),
            TimeZone = OrNone(
                "timeZone", request.TimeZone, was.TimeZone, DatedForms.TimeZone, DatedForms.TimeZoneWanted),
            Manager = request.Manager is null ? was.Manager : manager,
            Currency = currency,
            BasePayCents = Pay("basePay", request.BasePay, was.BasePayCents),
            TotalPayCents = Pay("totalPay", request.TotalPay, was.TotalPayCents),
        };
        now = now with { LeavePay = LeavePay() };
        if (request.PartTime is { } part)
        {
            if (DatedForms.PartTime(part.Trim()) is { } bp) now = now with { PartTimeBp = bp };
            else Wrong("partTime", part, DatedForms.PartTimeWanted);
        }

        if (currency != was.Currency && (request.BasePay is null || request.TotalPay is null))
            errors.Add(0, "currency", "changes; say what base pay and total pay are in it.");
        if (now.TotalPayCents < now.BasePayCents)
            errors.Add(0, "totalPay", "is less than base pay, which it includes.");
        return now;

        string Of(string name, string? text, string old, Func<string, string?> read, string wanted)
        {
            if (text is null) return old;
            if (read(text.Trim()) is { } known) return known;
            Wrong(name, text, wanted);
            return old;
        }

        string? OrNone(string name, string? text, string? old, Func<string, string?> read, string wanted) =>
            text is null ? old : text.Trim().Length == 0 ? null : Of(name, text, old ?? "", read, wanted);

        // Paid, where nothing says otherwise.
        string? LeavePay()
        {
            var named = request.LeavePay?.Trim() is { Length: > 0 } text
                ? Of("leavePay", text, Standing.Paid, DatedForms.LeavePay, DatedForms.LeavePayWanted) : null;
            if (now.Leave is not null) return named ?? (now.Leave == was.Leave ? was.LeavePay : Standing.Paid);
            if (named is not null) errors.Add(0, "leavePay", "is of a leave; name its kind, too.");
            return null;
        }

        long Pay(string name, string? text, long old)
        {
            if (text is null) return old;
            if (DatedForms.Pay(text.Trim(), currency) is { } cents) return cents;
            Wrong(name, text, $"{Currencies.Wanted(currency)}, from 0 to a trillion {currency}");
            return old;
        }

        void Wrong(string name, string text, string wanted) =>
            errors.Add(0, name, $"'{Wording.Shortened(text)}' is not {wanted}.");
    }
}
