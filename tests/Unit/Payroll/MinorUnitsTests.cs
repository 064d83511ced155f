using System.Text;
using Guerdon.Kernel;
using Guerdon.Ledger.Transfers;
using Guerdon.Offers;
using Guerdon.Payroll.Claims;
using Guerdon.Payroll.Files;
using Guerdon.Payroll.Terms;
using Guerdon.People;
using Guerdon.People.Employees;
using Guerdon.Unit.Offers;

namespace Guerdon.Unit.Payroll;

/// <summary>Amounts in currencies that have no hundredths, or more: read, computed and written in their own.</summary>
public sealed class MinorUnitsTests
{
    private static readonly ClaimTerms Claims = new(["ChatGPT Plus"], 90);

    [Theory]
    [InlineData("JPY", "2000", "2,000 JPY")]
    [InlineData("JPY", "2000.50", null)]
    [InlineData("JPY", "2000.0", null)]
    [InlineData("EUR", "20.05", "20.05 EUR")]
    [InlineData("EUR", "20.005", null)]
    [InlineData("KWD", "1.234", "1.234 KWD")]
    [InlineData("KWD", "1.2345", null)]
    public void Claim_Amount_IsOfItsCurrencysUnits(string currency, string amount, string? pays)
    {
        var (claim, errors) = ClaimRules.Read(
            new("OpenAI", "ChatGPT Plus", "2026-11-02", amount, currency, "Drafts"), Claims, new(2026, 11, 21));

        if (pays is null) Assert.Contains(Currencies.Wanted(currency), Assert.Single(errors).Reason,
            StringComparison.Ordinal);
        else Assert.Equal(pays, PayForms.Text(PayForms.Cash, claim!.AmountCents, claim.Currency));
    }

    [Theory]
    [InlineData("JPY", "9000000", "JPY 9,000,000")]
    [InlineData("JPY", "9000000.50", null)]
    [InlineData("KWD", "30000.125", "KWD 30,000.125")]
    [InlineData("KWD", "30000.1255", null)]
    public void Offer_Amounts_AreOfItsCurrencysUnits(string currency, string pay, string? shown)
    {
        var yaml = OfferFileTests.Good.Replace("currency: EUR", $"currency: {currency}", StringComparison.Ordinal)
            .Replace("base_pay: 100000", $"base_pay: {pay}", StringComparison.Ordinal);
        var (offer, errors) = OfferFile.Read(yaml);

        if (shown is null) Assert.Contains(Currencies.Wanted(currency), Assert.Single(errors).Reason,
            StringComparison.Ordinal);
        else Assert.Equal(shown, OfferWords.Money(offer!.Currency, offer.Pay.BaseCents));
    }

    [Theory]
    [InlineData("JPY", 0.092, 1_234_567, 11_300)] // 113.58 yen: whole ones are paid
    [InlineData("EUR", 0.00092, 1_234_567, 113)] // 1.1358
    [InlineData("KWD", 0.0003, 1_234_567, 370)] // 0.37037
    public void Conversion_BringsWholeMinorUnits(string currency, double perToken, long milli, long units)
    {
        var rate = ConversionRate.OfMoney((long)(decimal)(perToken * 1e9), currency);

        var brings = rate.UnitsFor(milli, Currencies.Step(currency));

        Assert.Equal(units, brings);
        Assert.Equal(brings, rate.UnitsFor(rate.MilliFor(brings), Currencies.Step(currency)));
    }

    [Theory]
    [InlineData("JPY", 6_500_000)] // 0.0065 USD
    [InlineData("EUR", 1_080_000_000)]
    [InlineData("KWD", 3_250_000_000)]
    public void Worth_PartsOfAGrant_AreWholeMinorUnitsAndAddUp(string currency, long rateNanos)
    {
        var lot = (GrantedMilli: 1_000_003L, UsdNanos: 777_777_777_777L, RateNanos: rateNanos);
        var (vested, sum) = (0L, 0L);
        foreach (var part in (long[])[333_333, 1, 333_334, 333_335])
        {
            var worth = PayrollRules.Worth(TransferKind.Vest, part, vested, lot, currency);
            Assert.Equal(0, worth % Currencies.Step(currency));
            (vested, sum) = (vested + part, sum + worth);
        }

        Assert.Equal(PayrollRules.Worth(TransferKind.Award, lot.GrantedMilli, 0, lot, currency), sum);
    }

    [Theory]
    [InlineData("JPY", 1_250_00, "1250")]
    [InlineData("EUR", 1_250_50, "1250.50")]
    [InlineData("KWD", 1_250_505, "1250.505")]
    public void PayrollFile_Amount_HasItsCurrencysDecimals(string currency, long kept, string text)
    {
        var person = new PaidPerson(new PersonId(Guid.Empty), "a@b.example", "Ada", "Engineer", "JP", "1");
        var item = new PayrollItem("pay_line", Guid.Empty, 0, person, "convertible_cash", PayForms.Cash, kept, currency,
            currency, new(2026, 11, 30), new(2026, 11, 30), "", null);

        Assert.Equal(text, PayrollRules.Amount(item));
    }

    [Theory]
    [InlineData("JPY", "9000000", 900_000_000L)]
    [InlineData("JPY", "9000000.5", null)]
    [InlineData("KWD", "30000.125", 30_000_125L)]
    [InlineData("EUR", "84500.50", 8_450_050L)]
    public async Task People_Pay_IsOfItsCurrencysUnits(string currency, string pay, long? kept)
    {
        var csv = "email,name,team,role,level,country,cost_centre,hired_on,left_on,base_pay,total_pay,currency\n"
            + $"ada@corp.example,Ada,E,Engineer,L5,JP,CC1,2024-02-29,,{pay},{pay},{currency}\n";
        using var stream = new MemoryStream(Encoding.UTF8.GetBytes(csv));

        var file = await PeopleFile.ReadAsync(stream, TestContext.Current.CancellationToken);

        if (kept is { } cents) Assert.Equal(cents, Assert.Single(file.Rows).BasePayCents);
        else Assert.All(
            file.Errors.InOrder, e => Assert.Contains("without decimals", e.Reason, StringComparison.Ordinal));
        Assert.Equal(kept is null, file.Errors.Count > 0);
    }
}
