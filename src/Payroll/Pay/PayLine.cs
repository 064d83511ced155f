using System.Text.Json.Serialization;
using Guerdon.Kernel;
using Guerdon.Notices;
using Guerdon.Payroll.Terms;
using Guerdon.People;

namespace Guerdon.Payroll.Pay;

/// <summary>One line that payroll takes.</summary>
[JsonConverter(typeof(IdConverter<PayLineId>))]
public readonly record struct PayLineId(Guid Value) : IId<PayLineId>
{
    public static string Prefix => "pay";
    public static PayLineId From(Guid value) => new(value);
    public static bool TryParse(string? text, out PayLineId id) => Id.TryParse(text, out id);
    public override string ToString() => Id.Format(this);

    /// <summary>The same line from the same kind and cause.</summary>
    public static PayLineId Of(string kind, string cause) => new(DerivedId.Of($"guerdon/pay/{kind}/{cause}"));
}

/// <summary>A line that payroll takes, with its notice. What it corrects is another line, whose amount
/// it reverses.</summary>
public sealed record PayLine
{
    public const string OfConversion = "conversion", OfClaim = "reimbursement", OfReversal = "reversal";

    public required PayLineId Id { get; init; }
    public required PersonId Person { get; init; }

    /// <summary>The person's e-mail; empty where they are no longer on file.</summary>
    public required string Email { get; init; }

    /// <summary><c>conversion</c>, <c>reimbursement</c> or <c>reversal</c>.</summary>
    public required string Kind { get; init; }

    /// <summary><c>cash</c>, <c>time_off</c> or <c>equity</c>.</summary>
    public required string Form { get; init; }
    public required string TaxClass { get; init; }

    /// <summary>Hundredths of money or of a day, whole units of equity; below zero where it reverses.</summary>
    public required long Amount { get; init; }

    /// <summary>Of money only.</summary>
    public required string? Currency { get; init; }
    public required string Unit { get; init; }

    /// <summary>The first day on which payroll may take it.</summary>
    public required DateOnly PayOn { get; init; }

    /// <summary>The computation in words, for the person.</summary>
    public required string Explanation { get; init; }
    public required NoticeId Notice { get; init; }
    public ConversionId? Conversion { get; init; }
    public ClaimId? Claim { get; init; }
    public PayLineId? Corrects { get; init; }
    public required DateTimeOffset CreatedAt { get; init; }
    public required string ApprovedBy { get; init; }

    /// <summary>The amount in words: <c>12.50 EUR</c>.</summary>
    public string Pays => PayForms.Text(Form, Amount, Unit);
}
