using System.Globalization;
using Guerdon.Approvals.Inputs;
using Guerdon.Kernel;
using Guerdon.People;
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

    public async Task<Result<InputLook>> LookAsync(NpgsqlConnection at, InputGiven given, CancellationToken ct)
    {
        if (!PayrollText.Of(given.Body).Is(out var read, out var no)) return no;
        var (settings, versions) = (read.Value, await PayrollStore.LockAllAsync(at, ct));
        var newest = versions is [.., var last] ? last : null;
        var same = newest?.Yaml == given.Body;
        if (!same && await PayrollStore.FitsAsync(at, PayrollStore.CalendarOf(versions), settings, ct) is { } refused)
            return refused;

        var basis = newest is null ? "no settings"
            : string.Create(CultureInfo.InvariantCulture, $"version {newest.Version}");
        return new InputLook(
            $"Payroll settings from {settings.EffectiveFrom.Iso()}", settings.EffectiveFrom.UtcStart(), basis,
            InputChange.OfYaml(newest?.Yaml, given.Body), await ReachAsync(settings, ct))
        {
            Same = same ? MadeOf(newest!, added: false) : null,
        };
    }

    public async Task<InputMade> ApplyAsync(NpgsqlConnection at, InputGiven given, Actor by, CancellationToken ct)
    {
        var settings = PayrollSettingsFile.ReadApplied(given.Body);
        return MadeOf(await PayrollStore.AddAsync(at, settings, given.Body, by.Name, clock, ct), added: true);
    }

    public async Task<string?> EffectOnAsync(InputGiven given, Guid person, CancellationToken ct) =>
        await people.FindAsync($"{new PersonId(person)}", ct) is { IsBot: false } known && known.LeftOn is null
            ? "What you convert or claim is paid by them." : null;

    // Everybody is paid by them.
    private async Task<InputReach> ReachAsync(PayrollSettings settings, CancellationToken ct)
    {
        var (today, reach) = (clock.Today(), new InputReach());
        var day = settings.EffectiveFrom > today ? settings.EffectiveFrom : today;
        await foreach (var person in people.ListAsync(day, day, ct))
            if (!person.IsBot) reach.Add(person.Id.Value);
        return reach;
    }

    private static InputMade MadeOf(AppliedPayroll settings, bool added) => new(
        string.Create(CultureInfo.InvariantCulture, $"payroll settings, version {settings.Version}"),
        new ApplyPayroll.Reply(settings, added));
}
