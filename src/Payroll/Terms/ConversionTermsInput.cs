using System.Globalization;
using Guerdon.Approvals.Inputs;
using Guerdon.Kernel;
using Guerdon.People;
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

    public async Task<Result<InputLook>> LookAsync(NpgsqlConnection at, InputGiven given, CancellationToken ct)
    {
        var newest = await ConversionTermsStore.LockNewestAsync(at, ct);
        var now = clock.GetUtcNow();
        var text = ConversionTermsText.Of(given.Body, await books.AtAsync(now, ct), now);
        if (!text.Is(out var read, out var no)) return no;

        var terms = read.Value;
        var basis = newest is null ? "no terms"
            : string.Create(CultureInfo.InvariantCulture, $"version {newest.Version}");
        return new InputLook(
            $"Conversion terms from {terms.EffectiveFrom.Iso()}", terms.EffectiveFrom.UtcStart(), basis,
            InputChange.OfYaml(newest?.Yaml, given.Body), await ReachAsync(terms, newest?.Terms, ct))
        {
            Same = newest?.Yaml == given.Body ? MadeOf(newest, added: false) : null,
        };
    }

    public async Task<InputMade> ApplyAsync(NpgsqlConnection at, InputGiven given, Actor by, CancellationToken ct) =>
        MadeOf(
            await ConversionTermsStore.AddAsync(
                at, ConversionTermsFile.ReadApplied(given.Body), given.Body, by, clock, ct),
            added: true);

    public async Task<string?> EffectOnAsync(InputGiven given, Guid person, CancellationToken ct)
    {
        var terms = ConversionTermsFile.ReadApplied(given.Body);
        if (await people.FindAsync($"{new PersonId(person)}", ct) is not { IsBot: false } known) return null;
        var offered = terms.Forms.Where(form => form.Excludes(known, FirstDay(terms)) is null)
            .Select(form => PayForms.NameOf(form.Form)).ToList();
        if (terms.Claims is not null) offered.Add("claims");
        return offered.Count == 0 ? null : $"It offers you {string.Join(", ", offered)}.";
    }

    // Whoever is offered something by the terms, or is by those before.
    private async Task<InputReach> ReachAsync(ConversionTerms terms, ConversionTerms? before, CancellationToken ct)
    {
        var (day, reach) = (FirstDay(terms), new InputReach());
        await foreach (var person in people.ListAsync(day, day, ct))
            if (Offers(terms, person, day) || (before is not null && Offers(before, person, day)))
                reach.Add(person.Id.Value);
        return reach;
    }

    private static bool Offers(ConversionTerms terms, Person person, DateOnly day) =>
        !person.IsBot && (terms.Claims is not null || terms.Forms.Any(form => form.Excludes(person, day) is null));

    private DateOnly FirstDay(ConversionTerms terms)
    {
        var today = clock.Today();
        return terms.EffectiveFrom > today ? terms.EffectiveFrom : today;
    }

    private static InputMade MadeOf(AppliedTerms terms, bool added) => new(
        string.Create(CultureInfo.InvariantCulture, $"conversion terms, version {terms.Version}"),
        new ApplyConversionTerms.Reply(terms, added));
}
