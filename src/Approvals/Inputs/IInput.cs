using System.Collections.ObjectModel;
using System.Globalization;
using System.Text.Json.Serialization;
using Guerdon.Kernel;
using Npgsql;

namespace Guerdon.Approvals.Inputs;

/// <summary>One kind of what payments are computed from: conversion terms, plans. Implemented above, by whichever
/// module owns it. One person proposes a change of it, and it takes effect once another approves.</summary>
public interface IInput
{
    /// <summary>The kind, in one word of its own: <c>conversion_terms</c>.</summary>
    string Kind { get; }

    /// <summary>The permission to read all of the kind.</summary>
    string Reads { get; }

    /// <summary>The permission that approving takes, one of <see cref="Permissions"/>.</summary>
    string Approves { get; }

    /// <summary>What a proposal does to those who stay out of it, as one of them is told after its id, without a full
    /// stop; null: it is told by whether they are few now, were so as it was proposed, or are to be.</summary>
    string? Own => null;

    /// <summary>Whether whom something like it reached as few, which was not approved lately, stays out of it.</summary>
    bool IsInSteps => true;

    /// <summary>Those who do not approve it, in words after who may.</summary>
    string NotWho => $"nobody for whom something changes that changes for fewer than {InputReach.Many}";

    /// <summary>Checks all that applying it checks, and reads what is in force. The first thing this does is to lock
    /// the kind, so that in a transaction nothing else of it changes until that ends. It uses no other connection.
    /// </summary>
    /// <param name="at">In a transaction, or to have a look, in none.</param>
    /// <param name="given">What is proposed.</param>
    /// <param name="ct">Stops it.</param>
    /// <returns>What is in force, or why it cannot be applied.</returns>
    Task<Result<InputBasis>> CheckAsync(NpgsqlConnection at, InputGiven given, CancellationToken ct);

    /// <summary>Compares it with what is in force. The caller holds no connection and no lock meanwhile.</summary>
    /// <param name="given">What is proposed, against which nothing was found.</param>
    /// <param name="basis">What is in force.</param>
    /// <param name="reach">Takes in all whom it is for, or whom what is in force is for.</param>
    /// <param name="ct">Stops it.</param>
    /// <returns>What would change, or why it cannot be applied, where only a rehearsal tells.</returns>
    Task<Result<InputLook>> LookAsync(InputGiven given, InputBasis basis, InputReach reach, CancellationToken ct);

    /// <summary>Puts it into effect. <see cref="CheckAsync"/> found nothing against it in the same transaction.
    /// </summary>
    /// <param name="at">In that transaction, which the caller commits.</param>
    /// <param name="given">What is proposed.</param>
    /// <param name="by">Whoever proposed it, as the version's record names them.</param>
    /// <param name="ct">Stops it.</param>
    /// <returns>What it made; or why it cannot be, and then the caller rolls back.</returns>
    Task<Result<InputMade>> ApplyAsync(NpgsqlConnection at, InputGiven given, Actor by, CancellationToken ct);

    /// <summary>After the commit: what a node has in memory is read again, without waiting to be told.</summary>
    Task AppliedAsync(CancellationToken ct) => Task.CompletedTask;
}

/// <summary>What somebody proposes, as they gave it.</summary>
/// <param name="Subject">Which one of the kind, as a plan's name; empty where there is one alone.</param>
/// <param name="Body">The file or the figures.</param>
public sealed record InputGiven(string Subject, string Body);

/// <summary>What a proposal is compared with: the newest version, and others that are in force from its first day on,
/// since it takes the place of all of them; and what people had lately.</summary>
/// <param name="Newest">The newest version.</param>
/// <param name="Others">Those in force on its first day or coming into force later, without the newest.</param>
public sealed record InputBasis(InputVersion Newest, params IReadOnlyList<InputVersion> Others)
{
    private const int MostInWords = 100;

    /// <summary>What people had lately, or were to have, of which nothing is left (<see cref="HeldSince"/>). What
    /// differs from it for few is theirs; it is shown to them alone.</summary>
    public IReadOnlyList<InputVersion> Lately { get; init; } = [];

    /// <summary>All that it takes the place of in words: others where something else came into force.</summary>
    public string Words => Others.Count == 0 ? Newest.Words
        : $"{Newest.Words}, and in force from its first day on "
            + string.Join(", ", Others.Take(MostInWords).Select(one => one.Words))
            + (Others.Count > MostInWords ? $" and {Others.Count - MostInWords} more" : "");

    /// <summary>All that it takes the place of, the newest first; at the end nothing, where there is nothing in force
    /// on the first day.</summary>
    public IEnumerable<InputVersion> Versions => Others.Prepend(Newest);

    /// <summary>Whether another is of the same versions.</summary>
    public bool Is(InputBasis other) => Versions.SequenceEqual(other.Versions) && Lately.SequenceEqual(other.Lately);

