using System.Globalization;

namespace Guerdon.Browser;

/// <summary>The files that the full company is run by.</summary>
internal static class FullFiles
{
    public static string Plan(string name, string share, DateOnly from) => Text($$"""
        name: {{name}}
        effective_from: {{from:yyyy-MM-dd}}
        pool: company
        allowance:
          share: {{share}}
          basis: base
          mode: on-top
          expires_after: P3M
          tax_class: work_compute
          factors:
            level: { L4: 1.1 }
        awards:
          - name: stay
            kind: performance
            amount_usd: 1200
            expires_after: P2Y
            tax_class: convertible_cash
            vesting: { months: 12, cliff_months: 3, allocation: CUMULATIVE_ROUND_DOWN, leaver: forfeit }
          - { name: spot, kind: performance, amount_usd: 300, expires_after: P1Y, tax_class: convertible_cash }
          - { name: rest, kind: package, amount_usd: 400, expires_after: P1Y, tax_class: convertible_time_off }
        tiers:
          - { name: expert, adds: 25%, needs: A use case with its figures before and after }
        rates: { EUR: 1.08 }
        """);

    public static string TeamPlan(string name, string team, DateOnly from) => Text($$"""
        name: {{name}}
        effective_from: {{from:yyyy-MM-dd}}
        pool: {{name}}
        allowance: { share: 2%, basis: base, mode: on-top, expires_after: P3M, tax_class: work_compute }
        eligible: { teams: [{{team}}] }
        rates: { EUR: 1.08 }
        """);

    public static string PhasedPlan(string name, DateOnly from) => Text($$"""
        name: {{name}}
        effective_from: {{from:yyyy-MM-dd}}
        pool: {{name}}
        allowance: { share: 1%, basis: base, mode: on-top, expires_after: P3M, tax_class: work_compute }
        phases:
          - name: pilot
            eligible: { teams: [Engineering/Apps] }
          - name: developers
            eligible: { roles: [Engineer] }
          - { name: all, votes: 2 }
        rates: { EUR: 1.08 }
        """);

    public static string Terms(DateOnly from) => Text($$"""
        effective_from: {{from:yyyy-MM-dd}}
        notice_days: 14
        lock: 7d
        approval: required
        windows:
          - { name: all year, yearly_from: 01-01, yearly_to: 12-31 }
        cash:
          rates: { USD: 0.000001, EUR: 0.000000925 }
        time_off:
          tokens_per_day: 400000000
          usd_per_day: 400
          most_per_year: 4000000000
        claims:
          services: [ChatGPT Plus, Claude Pro]
          within_days: 90
        """);

    public static string Payroll(DateOnly from) => Text($$"""
        effective_from: {{from:yyyy-MM-dd}}
        time_zone: UTC
        fiscal_year_starts: 1
        schedule: { every: monthly, anchor: {{from:yyyy-MM-dd}}, pay_after_days: 5, weekend: before }
        employee_id: email
        layouts:
          adp: { co_code: A1B, batch_id: TOKENS, currency: USD }
        currencies: { EUR: 1.08 }
        codes:
          - { tax_class: convertible_cash, form: cash, recognised_at: settle, code: TOKEN,
              jurisdiction: example, source: example }
          - { tax_class: reimbursement, form: cash, recognised_at: settle, code: REIMB,
              jurisdiction: example, source: example }
        """);

    public static string Offer(string name, string employer, bool isOurs) => Text($$"""
        offer: {{name}}
        employer: {{employer}}
        competitor: {{(isOurs ? "false" : "true")}}
        candidate: Ada Lovelace
        role: Senior engineer
        level: L5
        country: DE
        location: Berlin
        currency: EUR
        start: 2199-02-01
        valid_until: 2198-12-31
        horizon_years: 4
        base_pay: 100000
        bonus: { target: 10%, probability: 80% }
        equity: { value: 80000, vesting_years: 4, cliff_months: 12, probability: 50% }
        tokens: { share: 25%, basis: base, mode: on-top, expires_after: P3M, usability: 70% }
        """);

    private static string Text(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
