namespace Guerdon.Payroll.Settings;

/// <summary>Names of the layouts of payroll files.</summary>
internal static class PayrollLayout
{
    public const string Adp = "adp", Gusto = "gusto", Workday = "workday", Plain = "plain";

    /// <summary>Those that need to know something of the company.</summary>
    public static readonly IReadOnlyList<string> WithTerms = [Adp, Gusto, Workday];

    public static bool IsKnown(string? name) => name == Plain || WithTerms.Contains(name);
}
