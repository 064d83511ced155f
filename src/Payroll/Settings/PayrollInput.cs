using System.Globalization;
using Guerdon.Approvals.Inputs;
using Guerdon.Kernel;
using Guerdon.People.Employees;
using Npgsql;

namespace Guerdon.Payroll.Settings;

/// <summary>Payroll settings as one proposes and another approves them.</summary>
internal sealed class PayrollInput(PeopleDirectory people, TimeProvider clock) : IInput
{
    /// <summary>The kind's name.</summary>
    public const string Name = "payroll_settings";

    private const string Currencies = "currencies.";

    public string Kind => Name;
    public string Reads => Permissions.PayrollRead;
    public string Approves => Permissions.PayrollApprove;

    public async Task<Result<InputBasis>> CheckAsync(NpgsqlConnection at, InputGiven given, CancellationToken ct)
    {
        var versions = await PayrollStore.LockAllAsync(at, ct);
        if (!PayrollText.Of(given.Body).Is(out var read, out var no)) return no;
        var newest = versions is [.., var last] ? last : null;
        var same = newest?.Yaml == given.Body;
        if (!same && await PayrollStore.FitsAsync(at, PayrollStore.CalendarOf(versions), read.Value, ct) is { } refused)
            return refused;

        var words = newest is null ? "no settings"
            : string.Create(CultureInfo.InvariantCulture, $"version {newest.Version}");
        return new InputBasis(words, newest?.Yaml) { Same = same ? MadeOf(newest!, added: false) : null };
    }

    public async Task<InputLook> LookAsync(
        InputGiven given, InputBasis basis, InputReach reach, CancellationToken ct)
    {
        var (settings, today) = (PayrollSettingsFile.ReadApplied(given.Body), clock.Today());
        var before = basis.Body is { } yaml ? PayrollSettingsFile.ReadApplied(yaml) : null;
        var changes = InputChange.OfYaml(basis.Body, given.Body);
        // What currencies are worth and codes are somebody's; that there is another first day, nobody's; all else is
        // everybody's.
        var general = changes.Any(change => change.What != "effective_from"
            && !change.What.StartsWith("codes", StringComparison.Ordinal)
            && !change.What.StartsWith(Currencies, StringComparison.Ordinal));
        var currencies = changes.Where(change => change.What.StartsWith(Currencies, StringComparison.Ordinal))
            .Select(change => change.What[Currencies.Length..]).ToHashSet(StringComparer.Ordinal);
        var day = settings.EffectiveFrom > today ? settings.EffectiveFrom : today;
        await foreach (var person in people.ListAsync(day, day, ct))
            if (!person.IsBot)
                reach.Add(
                    person.Id.Value,
                    general || currencies.Contains(person.Currency)
                        || !CodesOf(before, settings, person.Country).SetEquals(
                            CodesOf(settings, before, person.Country)),
                    () => "What you convert or claim is paid by them.");
        return new InputLook(
            $"Payroll settings from {settings.EffectiveFrom.Iso()}", settings.EffectiveFrom.UtcStart(), changes);
    }

    public async Task<InputMade> ApplyAsync(NpgsqlConnection at, InputGiven given, Actor by, CancellationToken ct)
    {
        var settings = PayrollSettingsFile.ReadApplied(given.Body);
        return MadeOf(await PayrollStore.AddAsync(at, settings, given.Body, by.Name, clock, ct), added: true);
    }

    // Those that somebody's pay is booked by, of all classes and forms that either has.
    private static HashSet<EarningCode> CodesOf(PayrollSettings? settings, PayrollSettings? other, string country) =>
    [
        .. (settings?.Codes ?? []).Concat(other?.Codes ?? []).Select(code => (code.TaxClass, code.Form)).Distinct()
            .Select(of => settings?.CodeOf(of.TaxClass, of.Form, country)).OfType<EarningCode>(),
    ];

    private static InputMade MadeOf(AppliedPayroll settings, bool added) => new(
        string.Create(CultureInfo.InvariantCulture, $"payroll settings, version {settings.Version}"),
        new ApplyPayroll.Reply(settings, added), settings.Id.Value);
}
