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
        // Codes may be of one country; all else is everybody's.
        var general = changes.Any(change => !change.What.StartsWith("codes", StringComparison.Ordinal));
        var day = settings.EffectiveFrom > today ? settings.EffectiveFrom : today;
        await foreach (var person in people.ListAsync(day, day, ct))
            if (!person.IsBot)
                reach.Add(
                    person.Id.Value, general || !CodesOf(before, person).SetEquals(CodesOf(settings, person)),
                    () => "What you convert or claim is paid by them.");
        return new InputLook(
            $"Payroll settings from {settings.EffectiveFrom.Iso()}", settings.EffectiveFrom.UtcStart(), changes);
    }

    public async Task<InputMade> ApplyAsync(NpgsqlConnection at, InputGiven given, Actor by, CancellationToken ct)
    {
        var settings = PayrollSettingsFile.ReadApplied(given.Body);
        return MadeOf(await PayrollStore.AddAsync(at, settings, given.Body, by.Name, clock, ct), added: true);
    }

    private static HashSet<EarningCode> CodesOf(PayrollSettings? settings, Person person) =>
        [.. (settings?.Codes ?? []).Where(code => code.Country is null || code.Country == person.Country)];

    private static InputMade MadeOf(AppliedPayroll settings, bool added) => new(
        string.Create(CultureInfo.InvariantCulture, $"payroll settings, version {settings.Version}"),
        new ApplyPayroll.Reply(settings, added), settings.Id.Value);
}
