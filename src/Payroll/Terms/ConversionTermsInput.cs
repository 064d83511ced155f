using System.Globalization;
using Guerdon.Approvals.Inputs;
using Guerdon.Kernel;
using Guerdon.People.Employees;
using Npgsql;

namespace Guerdon.Payroll.Terms;

/// <summary>Conversion terms as one proposes and another approves them.</summary>
internal sealed class ConversionTermsInput(RateBooks books, PeopleDirectory people, TimeProvider clock) : IInput
{
    /// <summary>The kind's name.</summary>
    public const string Name = "conversion_terms";

    public string Kind => Name;
    public string Reads => Permissions.TermsRead;
    public string Approves => Permissions.TermsApprove;

    public async Task<Result<InputBasis>> CheckAsync(NpgsqlConnection at, InputGiven given, CancellationToken ct)
    {
        var newest = await ConversionTermsStore.LockNewestAsync(at, ct);
        var now = clock.GetUtcNow();
        if (!ConversionTermsText.Of(given.Body, await books.AtAsync(at, now, ct), now).Is(out var read, out var no))
            return no;

        var inForce = await ConversionTermsStore.InEffectAsync(at, FirstDay(read.Value), ct);
        return InputBasis.Of("no terms", (newest?.Version, newest?.Yaml), (inForce?.Version, inForce?.Yaml)) with
        {
            Same = newest?.Yaml == given.Body ? MadeOf(newest, added: false) : null,
        };
    }

    public async Task<Result<InputLook>> LookAsync(
        InputGiven given, InputBasis basis, InputReach reach, CancellationToken ct)
    {
        var terms = ConversionTermsFile.ReadApplied(given.Body);
        ConversionTerms?[] before =
            [.. basis.Versions.Select(v => v.Body is { } yaml ? ConversionTermsFile.ReadApplied(yaml) : null)];
        var day = FirstDay(terms);
        await foreach (var person in people.ListAsync(day, day, ct)) Add(person, day);
        await foreach (var (person, later) in people.LaterAsync(reach.Watched, day, ct)) Add(person, later);

        return new InputLook("Conversion terms", terms.EffectiveFrom.UtcStart(), InputChange.OfYaml(basis, given.Body))
        {
            // Whoever converts by them is asked by nobody any more, so that two have looked at least once.
            TakesTwo = !terms.NeedsApproval,
        };

        void Add(Person person, DateOnly on)
        {
            var becomes = ConversionOffer.Of(terms, person, on);
            IReadOnlyDictionary<string, string>[] was =
                [.. before.Select(one => ConversionOffer.Of(one, person, on))];
            if (becomes.Count == 0 && was.All(one => one.Count == 0)) return;
            reach.Add(
                person.Id.Value, [.. was.SelectMany(one => InputDifference.Between(one, becomes))], () =>
                    $"It offers you {ConversionOffer.InWords(becomes)}; what is in force offers you "
                    + $"{ConversionOffer.InWords(was[^1])}.");
        }
    }

    private DateOnly FirstDay(ConversionTerms terms) =>
        terms.EffectiveFrom > clock.Today() ? terms.EffectiveFrom : clock.Today();

    public async Task<Result<InputMade>> ApplyAsync(
        NpgsqlConnection at, InputGiven given, Actor by, CancellationToken ct) =>
        MadeOf(
            await ConversionTermsStore.AddAsync(
                at, ConversionTermsFile.ReadApplied(given.Body), given.Body, by, clock, ct),
            added: true);

    private static InputMade MadeOf(AppliedTerms terms, bool added) => new(
        string.Create(CultureInfo.InvariantCulture, $"conversion terms, version {terms.Version}"),
        new ApplyConversionTerms.Reply(terms, added), terms.Id.Value);
}
