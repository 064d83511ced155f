using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using System.Text.Json.Serialization;
using Guerdon.Kernel;

namespace Guerdon.Approvals.Inputs;

/// <summary>A proposal to change an input of payments.</summary>
[JsonConverter(typeof(IdConverter<InputId>))]
public readonly record struct InputId(Guid Value) : IId<InputId>
{
    public static string Prefix => "inp";
    public static InputId From(Guid value) => new(value);
    public static bool TryParse(string? text, out InputId id) => Id.TryParse(text, out id);
    public override string ToString() => Id.Format(this);
}

/// <summary>How far a proposal is. The names are stored.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<InputState>))]
public enum InputState
{
    /// <summary>Nobody decided it.</summary>
    [JsonStringEnumMemberName("waiting")] Waiting = 0,

    /// <summary>It is in effect, or will be from its day on.</summary>
    [JsonStringEnumMemberName("approved")] Approved = 1,

    /// <summary>Somebody else said no.</summary>
    [JsonStringEnumMemberName("declined")] Declined = 2,

    /// <summary>Whoever asked took it back.</summary>
    [JsonStringEnumMemberName("withdrawn")] Withdrawn = 3,

    /// <summary>Whoever asked proposed something else in its place, or the same came into effect by another proposal.
    /// </summary>
    [JsonStringEnumMemberName("overtaken")] Overtaken = 4,
}

/// <summary>A proposal to change what payments are computed from.</summary>
/// <param name="Id">As a decision names it.</param>
/// <param name="Kind">What is to change: <c>conversion_terms</c>.</param>
/// <param name="Subject">Which one, as a plan's name; empty where there is one alone.</param>
/// <param name="About">The same in words.</param>
/// <param name="EffectiveFrom">Its own first instant. Whatever was granted or asked for before it is
/// approved keeps what held then.</param>
/// <param name="Basis">What was in force as the two were compared.</param>
/// <param name="Changes">What would change.</param>
/// <param name="Reach">How many people it reaches.</param>
/// <param name="AskedBy">Who proposed it.</param>
/// <param name="AskedAt">When.</param>
public sealed record InputProposal(
    InputId Id, string Kind, string Subject, string About, DateTimeOffset EffectiveFrom, string Basis,
    IReadOnlyList<InputChange> Changes, int Reach, string AskedBy, DateTimeOffset AskedAt)
{
    /// <summary>How far it is.</summary>
    public required InputState State { get; init; }

    /// <summary>What an approval names: SHA-256 over what is proposed, what it is compared with, what would change and
    /// whom it reaches, in hexadecimal digits.</summary>
    public string Digest => Convert.ToHexStringLower(Content);

    /// <summary>Who decided it; null: nobody.</summary>
    public string? DecidedBy { get; init; }

    /// <summary>When; null: not yet.</summary>
    public DateTimeOffset? DecidedAt { get; init; }

    /// <summary>By the company's only administrator, who had proposed it.</summary>
    public bool Alone { get; init; }

    /// <summary>Why it was declined; null: it was not, or whoever asked took it back without a word.</summary>
    public string? Reason { get; init; }

    /// <summary>What it became; null: nothing.</summary>
    public string? Made { get; init; }

    /// <summary>How many changes are stored; a list has the first of them alone.</summary>
    [JsonIgnore] internal int ChangeCount { get; init; }

    [JsonIgnore] internal Guid? MadeId { get; init; }
    [JsonIgnore] internal Actor Asker { get; init; } = Actor.Guerdon;
    [JsonIgnore] internal Actor? Decider { get; init; }
    [JsonIgnore] internal string Body { get; init; } = "";
    [JsonIgnore] internal IReadOnlyList<Guid> Few { get; init; } = [];

    /// <summary>The few whom it reached as it was proposed. They stay out of it, however many it reaches since.
    /// </summary>
    [JsonIgnore] internal IReadOnlyList<Guid> First { get; init; } = [];

    /// <summary>Those of whoever proposed it and whoever looks for whom it changes something later that it changes for
    /// few, by what is on file of them.</summary>
    [JsonIgnore] internal IReadOnlyList<Guid> FewLater { get; init; } = [];

    /// <summary>Whether it is for whoever proposed it, among however many, or is never decided alone in any case.
    /// </summary>
    [JsonIgnore] internal bool TakesTwo { get; init; }

    /// <summary>The digest as it is stored; null: it was compared again since.</summary>
    [JsonIgnore] internal byte[]? Stored { get; init; }

    [JsonIgnore] internal InputGiven Given => new(Subject, Body);
    [JsonIgnore] internal byte[] Content => Stored ?? ContentOf();

    /// <summary>The same for somebody who reads it: without what people are paid, where that is not for them. The
    /// digest stays that of all.</summary>
    internal InputProposal For(bool seesPay) => seesPay || !Changes.Any(change => change.ShowsPay) ? this
        : this with { Stored = Content, Changes = [.. Changes.Where(change => !change.ShowsPay)] };

    /// <summary>The same beside what is in force now.</summary>
    internal InputProposal Beside(InputBasis basis, InputLook look, InputReach reach, Guid? asker) => this with
    {
        About = look.About,
        EffectiveFrom = look.EffectiveFrom.ToMicros(),
        Basis = basis.Words,
        Changes = look.Changes,
        Reach = reach.Count,
        Few = reach.Few(),
        FewLater = reach.FewLater(),
        TakesTwo = look.TakesTwo || reach.EffectOn(asker) is not null || look.Makes(Asker),
        Stored = null,
    };

    /// <summary>It as the rule of who decides sees it. The exception for an only administrator never covers what is for
    /// them, however many others it reaches.</summary>
    internal Asked AskedOf(IInput kind, Guid? reader = null) => new(
        Asker, $"{AskedBy} proposed {Id}", $"{AskedBy}, who proposed it")
    {
        Permission = kind.Approves, Beneficiaries = [.. Few.Union(First).Union(FewLater)], LoneAllowed = !TakesTwo,
        Benefit = $"{Id} {kind.Own ?? BenefitOf(reader)}",
        NotWho = Few.Count + First.Count == 0 ? null : kind.NotWho,
    };

    // By which of the three lists they stay out of it; of a reader who is in none of them nothing is said.
    private string BenefitOf(Guid? reader)
    {
        var fewer = $"for fewer than {InputReach.Many} people";
        if (reader is not { } one || Few.Contains(one))
            return $"is {fewer}, or changes something {fewer}, and you are one of them";
        return FewLater.Contains(one)
            ? $"changes something for you from a later day on, by what is on file of you, that it changes {fewer}"
            : $"was {fewer} as it or something like it was proposed, and you were one of them";
    }

    // All that whoever approves has looked at, so that they approve nothing else.
    private byte[] ContentOf()
    {
        var seen = new StringBuilder("guerdon.input/1\n").Append($"{Kind}\n{Subject}\n{Basis}\n{About}\n");
        seen.Append(CultureInfo.InvariantCulture, $"{EffectiveFrom.UtcDateTime:O}\n{Reach}\n");
        seen.AppendJoin(' ', Few.Order()).Append('\n').Append(JsonSerializer.Serialize(Changes)).Append('\n');
        seen.Append(Body);
        return SHA256.HashData(Encoding.UTF8.GetBytes(seen.ToString()));
    }
}
