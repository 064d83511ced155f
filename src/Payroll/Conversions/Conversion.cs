using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Serialization;
using Guerdon.Approvals;
using Guerdon.Kernel;
using Guerdon.Ledger;
using Guerdon.Payroll.Terms;
using Guerdon.People;

namespace Guerdon.Payroll.Conversions;

/// <summary>How a conversion stands. It begins locked; settled and what follows it, and the three ways to end unpaid,
/// are told apart by the last step.</summary>
public static class ConversionState
{
    public const string Locked = "locked", Approved = "approved", Settled = "settled", Declined = "declined",
        Withdrawn = "withdrawn", Lapsed = "lapsed", ReversalAsked = "reversal_asked",
        ReversalDeclined = "reversal_declined", Reversed = "reversed";
}

/// <summary>Something that became of a conversion.</summary>
/// <param name="Number">From 1, in order.</param>
/// <param name="State">One of <see cref="ConversionState"/>.</param>
/// <param name="By">Who did it.</param>
/// <param name="At">When.</param>
/// <param name="Reason">Why, where one was given.</param>
public sealed record ConversionStep(int Number, string State, string By, DateTimeOffset At, string? Reason)
{
    /// <summary>The person whose account it was.</summary>
    [JsonIgnore] public Guid? ByPerson { get; init; }

    /// <summary>The account.</summary>
    [JsonIgnore] public Guid? ByAccount { get; init; }

    internal Actor Actor => new(By, ByPerson) { Account = ByAccount };
}

/// <summary>A request to convert, at the rate that was locked with it, and how it stands.</summary>
public sealed record Conversion
{
    public required ConversionId Id { get; init; }
    public required PersonId Person { get; init; }

    /// <summary>The person's e-mail; empty where they are no longer on file.</summary>
    public required string Email { get; init; }

    /// <summary>Their name, where it was read for people to see; else empty.</summary>
    public string Name { get; init; } = "";

    /// <summary>Their idempotency key.</summary>
    public required string Key { get; init; }

    /// <summary><c>cash</c>, <c>time_off</c> or <c>equity</c>.</summary>
    public required string Form { get; init; }
    public required string TaxClass { get; init; }

    /// <summary>Milli-tokens asked for.</summary>
    public required long AskedMilli { get; init; }

    /// <summary>Milli-tokens taken: what makes whole units.</summary>
    public required long AmountMilli { get; init; }

    /// <summary>Hundredths of money or of a day, whole units of equity.</summary>
    public required long Units { get; init; }
    public required string? Currency { get; init; }
    public required string Unit { get; init; }

    /// <summary>Units for milli-tokens, as locked.</summary>
    public required ConversionRate Rate { get; init; }
    public required string Window { get; init; }
    public required string RequestedBy { get; init; }

    /// <summary>The person whose account asked.</summary>
    [JsonIgnore] public Guid? RequestedByPerson { get; init; }

    /// <summary>The account that asked.</summary>
    [JsonIgnore] public Guid? RequestedByAccount { get; init; }
    public required DateTimeOffset RequestedAt { get; init; }

    /// <summary>Until then it can be approved; after it the tokens are given back.</summary>
    public required DateTimeOffset LockUntil { get; init; }
    public required int NoticeDays { get; init; }

    /// <summary>The last step.</summary>
    public required ConversionStep Now { get; init; }

    /// <summary>Who approved it, and when; null: nobody yet.</summary>
    public required ConversionStep? Approval { get; init; }
    public required IReadOnlyList<LotPart> Lots { get; init; }

    /// <summary>Nano-USD that the tokens were worth by the price book when it was asked for; null: it is older than
    /// this figure.</summary>
    public long? WorthNanos { get; init; }

    /// <summary>Nano-USD that it pays, at the rates of the same moment; null: nobody stated what its
    /// unit is worth.</summary>
    public long? PaysNanos { get; init; }

    public string State => Now.State;

    /// <summary>The last step's number: what a decision about a reversal names.</summary>
    public int Step => Now.Number;

    /// <summary>What it pays, in words: <c>12.50 EUR</c>.</summary>
    public string Pays => PayForms.Text(Form, Units, Unit);

    internal Actor Asker => new(RequestedBy, RequestedByPerson) { Account = RequestedByAccount };

    /// <summary>Whether somebody may approve it, or agree to its reversal: neither the person whom it is for nor
    /// whoever asked.</summary>
    public bool MayBeApprovedBy(Actor by) =>
        (State switch
        {
            ConversionState.Locked => Request,
            ConversionState.ReversalAsked => Reversal,
            _ => null,
        }) is { } asked && ApprovalRules.Of(asked, by, default, saysAlone: false) == Verdict.Yes;

    /// <summary>Whether it is somebody else's, so that they may decline it or ask for its reversal.</summary>
    public bool MayBeDeclinedBy(Actor by) => ApprovalRules.OfBeneficiary(Request, by, withdraws: false) == Verdict.Yes;

    internal Asked Request => RequestOf(Id, Person.Value, Email, Asker);

    /// <summary>Its reversal, while that is the last step.</summary>
    internal Asked Reversal => ReversalOf(Id, Person.Value, Email, Now.Actor);

    // Its steps do not say that somebody decided alone, so that nobody does: it takes two in any case.
    internal static Asked RequestOf(ConversionId id, Guid person, string email, Actor asker) =>
        new(asker, $"{asker.Name} asked for {id}", $"{asker.Name}, who asked for it")
        {
            Permission = Permissions.ConversionsApprove, Beneficiaries = [person], Benefit = $"{id} is for you",
            NotWho = asker.Is(person) ? null : $"not {email}, whom it is for",
        };

    internal static Asked ReversalOf(ConversionId id, Guid person, string email, Actor asker) =>
        RequestOf(id, person, email, asker) with
        {
            Deed = $"{asker.Name} asked for the reversal of {id}",
            Who = $"{asker.Name}, who asked for the reversal",
        };

    internal WalletId Wallet => new(Person.Value);

    /// <summary>SHA-256 of the conversion with its approval: the evidence of its transfers in the ledger's chain. Of
    /// nothing that a repeat would know otherwise.</summary>
    internal byte[] Evidence() => SHA256.HashData(Encoding.UTF8.GetBytes(string.Join('\n', (string[])
    [
        "guerdon/conversion/1", $"{Id}", $"{Person}", Key, Form, TaxClass, Whole(AskedMilli), Whole(AmountMilli),
        Whole(Units), Currency ?? "", Unit, Whole(Rate.Units), Whole(Rate.Milli), Window, RequestedBy,
        Instant(RequestedAt), Instant(LockUntil), Whole(NoticeDays), Approval?.By ?? "",
        Approval is null ? "" : Instant(Approval.At), .. Lots.Select(l => $"{Whole(l.Lot)} {Whole(l.AmountMilli)}"),
        .. WorthNanos is { } worth ? (string[])[$"worth {Whole(worth)} {(PaysNanos is { } p ? Whole(p) : "")}"] : [],
    ])));

    private static string Whole(long number) => number.ToString(CultureInfo.InvariantCulture);

    private static string Instant(DateTimeOffset at) => at.UtcDateTime.ToString("O", CultureInfo.InvariantCulture);
}
