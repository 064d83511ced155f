using Guerdon.Kernel;
using Guerdon.People;
using Guerdon.Plans;

namespace Guerdon.Offers;

/// <summary>Reads an offer. Strict: what a candidate is promised is never guessed.</summary>
internal static class OfferFile
{
    public const int Whole = 1_000_000; // 100 % in millionths
    public const int MostYears = 10;
    public const long MostCents = 100_000_000_000; // a billion of a currency: above it a figure is a slip
    private const int MostBenefits = 20;
    private const int MostLetters = 200;

    private const string AmountForm = "an amount from 0 to 1000000000 with at most two decimals, such as 100000.50";
    private const string PercentForm = "a percentage from 0% to 100% with at most four decimals, such as 80%";
    private const string DayForm = "a day that exists from 2020 to 2199, such as 2027-02-01";

    /// <summary>The offer, or every error of the file by line and column.</summary>
    public static (Offer? Offer, IReadOnlyList<YamlError> Errors) Read(string yaml) =>
        YamlFile.Read(yaml, "offer", OfferOf);

    /// <summary>An offer that is saved, and so was read before.</summary>
    public static Offer ReadSaved(string yaml) => Read(yaml) is ({ } offer, _)
        ? offer
        : throw new InvalidOperationException("An offer that was saved can no longer be read.");

    private static Offer? OfferOf(YamlMap map, List<YamlError> errors)
    {
        var name = PlanFile.Slug(map, "offer");
        var employer = Words(map, "employer", MostLetters);
        var competitors = Flag(map, "competitor");
        var candidate = Words(map, "candidate", MostLetters);
        var post = PostOf(map);
        var currency = map.Text("currency");
        if (currency is not null && !Codes.IsCurrency(currency))
            map.WrongAt("currency", $"is '{currency}', not a currency of ISO 4217, such as EUR.");
        var start = map.Value("start", DayForm, Day);
        var until = map.Value("valid_until", DayForm, Day);
        var horizon = map.Whole("horizon_years", 1, MostYears, required: false) ?? 4;
        var pay = PayOf(map, currency);
        var equity = map.Map("equity") is { } e ? EquityOf(e, currency) : null;
        var tokens = map.Map("tokens") is { } t ? TokensOf(t, pay, currency) : null;
        var benefits = BenefitsOf(map, currency);
        map.Finish();
        return errors.Count > 0 ? null : new Offer(
            name!, employer!, competitors, candidate!, post, currency!, start!.Value, until!.Value, horizon, pay,
            equity, tokens, benefits);
    }

    private static OfferedPost PostOf(YamlMap map)
    {
        var role = Words(map, "role", MostLetters);
        var level = Words(map, "level", 40, required: false);
        var country = map.Text("country");
        if (country is not null && !Codes.IsCountry(country))
            map.WrongAt("country", $"is '{country}', not a code of ISO 3166-1 such as DE.");
        var location = Words(map, "location", MostLetters, required: false);
        var remote = Flag(map, "remote");
        if (location is null && !remote) map.WrongAt("location", "is missing; name a town, or say remote: true.");
        var employment = map.Value("employment", "full-time, part-time, contract, temporary or intern",
            text => YamlTerms.Choice(text, ("full-time", Employment.FullTime), ("part-time", Employment.PartTime),
                ("contract", Employment.Contract), ("temporary", Employment.Temporary),
                ("intern", Employment.Intern)), required: false);
        var description = Words(map, "description", 10_000, required: false, isLong: true);
        return new OfferedPost(
            role ?? "", level, country ?? "", location, remote, employment ?? Employment.FullTime, description);
    }

    private static OfferedPay PayOf(YamlMap map, string? currency)
    {
        var pay = Money(map, "base_pay", currency);
        var bonus = map.Map("bonus") is { } b ? BonusOf(b, currency) : null;
        SigningTerms? signing = null;
        if (map.Map("signing_bonus") is { } s)
        {
            signing = new SigningTerms(
                Money(s, "amount", currency), s.Whole("clawback_months", 0, 60, required: false) ?? 0);
            s.Finish();
        }

        return new OfferedPay(pay, bonus, signing);
    }

    private static BonusTerms BonusOf(YamlMap map, string? currency)
    {
        var text = map.Text("target");
        var (cents, ppm) = (0L, 0);
        if (text is [.., '%'])
            ppm = map.Value("target", PercentForm, Percent) ?? 0;
        else if (text is not null)
            cents = map.Value("target", $"{PercentForm}, or {Form(currency)}", text => Minor(text, currency)) ?? 0;
        var bonus = new BonusTerms(cents, ppm, map.Value("probability", PercentForm, Percent) ?? 0);
        map.Finish();
        return bonus;
    }

    private static EquityTerms EquityOf(YamlMap map, string? currency)
    {
        var value = Money(map, "value", currency);
        var years = map.Whole("vesting_years", 1, MostYears);
        var cliff = map.Whole("cliff_months", 0, 12 * MostYears, required: false) ?? 0;
        if (cliff > 12 * years) map.WrongAt("cliff_months", $"is {cliff}, longer than the {years} years of vesting.");
        var equity = new EquityTerms(value, years ?? 1, cliff, map.Value("probability", PercentForm, Percent) ?? 0);
        map.Finish();
        return equity;
    }

