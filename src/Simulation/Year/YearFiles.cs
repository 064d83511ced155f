using System.Globalization;

namespace Guerdon.Simulation.Year;

/// <summary>The files that the company of the year is run by.</summary>
internal static class YearFiles
{
    public const string Plan = "year", Model = "gpt-5-mini";

    public static string PlanYaml(DateOnly from, string share, bool countsUse) => string.Create(
        CultureInfo.InvariantCulture, $$"""
        name: {{Plan}}
        effective_from: {{from:yyyy-MM-dd}}
        pool: company
        allowance:
          share: {{share}}
          basis: base
          mode: on-top
          expires_after: P3M
          tax_class: work_compute
          baseline_usd: 40
          rollover_cap: 150%
          factors:
            level: { L3: 0.9, L7: 1.1, L9: 1.2 }
            complexity: { Engineering: 1.1, Engineering/Platform: 1.2 }
        {{(countsUse ? "    usage: { target: 50%, weight: 0.2, least: 0.95, most: 1.1 }" : "")}}
        signing_bonus:
          amount_usd: 1000
          within_days_of_hire: 31
          expires_after: P1Y
          tax_class: taxable_compute
          clawback: { within: P1Y, mode: pro-rata }
        match: { above: 80%, share: 25%, most_usd: 50, expires_after: P2M, tax_class: work_compute }
        awards:
          - name: stay
            kind: performance
            up_to_usd: 5000
            expires_after: P1Y
            tax_class: convertible_cash
            vesting: { months: 12, cliff_months: 3, allocation: CUMULATIVE_ROUND_DOWN, leaver: forfeit }
          - { name: spot, kind: performance, amount_usd: 300, expires_after: P2M, tax_class: convertible_cash }
          - { name: rest, kind: package, amount_usd: 400, expires_after: P1Y, tax_class: convertible_time_off }
          - { name: course, kind: training, amount_usd: 150, expires_after: P3M, tax_class: taxable_compute }
        rates: { EUR: 1.08, GBP: 1.27 }
        """);

    public static string ConversionYaml(DateOnly from) => string.Create(CultureInfo.InvariantCulture, $$"""
        effective_from: {{from:yyyy-MM-dd}}
        notice_days: 14
        lock: 7d
        approval: required
        windows:
          - { name: spring, yearly_from: 04-01, yearly_to: 04-30 }
          - { name: summer, yearly_from: 07-01, yearly_to: 07-31 }
          - { name: autumn, yearly_from: 10-01, yearly_to: 11-30 }
        cash:
          rates: { USD: 0.000001, EUR: 0.000000925, GBP: 0.000000787 }
        time_off:
          tokens_per_day: 400000000
          usd_per_day: 400
          most_per_year: 4000000000
        claims:
          services: [ChatGPT Plus, Claude Pro]
          within_days: 90
        """);

    public static string PayrollYaml(DateOnly from) => string.Create(CultureInfo.InvariantCulture, $$"""
        effective_from: {{from:yyyy-MM-dd}}
        time_zone: UTC
        fiscal_year_starts: 4
        schedule: { every: monthly, anchor: {{from:yyyy-MM-dd}}, pay_after_days: 5, weekend: before }
        employee_id: email
        layouts:
          adp: { co_code: A1B, batch_id: TOKENS, currency: USD }
          gusto: { currency: USD }
          workday: { batch_id: TOKENS, currency: USD }
        currencies: { EUR: 1.08, GBP: 1.27 }
        codes:
          - { tax_class: convertible_cash, form: cash, recognised_at: settle, code: TOKEN,
              jurisdiction: example, source: example }
          - { tax_class: convertible_time_off, form: time_off, recognised_at: settle, code: DAYS,
              jurisdiction: example, source: example }
          - { tax_class: reimbursement, form: cash, recognised_at: settle, code: REIMB,
              jurisdiction: example, source: example }
          - { tax_class: taxable_compute, form: token, recognised_at: grant, code: FRINGE,
              book_as: memo, jurisdiction: example, source: example }
        """);

    /// <summary>In the middle of the year the model becomes more expensive.</summary>
    public const string PricesCsv = """
        model,provider,input,output,context_tokens,source
        gpt-5-mini,openai,0.3,2.4,400000,a price change
        """;

    public const string PolicyYaml = """
        models:
          deny: ["*-pro"]
        rates:
          - {per: person, requests: 120, window: 1m}
        """;
}
