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

        var first = read.Value.EffectiveFrom;
        InputRow[] rows = [.. versions.Select(v => new InputRow(v.Version, v.EffectiveFrom, v.AppliedAt, v.Yaml))];
        return InputBasis.Of("no settings", rows, first, HeldSince.Ago(clock.Today(), first)) with
        {
            Same = same ? MadeOf(newest!, added: false) : null,
        };
    }

    public async Task<Result<InputLook>> LookAsync(
        InputGiven given, InputBasis basis, InputReach reach, CancellationToken ct)
    {
        var after = PayrollFor.Read(given.Body);
        var (first, today) = (after.Settings.EffectiveFrom, clock.Today());
        var day = first > today ? first : today;
        var comparison = new InputComparison<Person>(
            reach, basis.Before<PayrollFor, Person>(PayrollFor.Read, of => of.Of), after.Of,
            person => (person.Country, person.Currency, person.IsBot));
        await foreach (var person in people.ListAsync(day, day, ct))
            comparison.Add(
                person.Id.Value, person,
                changes => $"What you convert or claim is paid by them. {InputDifference.InWords(changes)}");
        await foreach (var (person, from) in people.FromAsync(reach.Watched, first, ct))
            comparison.AddLater(person.Id.Value, person, from);
        return new InputLook("Payroll settings", first.UtcStart(), InputChange.OfYaml(basis, given.Body));
    }

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