    private static OfferedTokens TokensOf(YamlMap map, OfferedPay pay, string? currency)
    {
        var isShare = map.Text("share", required: false) is not null;
        var share = isShare ? ShareOf(map) : null;
        if (isShare && map.Text("yearly", required: false) is not null)
            map.WrongAt("yearly", "and share are both there; an allowance is one or the other.");
        if (!isShare && map.Text("basis", required: false) is not null)
            map.WrongAt("basis", "is of a share, and there is none.");
        if (!isShare && map.Text("mode", required: false) is not null)
            map.WrongAt("mode", "is of a share, and there is none.");
        var yearly = isShare ? 0 : Money(map, "yearly", currency);
        var months = TokenRulesFile.Expiry(map);
        var convertible = Flag(map, "convertible");
        var usability = map.Value("usability", PercentForm, Percent, required: !convertible);
        if (convertible && usability is not (null or Whole))
            map.WrongAt("usability", "is below 100%, but what is convertible counts in full: leave it out.");
        var tokens = new OfferedTokens(yearly, share, months, convertible, usability ?? Whole);
        if (share is not null && OfferValue.TokensOfYear(tokens, pay) > MostOf(currency))
            map.WrongAt("share", "makes an allowance of more than 1000000000 a year.");
        map.Finish();
        return tokens;
    }

    private static ShareOfPay? ShareOf(YamlMap map)
    {
        var share = map.Value("share", PercentForm, Percent);
        var basis = map.Value("basis", "base or total",
            text => YamlTerms.Choice(text, ("base", PayBasis.Base), ("total", PayBasis.Total)));
        var mode = map.Value("mode", "on-top or carve-out",
            text => YamlTerms.Choice(text, ("on-top", ShareMode.OnTop), ("carve-out", ShareMode.CarveOut)));
        var isAll = mode == ShareMode.CarveOut && share >= Whole;
        if (isAll) map.WrongAt("share", "of the new total must be below 100%.");
        if (share is null || basis is null || mode is null || isAll) return null;
        return new ShareOfPay(share.Value, basis.Value, mode.Value);
    }

    private static List<BenefitTerms> BenefitsOf(YamlMap map, string? currency)
    {
        var benefits = new List<BenefitTerms>();
        foreach (var item in map.Maps("benefits"))
        {
            var name = Words(item, "name", MostLetters) ?? "";
            if (benefits.Any(b => b.Name == name)) item.WrongAt("name", $"'{name}' is there twice.");
            benefits.Add(new BenefitTerms(
                name, Money(item, "yearly", currency),
                item.Value("usability", PercentForm, Percent, required: false) ?? Whole));
            item.Finish();
        }

        if (benefits.Count > MostBenefits) map.WrongAt("benefits", $"are more than {MostBenefits}.");
        return benefits;
    }

    // Only a description may have several lines. No other control character may reach a page or a PDF.
    private static string? Words(YamlMap map, string key, int most, bool required = true, bool isLong = false)
    {
        var text = map.Text(key, required);
        if (text is null) return null;
        if (text.Length > most) map.WrongAt(key, $"has {text.Length} characters, more than {most}.");
        if (string.IsNullOrWhiteSpace(text)) map.WrongAt(key, "is blank.");
        if (text.Any(c => char.IsControl(c) && !(isLong && c == '\n')))
            map.WrongAt(key, isLong ? "has control characters." : "has line breaks or control characters.");
        if (text.Where((c, i) => char.IsSurrogate(c) && !IsPaired(text, i)).Any())
            map.WrongAt(key, "has half a character.");
        return text.Trim();
    }

    private static bool IsPaired(string text, int i) =>
        (i + 1 < text.Length && char.IsSurrogatePair(text[i], text[i + 1]))
        || (i > 0 && char.IsSurrogatePair(text[i - 1], text[i]));

    private static bool Flag(YamlMap map, string key) =>
        map.Value(
            key, "true or false", text => YamlTerms.Choice(text, ("true", true), ("false", false)), required: false)
        ?? false;

    private static long Money(YamlMap map, string key, string? currency) =>
        map.Value(key, Form(currency), text => Minor(text, currency)) ?? 0;

    private static string Form(string? currency) => Currencies.DecimalsOf(currency) == 2 ? AmountForm
        : $"{Currencies.Wanted(currency)}, up to 1000000000";

    private static long? Minor(string text, string? currency) =>
        Currencies.TryParseMinor(text, currency, out var minor) && minor >= 0 && minor <= MostOf(currency)
            ? minor : null;

    // A billion of a currency, since a larger figure can only be a slip.
    private static long MostOf(string? currency) =>
        1_000_000_000 * Currencies.PerUnit(currency) / Currencies.Step(currency);

    private static int? Percent(string text) =>
        text is [.., '%'] && Decimals.TryParse(text.AsSpan(0, text.Length - 1), 4, out var ppm)
            && ppm is >= 0 and <= Whole ? (int)ppm : null;

    private static DateOnly? Day(string text) => Days.TryParse(text, out var day) && day.Year >= 2020 ? day : null;
}
