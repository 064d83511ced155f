using System.Text.RegularExpressions;

namespace Guerdon.Payroll.Settings;

/// <summary>Names of accounts in the general ledger, by what they are for (docs/adr/0020-general-ledger.md).</summary>
public sealed partial record GlAccounts
{
    /// <summary>Tokens: what the company has issued.</summary>
    public string Issued { get; init; } = "Equity:Tokens:Issued";

    /// <summary>Tokens: budgets.</summary>
    public string Pools { get; init; } = "Assets:Tokens:Pools";

    /// <summary>Tokens: granted and not yet vested.</summary>
    public string Unvested { get; init; } = "Assets:Tokens:Unvested";

    /// <summary>Tokens: in people's wallets, free or set aside.</summary>
    public string Held { get; init; } = "Assets:Tokens:Held";

    /// <summary>Tokens: used up.</summary>
    public string Spent { get; init; } = "Expenses:Tokens:Spent";

    /// <summary>Tokens: lapsed.</summary>
    public string Expired { get; init; } = "Expenses:Tokens:Expired";

    /// <summary>Tokens: paid out.</summary>
    public string Converted { get; init; } = "Expenses:Tokens:Converted";

    /// <summary>USD: compute that was used, until providers' invoices clear it.</summary>
    public string Clearing { get; init; } = "Liabilities:Tokens:Clearing";

    /// <summary>USD: what used compute costs, at its grant's value.</summary>
    public string ComputeCost { get; init; } = "Expenses:Compute";

    /// <summary>USD: what tokens that can become pay cost.</summary>
    public string CompensationCost { get; init; } = "Expenses:Compensation:Tokens";

    /// <summary>USD: vested tokens that can become pay.</summary>
    public string AccruedLiability { get; init; } = "Liabilities:Accrued:Tokens";

    /// <summary>USD: converted, and payroll's to pay.</summary>
    public string PayrollPayable { get; init; } = "Liabilities:Payroll:Tokens";

    /// <summary>By the key that settings name it with; each may be set.</summary>
    public static readonly IReadOnlyList<
        (string Key, Func<GlAccounts, string> Get, Func<GlAccounts, string, GlAccounts> Set)> Roles =
    [
        ("tokens_issued", a => a.Issued, (a, name) => a with { Issued = name }),
        ("tokens_pools", a => a.Pools, (a, name) => a with { Pools = name }),
        ("tokens_unvested", a => a.Unvested, (a, name) => a with { Unvested = name }),
        ("tokens_held", a => a.Held, (a, name) => a with { Held = name }),
        ("tokens_spent", a => a.Spent, (a, name) => a with { Spent = name }),
        ("tokens_expired", a => a.Expired, (a, name) => a with { Expired = name }),
        ("tokens_converted", a => a.Converted, (a, name) => a with { Converted = name }),
        ("token_clearing", a => a.Clearing, (a, name) => a with { Clearing = name }),
        ("compute_cost", a => a.ComputeCost, (a, name) => a with { ComputeCost = name }),
        ("compensation_cost", a => a.CompensationCost, (a, name) => a with { CompensationCost = name }),
        ("accrued_liability", a => a.AccruedLiability, (a, name) => a with { AccruedLiability = name }),
        ("payroll_payable", a => a.PayrollPayable, (a, name) => a with { PayrollPayable = name }),
    ];

    /// <summary>All names, in the order of <see cref="Roles"/>.</summary>
    public IReadOnlyList<string> Names => [.. Roles.Select(role => role.Get(this))];

    /// <summary>Whether hledger, ledger and beancount all take a name.</summary>
    public static bool IsName(string text) => text.Length <= 100 && NameForm().IsMatch(text);

    [GeneratedRegex(@"^(?:Assets|Liabilities|Equity|Income|Expenses)(?::[A-Z0-9][A-Za-z0-9-]*)+\z")]
    private static partial Regex NameForm();
}
