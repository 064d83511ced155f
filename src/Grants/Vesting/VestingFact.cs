using System.Security.Claims;
using Guerdon.Approvals;
using Guerdon.Kernel;
using Guerdon.People;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;

namespace Guerdon.Grants.Vesting;

/// <summary>Records an event or an acceleration for a grant that vests, lists them, and decides them.</summary>
public static class VestingFact
{
    private const int DefaultLimit = 100;
    private const int MaxLimit = 1_000;

    /// <param name="Kind">event or acceleration.</param>
    /// <param name="HappenedOn">The day it counts from.</param>
    /// <param name="Reason">For the record.</param>
    /// <param name="ConditionId">Of an event: the condition that waited for it.</param>
    /// <param name="AmountMilli">Of an acceleration: so much; left out: all that has not vested.</param>
    public sealed record Request(
        string Kind, DateOnly HappenedOn, string Reason, string? ConditionId = null, long? AmountMilli = null);

    /// <param name="Alone">The only administrator says that they approve what they recorded themselves.</param>
    public sealed record Approval(bool Alone = false);

    /// <param name="Reason">Why it does not count, for the record.</param>
    public sealed record Declining(string Reason);

    /// <summary>A fact; it counts once somebody approved it.</summary>
    public sealed record Reply(
        VestingFactId Id, RunId Run, int Line, string Kind, DateOnly HappenedOn, string ConditionId, long? AmountMilli,
        string Reason, string AskedBy, string? ApprovedBy)
    {
        /// <summary>Whose grant it is.</summary>
        public required PersonId Person { get; init; }

        /// <summary>Theirs; empty where they are no longer on file.</summary>
        public required string Email { get; init; }

        public required string Name { get; init; }
        public string? DeclinedBy { get; init; }
        public string? DeclinedReason { get; init; }
        public DateTimeOffset? DecidedAt { get; init; }

        /// <summary>True where the only administrator approved what they had recorded.</summary>
        public bool ApprovedAlone { get; init; }

        /// <summary>Who may approve it, in words; null: it is decided.</summary>
        public string? WhoMay { get; init; }

        /// <summary>Whether whoever asks may approve it; null: it is decided.</summary>
        public bool? YouMay { get; init; }

        /// <summary>waiting, approved or declined.</summary>
        public string State => this switch
        {
            { ApprovedBy: not null } => "approved",
            { DeclinedBy: not null } => "declined",
            _ => "waiting",
        };

        internal Actor Asker { get; init; } = Actor.Guerdon;
        internal Actor? Approver { get; init; }
        internal Actor? Decliner { get; init; }

        internal Asked Asked => AskedOf(Id, Asker, Person.Value, Email);
    }

    /// <summary>A fact as somebody asked for it to be approved.</summary>
    internal static Asked AskedOf(VestingFactId id, Actor asker, Guid person, string email) =>
        new(asker, $"{asker.Name} recorded {id}", $"{asker.Name}, who recorded it")
        {
            Permission = Permissions.GrantsApprove, Beneficiaries = [person],
            Benefit = $"{id} is of your own grant", LoneAllowed = true,
            NotWho = $"not {email}, whose grant it is",
        };

    /// <param name="Facts">The newest first.</param>
    /// <param name="Next">Pass it as <c>after</c> for the next page; null: this was the last.</param>
    public sealed record Page(IReadOnlyList<Reply> Facts, VestingFactId? Next);

    internal static async Task<Results<Ok<Reply>, ProblemHttpResult>> Ask(
        string id, int line, Request request, ClaimsPrincipal caller, VestingFactStore store, CancellationToken ct) =>
        RunId.TryParse(id, out var run)
            ? (await store.AskAsync(run, line, request, Actor.Of(caller), ct)).ToHttp() : RunNotFound(id);

    internal static async Task<Results<Ok<Page>, ProblemHttpResult>> All(
        bool? waiting, string? after, int? limit, ClaimsPrincipal caller, VestingFactStore store, CancellationToken ct)
    {
        var wanted = limit ?? DefaultLimit;
        if (wanted is < 1 or > MaxLimit)
            return GrantRefusals.PageInvalid.ToProblem($"The limit {wanted} is out of range.");
        VestingFactId? older = null;
        if (after is not null)
        {
            if (!VestingFactId.TryParse(after, out var fact)) return NotFound(after);
            older = fact;
        }

        var facts = (await store.ListAsync(
            new(Run: null, waiting ?? false, older), wanted + 1, Actor.Of(caller), ct)).ToList();
        var more = facts.Count > wanted;
        if (more) facts.RemoveAt(wanted);
        return TypedResults.Ok(new Page(facts, more ? facts[^1].Id : null));
    }

    internal static async Task<Results<Ok<Reply>, ProblemHttpResult>> Approve(
        string id, Approval? request, ClaimsPrincipal caller, VestingFactStore store, CancellationToken ct) =>
        VestingFactId.TryParse(id, out var fact)
            ? (await store.ApproveAsync(fact, request?.Alone ?? false, Actor.Of(caller), ct)).ToHttp() : NotFound(id);

    internal static async Task<Results<Ok<Reply>, ProblemHttpResult>> Decline(
        string id, Declining request, ClaimsPrincipal caller, VestingFactStore store, CancellationToken ct) =>
        VestingFactId.TryParse(id, out var fact)
            ? (await store.DeclineAsync(fact, request.Reason, Actor.Of(caller), ct)).ToHttp() : NotFound(id);

    private static ProblemHttpResult RunNotFound(string id) =>
        GrantRefusals.RunNotFound.ToProblem($"There is no run '{id}'.");

    private static ProblemHttpResult NotFound(string id) =>
        GrantRefusals.VestingFactNotFound.ToProblem($"There is no fact '{id}'.");
}
