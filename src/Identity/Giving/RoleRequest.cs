using System.Text.Json.Serialization;
using Guerdon.Approvals;
using Guerdon.Identity.Accounts;
using Guerdon.Kernel;

namespace Guerdon.Identity.Giving;

/// <summary>A request's id.</summary>
[JsonConverter(typeof(IdConverter<RoleRequestId>))]
public readonly record struct RoleRequestId(Guid Value) : IId<RoleRequestId>
{
    public static string Prefix => "rol";
    public static RoleRequestId From(Guid value) => new(value);
    public static bool TryParse(string? text, out RoleRequestId id) => Id.TryParse(text, out id);
    public override string ToString() => Id.Format(this);
}

/// <summary>That an account be given a role: asked for by one administrator, decided by another.</summary>
/// <param name="Id">The request.</param>
/// <param name="Account">Who would get it.</param>
/// <param name="Email">Theirs.</param>
/// <param name="Role">Of <see cref="Roles"/>.</param>
/// <param name="Reason">Why, for the record.</param>
/// <param name="AskedBy">Who asked.</param>
/// <param name="AskedAt">When.</param>
/// <param name="State">waiting, approved or declined.</param>
/// <param name="DecidedBy">Who decided.</param>
/// <param name="DecidedAt">When.</param>
/// <param name="DecidedAlone">Whether the only administrator approved what they asked for themselves.</param>
/// <param name="DecidedReason">Why it was declined.</param>
/// <param name="WhoMay">Who may approve it, in words, while it waits.</param>
/// <param name="YouMay">Whether whoever reads this may.</param>
/// <param name="YouAsked">Whether they asked for it.</param>
public sealed record RoleRequest(
    RoleRequestId Id, AccountId Account, string Email, string Role, string Reason, string AskedBy,
    DateTimeOffset AskedAt, string State, string? DecidedBy, DateTimeOffset? DecidedAt, bool DecidedAlone,
    string? DecidedReason, string? WhoMay = null, bool YouMay = false,
    bool YouAsked = false)
{
    [JsonIgnore] internal Actor Asker { get; init; } = Actor.Guerdon;

    [JsonIgnore] internal Actor? Decider { get; init; }

    /// <summary>The person whose account it is by now.</summary>
    [JsonIgnore] internal Guid? Person { get; init; }

    [JsonIgnore] internal bool IsWaiting => State == "waiting";

    [JsonIgnore]
    internal Asked Asked => new(
        Asker, $"{Asker.Name} asked for the role {Role} for {Email}", $"{Asker.Name}, who asked for it")
    {
        Permission = Permissions.RolesGive, Beneficiaries = Person is { } person ? [person] : [],
        Account = Account.Value, Benefit = "The role is for you", NotWho = $"not {Email}, whose account it is",
        LoneAllowed = true,
    };
}
