using System.Globalization;
using Guerdon.Approvals.Inputs;
using Guerdon.Kernel;
using Guerdon.People.Employees;
using Npgsql;

namespace Guerdon.Payroll.Terms;

/// <summary>Conversion terms as one proposes and another approves them.</summary>
internal sealed class ConversionTermsInput(
    NpgsqlDataSource db, RateBooks books, PeopleDirectory people, TimeProvider clock) : IInput
{
    /// <summary>The kind's name.</summary>
    public const string Name = "conversion_terms";

    public string Kind => Name;
    public string Reads => Permissions.TermsRead;
    public string Approves => Permissions.TermsApprove;

    public async Task<Result<InputBasis>> CheckAsync(NpgsqlConnection at, InputGiven given, CancellationToken ct)
    {
        await ConversionTermsStore.LockAsync(at, ct);
        // Sent again they are what they are, whatever tokens are worth by now.
        if (await ConversionTermsStore.NewestAsync(at, ct) is { } newest && newest.Yaml == given.Body)
            return new InputBasis(new InputVersion(InputVersion.InWords(newest.Version), newest.Yaml))
            {
                Same = MadeOf(newest, added: false),
            };

        var now = clock.GetUtcNow();
        if (!ConversionTermsText.Of(given.Body, await books.AtAsync(at, now, ct), now).Is(out var read, out var no))
            return no;

        var first = FirstDay(read.Value);
        var since = HeldSince.Ago(clock.Today(), first);
        var all = await ConversionTermsStore.FromAsync(at, first, since, ct);
        InputRow[] rows = [.. all.Select(v => new InputRow(v.Version, v.EffectiveFrom, v.AppliedAt, v.Yaml))];
        return InputBasis.Of("no terms", rows, first, since);
    }

    public async Task<Result<InputLook>> LookAsync(
        InputGiven given, InputBasis basis, InputReach reach, CancellationToken ct)
    {
        var terms = ConversionTermsFile.ReadApplied(given.Body);
        var day = FirstDay(terms);
        var comparison = new InputComparison<(Person Person, DateOnly On)>(
            reach, basis.Before(ConversionTermsFile.ReadApplied, Offer), Offer(terms),
            one => (one.Person.Level, one.Person.Country, one.Person.Currency, one.Person.IsBot,
                one.Person.HiredOn > one.On || one.Person.LeftOn < one.On));
        var held = await HeldTokens.ReadAsync(db, clock.GetUtcNow(), ct);
        await foreach (var person in people.ListAsync(day, day, ct))
            comparison.Add(
                person.Id.Value, (person, day), all => held.Of(person.Id.Value, all), changes =>
                    $"It offers you {ConversionOffer.InWords(ConversionOffer.Of(terms, person, day))}. "
                    + InputDifference.InWords([.. changes.Where(one => !HeldTokens.IsOfHolder(one))]));
        await foreach (var (person, from) in people.FromAsync(reach.Watched, day, ct))
            comparison.AddLater(person.Id.Value, (person, from), from);

        return new InputLook("Conversion terms", terms.EffectiveFrom.UtcStart(), InputChange.OfYaml(basis, given.Body))
        {
            // Whoever converts by them is asked by nobody any more, so that two have looked at least once.
            TakesTwo = !terms.NeedsApproval,
        };

        static Func<(Person Person, DateOnly On), IReadOnlyDictionary<string, string>> Offer(ConversionTerms of) =>
            one => ConversionOffer.Of(of, one.Person, one.On);
    }

    public async Task<Result<InputMade>> ApplyAsync(
        NpgsqlConnection at, InputGiven given, Actor by, CancellationToken ct) =>
        MadeOf(
            await ConversionTermsStore.AddAsync(
                at, ConversionTermsFile.ReadApplied(given.Body), given.Body, by, clock, ct),
            added: true);

    // Terms are those of the day on which somebody asks.
    private DateOnly FirstDay(ConversionTerms terms) =>
        terms.EffectiveFrom > clock.Today() ? terms.EffectiveFrom : clock.Today();

    private static InputMade MadeOf(AppliedTerms terms, bool added) => new(
        string.Create(CultureInfo.InvariantCulture, $"conversion terms, version {terms.Version}"),
        new ApplyConversionTerms.Reply(terms, added), terms.Id.Value);
}
