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

        var day = FirstDay(read.Value);
        var inForce = PayrollStore.On(versions, day);
        return InputBasis.Of("no settings", (newest?.Version, newest?.Yaml), (inForce?.Version, inForce?.Yaml)) with
        {
            Same = same ? MadeOf(newest!, added: false) : null,
        };
    }

    public async Task<Result<InputLook>> LookAsync(
        InputGiven given, InputBasis basis, InputReach reach, CancellationToken ct)
    {
        var settings = PayrollSettingsFile.ReadApplied(given.Body);
        var after = new PayrollFor(settings, given.Body);
        PayrollFor?[] before = [.. basis.Versions.Select(
            v => v.Body is { } yaml ? new PayrollFor(PayrollSettingsFile.ReadApplied(yaml), yaml) : null)];
        var day = FirstDay(settings);
        await foreach (var person in people.ListAsync(day, day, ct)) Add(person);
        await foreach (var (person, _) in people.LaterAsync(reach.Watched, day, ct)) Add(person);
        return new InputLook(
            "Payroll settings", settings.EffectiveFrom.UtcStart(), InputChange.OfYaml(basis, given.Body));

        void Add(Person person)
        {
            if (person.IsBot) return;
            var becomes = after.Of(person);
            InputDifference[] differences =
                [.. before.SelectMany(one => InputDifference.Between(one?.Of(person) ?? [], becomes)).Distinct()];
            reach.Add(person.Id.Value, differences, () =>
                $"What you convert or claim is paid by them. {InputDifference.InWords(differences)}");
        }
    }

    private DateOnly FirstDay(PayrollSettings settings) =>
        settings.EffectiveFrom > clock.Today() ? settings.EffectiveFrom : clock.Today();

    public async Task<Result<InputMade>> ApplyAsync(
        NpgsqlConnection at, InputGiven given, Actor by, CancellationToken ct)
    {
        var settings = PayrollSettingsFile.ReadApplied(given.Body);
        return MadeOf(await PayrollStore.AddAsync(at, settings, given.Body, by.Name, clock, ct), added: true);
    }

    private static InputMade MadeOf(AppliedPayroll settings, bool added) => new(
        string.Create(CultureInfo.InvariantCulture, $"payroll settings, version {settings.Version}"),
        new ApplyPayroll.Reply(settings, added), settings.Id.Value);
}
