using Guerdon.Ledger.Accounts;

namespace Guerdon.Ledger.Lots;

/// <summary>What reward tokens can become.</summary>
public enum PayForm { Cash, TimeOff, Equity }

/// <summary>Payroll's class of a grant. It is fixed with the lot and never crossed: what may become pay is taxed
/// otherwise than what may only be spent on work.</summary>
/// <param name="Name">As plans, lots and exports write it.</param>
/// <param name="Asset">Which tokens a grant of it brings.</param>
/// <param name="ConvertsTo">What it can be paid out as; null: nothing.</param>
/// <param name="Meaning">For whoever chooses one. Which one applies is for a tax adviser.</param>
public sealed record TaxClass(string Name, Asset Asset, PayForm? ConvertsTo, string Meaning)
{
    /// <summary>Every class there is.</summary>
    public static readonly IReadOnlyList<TaxClass> All =
    [
        new("work_compute", Asset.Compute, null, "Compute that the work needs; spent on AI services only."),
        new("taxable_compute", Asset.Compute, null, "Compute given as additional pay; spent on AI services only."),
        new("convertible_cash", Asset.Reward, PayForm.Cash, "Reward tokens that can be paid out in money."),
        new("convertible_time_off", Asset.Reward, PayForm.TimeOff, "Reward tokens that can be taken as days off."),
        new("convertible_equity", Asset.Reward, PayForm.Equity, "Reward tokens that can be taken as equity."),
    ];

    /// <summary>The class of a name, or null.</summary>
    public static TaxClass? Find(string name) => All.FirstOrDefault(c => c.Name == name);

    /// <summary>All names, for errors.</summary>
    public static string Names => string.Join(", ", All.Select(c => c.Name));
}
