using System.Text.Json;
using Guerdon.Terminal.Writing;
using Guerdon.Unit.Cli;

namespace Guerdon.Unit.Terminal;

public sealed class SheetTests
{
    [Fact]
    public void Show_Reply_ReadsUnitsFromNames()
    {
        var shown = Show("""
            {"people": 1200, "balance": {"availableMilli": 1500250}, "costNanos": 374000, "active": true,
             "ranAt": "2026-11-02T03:04:05+00:00", "models": ["a", "b"], "none": null,
             "byModel": [{"model": "m", "chargedMilli": 2500}, {"model": "n", "requests": 3}]}
            """, rows: 1);

        Assert.Equal("""
            people             1,200
            balance available  1,500.25 tokens
            cost               <0.01 USD
            active             yes
            ran at             2026-11-02 03:04 UTC
            models             a, b
            none

            By model
            Model  Charged tokens
            m                 2.5
            and 1 more; --json has all.

            """, shown);
    }

    [Fact]
    public void Show_RowsWithDifferentNames_LeavesCellsBlank()
    {
        var shown = Show("""[{"a": "x"}, {"b": 2}]""", rows: 9);

        Assert.Equal("A  B\nx\n   2\n", shown);
    }

    /// <summary>746,200 hundredths of a yen are 7,462 JPY: who reads both believes the larger.</summary>
    [Fact]
    public void Show_WhatIsPaid_IsShownInItsCurrencyAlone() => Assert.Equal("""
        pays           7,462 JPY
        tokens         50,000 tokens
        line pays      7,462 JPY
        line form      cash
        claimed units  3

        Forms
        Tokens
             2

        """, Show("""
        {"pays": "7,462 JPY", "units": 746200, "unit": "JPY", "tokensMilli": 50000000,
         "line": {"pays": "7,462 JPY", "amount": 746200, "currency": "JPY", "form": "cash",
                  "rate": {"units": 149254, "milli": 1}},
         "claimed": {"units": 3}, "forms": [{"tokensMilli": 2000}]}
        """, rows: 9));

    private static string Show(string json, int rows)
    {
        using var document = JsonDocument.Parse(json);
        using var results = new StringWriter();
        var output = new Output(results, TextWriter.Null, isJson: false, Typed.Around());
        Sheet.Show(output, document.RootElement, rows);
        return results.ToString();
    }
}
