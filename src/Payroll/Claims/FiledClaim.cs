using Guerdon.Approvals;
using Guerdon.Kernel;
using Guerdon.Payroll.Pay;
using Guerdon.Payroll.Terms;
using Guerdon.People;

namespace Guerdon.Payroll.Claims;

/// <summary>What somebody paid for themselves and wants back.</summary>
public sealed record FiledClaim
{
    /// <summary>Payroll's class of what is paid back.</summary>
    public const string TaxClass = "reimbursement";

    public required ClaimId Id { get; init; }
    public required PersonId Person { get; init; }

    /// <summary>The person's e-mail; empty where they are no longer on file.</summary>
    public required string Email { get; init; }

    /// <summary>Their name, where it was read for people to see; else empty.</summary>
    public string Name { get; init; } = "";

    /// <summary>Who was paid.</summary>
    public required string Vendor { get; init; }

    /// <summary>One of those that the terms allow.</summary>
    public required string Service { get; init; }
    public required DateOnly SpentOn { get; init; }

    /// <summary>In the currency's smallest unit (<see cref="Guerdon.Kernel.Currencies"/>).</summary>
    public required long AmountCents { get; init; }
    public required string Currency { get; init; }

    /// <summary>What it was for.</summary>
    public required string Purpose { get; init; }

    /// <summary>SHA-256 of the receipt, in hexadecimal.</summary>
    public required string Receipt { get; init; }
    public required string ContentType { get; init; }
    public required int NoticeDays { get; init; }
    public required DateTimeOffset FiledAt { get; init; }

    /// <summary>Null: not decided.</summary>
    public required bool? IsApproved { get; init; }

    /// <summary>Why it was declined.</summary>
    public string? Reason { get; init; }
    public string? DecidedBy { get; init; }
    public DateTimeOffset? DecidedAt { get; init; }

    internal Actor? Decider { get; init; }

    /// <summary>Whether somebody may decide it: anybody but the person.</summary>
    public bool MayBeDecidedBy(Actor by) =>
        IsApproved is null && ApprovalRules.Of(Asked, by, default, saysAlone: false) == Verdict.Yes;

    // A claim is its person's own, so whoever files it is also whom it is for.
    internal Asked Asked => AskedOf(Id, Person.Value, Email);

    internal static Asked AskedOf(ClaimId id, Guid person, string email) =>
        new(new(email, person), $"{email} filed {id}", $"{email}, who filed it")
        {
            Permission = Permissions.ClaimsDecide, Beneficiaries = [person], Benefit = $"{id} is your own",
        };

    /// <summary>Other claims of the person for the same vendor, day and amount, which are not declined.</summary>
    public required IReadOnlyList<ClaimId> Alike { get; init; }

    public string State => IsApproved switch { null => "filed", true => "approved", false => "declined" };

    /// <summary>The amount in words: <c>20.00 EUR</c>.</summary>
    public string Pays => PayForms.Text(PayForms.Cash, AmountCents, Currency);

    /// <summary>Why a pay line is not of this claim, or null.</summary>
    internal string? Problem(PayLine line)
    {
        if (line.Person != Person || line.Currency != Currency || line.TaxClass != TaxClass)
            return "it is not of the claim it names";
        if (IsApproved != true) return "its claim is not approved";
        return line.Amount == AmountCents ? null : $"its claim is for {Pays}";
    }
}

/// <summary>A receipt as it was handed in.</summary>
public sealed record Receipt(string ContentType, byte[] Content)
{
    /// <summary>The most bytes of one.</summary>
    public const int MostBytes = 5 * 1024 * 1024;

    private static ReadOnlySpan<byte> Png => [0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A];

    private static ReadOnlySpan<byte> Jpeg => [0xFF, 0xD8, 0xFF];

    /// <summary>What a file is by its first bytes, whatever its name says; null: none of those
    /// that are taken.</summary>
    public static string? TypeOf(ReadOnlySpan<byte> content)
    {
        if (content.StartsWith("%PDF-"u8)) return "application/pdf";
        if (content.StartsWith(Png)) return "image/png";
        return content.StartsWith(Jpeg) ? "image/jpeg" : null;
    }

    /// <summary>A name to save it under.</summary>
    public string FileName(ClaimId claim) => ContentType switch
    {
        "application/pdf" => $"{claim}.pdf",
        "image/png" => $"{claim}.png",
        _ => $"{claim}.jpg",
    };
}