    /// <summary>What each version sets for somebody.</summary>
    /// <param name="read">Reads a version's file.</param>
    /// <param name="of">What it sets.</param>
    /// <param name="nothing">What holds for somebody where there is no version; null: nothing.</param>
    public IReadOnlyList<InputComparison<TPerson>.Version> Before<TFile, TPerson>(
        Func<string, TFile> read, Func<TFile, Func<TPerson, IReadOnlyDictionary<string, string>>> of,
        Func<TPerson, IReadOnlyDictionary<string, string>>? nothing = null)
    {
        return
        [
            .. Versions.Select(version => Of(version, version == Newest ? "" : version.Words, isLately: false)),
            .. Lately.Select(version => Of(version, version.Words, isLately: true)),
        ];

        InputComparison<TPerson>.Version Of(InputVersion version, string words, bool isLately) => new(
            words,
            version.Body is { } body ? of(read(body)) : nothing ?? (_ => ReadOnlyDictionary<string, string>.Empty),
            isLately);
    }

    /// <summary>What versions there are, of a kind that has versions of a file.</summary>
    /// <param name="nothing">What is said where there is none.</param>
    /// <param name="all">All of them, or those that are compared with.</param>
    /// <param name="first">The first day of what is proposed.</param>
    /// <param name="since">Since when people have what they have.</param>
    public static InputBasis Of(
        string nothing, IReadOnlyCollection<InputRow> all, DateOnly first, HeldSince since)
    {
        var none = new InputVersion(nothing, null);
        if (all.Count == 0) return new(none);
        var versions = InForce(all, first, none);
        var lately = InForce([.. all.Where(one => one.AppliedAt <= since.At)], since.Day, none)
            .Concat(all.Where(one => one.AppliedAt > since.At).Select(InputVersion.Of));
        return new(versions[0], [.. versions.Skip(1)]) { Lately = [.. lately.Except(versions)] };
    }

    // On a day or from a later one on, the newest first; before the first of them there is nothing in force.
    private static List<InputVersion> InForce(IReadOnlyCollection<InputRow> all, DateOnly day, InputVersion none)
    {
        var found = all
            .Where(one => !all.Any(later => later.Version > one.Version
                && later.From <= (one.From > day ? one.From : day)))
            .OrderByDescending(one => one.Version).Select(InputVersion.Of).ToList();
        if (all.All(one => one.From > day)) found.Add(none);
        return found;
    }

    /// <summary>The answer where the newest version is the same, and nothing is to be decided; null: it is not.
    /// </summary>
    public InputMade? Same { get; init; }
}

/// <summary>One of the versions that a proposal is compared with.</summary>
/// <param name="Words">As <c>version 3</c>.</param>
/// <param name="Body">The file or the figures; null: none.</param>
public sealed record InputVersion(string Words, string? Body)
{
    internal static InputVersion Of(InputRow one) => new(InWords(one.Version), one.Yaml);

    /// <summary>Which version, in words.</summary>
    public static string InWords(int version) => string.Create(CultureInfo.InvariantCulture, $"version {version}");
}

/// <summary>A proposal beside what is in force.</summary>
/// <param name="About">What it is, in words: <c>Conversion terms</c>, without a day.</param>
/// <param name="EffectiveFrom">From when on it holds by itself.</param>
/// <param name="Changes">What would change.</param>
public sealed record InputLook(string About, DateTimeOffset EffectiveFrom, IReadOnlyList<InputChange> Changes)
{
    /// <summary>An only administrator never decides it alone, whoever it is for.</summary>
    public bool TakesTwo { get; init; }

    /// <summary>Addresses that people get by it, in lower case. Whoever signs in with one of them becomes that person,
    /// so that it is theirs.</summary>
    public IReadOnlySet<string> Addresses { get; init; } = NoAddresses;

    private static readonly HashSet<string> NoAddresses = [];

    /// <summary>Whether somebody is to be one of those people by their address.</summary>
    internal bool Makes(Actor who) => Addresses.Contains(who.Name.Trim().ToLowerInvariant());
}

/// <summary>One thing that would change.</summary>
/// <param name="What">Which, as the path of a setting.</param>
/// <param name="Before">Null: it was not there.</param>
/// <param name="After">Null: it is gone.</param>
public sealed record InputChange(string What, string? Before, string? After)
{
    /// <summary>Whether it tells what people are paid, so that it is for those alone who may read that.</summary>
    [JsonIgnore] public bool ShowsPay { get; init; }

    /// <summary>What differs between YAML files; where a change is beside another than the newest version, that is
    /// said.</summary>
    public static IReadOnlyList<InputChange> OfYaml(InputBasis basis, string after) =>
    [
        .. basis.Versions.SelectMany(version => YamlSettings.Changes(version.Body, after).Select(c => new InputChange(
            version == basis.Newest ? c.Path : $"{c.Path} ({version.Words})", c.Before, c.After))),
    ];
}

/// <summary>What applying made.</summary>
/// <param name="What">In words, as <c>conversion terms, version 3</c>.</param>
/// <param name="Reply">As the endpoint answers that applies it.</param>
/// <param name="Id">The version's id, where what is computed from it names one.</param>
public sealed record InputMade(string What, object Reply, Guid? Id = null);
