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
        if (!ConversionTermsText.Of(given.Body, await books.AtAsync(at, now, ct), now).Is(out _, out var no)) return no;

        var words = newest is null ? "no terms"
            : string.Create(CultureInfo.InvariantCulture, $"version {newest.Version}");
        return new InputBasis(words, newest?.Yaml)
        {
            Same = newest?.Yaml == given.Body ? MadeOf(newest, added: false) : null,
        };
    }

    public async Task<InputLook> LookAsync(
        InputGiven given, InputBasis basis, InputReach reach, CancellationToken ct)
    {
        var (terms, today) = (ConversionTermsFile.ReadApplied(given.Body), clock.Today());
        var before = basis.Body is { } yaml ? ConversionTermsFile.ReadApplied(yaml) : null;
        var day = terms.EffectiveFrom > today ? terms.EffectiveFrom : today;
        await foreach (var person in people.ListAsync(day, day, ct))
        {
            var (was, becomes) = (before is null ? "" : OfferOf(before, person, day), OfferOf(terms, person, day));
            if (was.Length + becomes.Length == 0) continue;
            reach.Add(person.Id.Value, was != becomes, () =>
                $"It offers you {InWords(becomes)}; what is in force offers you {InWords(was)}.");
        }

        return new InputLook(
            $"Conversion terms from {terms.EffectiveFrom.Iso()}", terms.EffectiveFrom.UtcStart(),
            InputChange.OfYaml(basis.Body, given.Body))
        {
            // Whoever converts by them is asked by nobody any more, so that two have looked at least once.
            TakesTwo = !terms.NeedsApproval,
        };
    }

    public async Task<InputMade> ApplyAsync(NpgsqlConnection at, InputGiven given, Actor by, CancellationToken ct) =>
        MadeOf(
            await ConversionTermsStore.AddAsync(
                at, ConversionTermsFile.ReadApplied(given.Body), given.Body, by, clock, ct),
            added: true);

    /// <summary>All that terms offer somebody on a day, in words; empty: nothing.</summary>
    internal static string OfferOf(ConversionTerms terms, Person person, DateOnly day)
    {
        if (person.IsBot) return "";
        List<string> offers =
        [
            .. terms.Forms.Where(form => form.Excludes(person, day) is null)
                .Select(form => FormOf(form, person.Currency)).OfType<string>(),
        ];
        if (terms.Claims is { } claims)
            offers.Add(string.Create(CultureInfo.InvariantCulture,
                $"claims of {string.Join(", ", claims.Services)} within {claims.WithinDays} days"));
        if (offers.Count == 0) return "";
        var windows = terms.Windows.Select(w => w.IsYearly ? $"{w.Name} {w.From:MM-dd} to {w.To:MM-dd} each year"
            : $"{w.Name} {w.From.Iso()} to {w.To.Iso()}");
        return string.Create(CultureInfo.InvariantCulture,
            $"{string.Join("; ", offers)}; with {terms.NoticeDays} days of notice, rates locked for "
            + $"{terms.LockFor.TotalHours:0.##} hours, "
            + $"{(terms.NeedsApproval ? "approved by another" : "no approval")}, "
            + $"in {(terms.Windows.Count == 0 ? "no window" : string.Join(", ", windows))}");
    }

    // At the one rate that is theirs: of money, that of the currency of their pay. Null: there is none.
    private static string? FormOf(FormTerms form, string currency)
    {
        var (unit, key) = form.Rates.ContainsKey("") ? (form.Unit, "") : (currency, currency);
        return !form.Rates.TryGetValue(key, out var rate) ? null : string.Create(CultureInfo.InvariantCulture,
            $"{PayForms.NameOf(form.Form)} ({rate.Units} of the smallest unit of {unit} for {new Tokens(rate.Milli)}; "
            + $"least {form.LeastMilli}, most {form.MostPerWindowMilli} a window and "
            + $"{form.MostPerYearMilli} a year, in milli-tokens)");
    }

    private static string InWords(string offer) => offer.Length == 0 ? "nothing" : offer;

    private static InputMade MadeOf(AppliedTerms terms, bool added) => new(
        string.Create(CultureInfo.InvariantCulture, $"conversion terms, version {terms.Version}"),
        new ApplyConversionTerms.Reply(terms, added), terms.Id.Value);
}
