using System.Globalization;
using Guerdon.Approvals.Inputs;
using Guerdon.Kernel;
using Npgsql;

namespace Guerdon.Policies;

/// <summary>Opening the gateway that somebody closed by hand, as one proposes and another approves it. It is for nobody
/// in particular: what the policy lets pass does so again.</summary>
internal sealed class OpeningInput(CurrentPolicy book, TimeProvider clock) : IInput
{
    /// <summary>The kind's name.</summary>
    public const string Name = "gateway_open";

    /// <summary>All there is to propose.</summary>
    public static readonly InputGiven Given = new("", "Open the gateway.");

    public string Kind => Name;
    public string Reads => Permissions.PoliciesRead;
    public string Approves => Permissions.PoliciesApprove;

    public async Task<Result<InputBasis>> CheckAsync(NpgsqlConnection at, InputGiven given, CancellationToken ct)
    {
        await PolicyStore.LockAsync(at, ct);
        var turned = await PolicyStore.SwitchAsync(at, ct) ?? new(null, clock.NowMicros(), "nobody");
        if (turned.Reason is not { } reason)
            return new InputBasis(new InputVersion("open", null))
            {
                Same = new InputMade("the gateway is open", new TurnSwitch.Reply(turned, false)),
            };

        return new InputBasis(new InputVersion(
            $"closed by {turned.By} on {Wording.Utc(turned.At)}",
            string.Create(CultureInfo.InvariantCulture, $"{turned.At.UtcDateTime:O}\n{reason}")));
    }

    public Task<Result<InputLook>> LookAsync(
        InputGiven given, InputBasis basis, InputReach reach, CancellationToken ct)
    {
        var closed = basis.Newest.Body?.Split('\n', 2) ?? [$"{clock.GetUtcNow():O}", ""];
        var since = DateTimeOffset.Parse(closed[0], CultureInfo.InvariantCulture, DateTimeStyles.RoundtripKind);
        return Task.FromResult<Result<InputLook>>(
            new InputLook("Opening the gateway", since, [new InputChange("closed", closed[1], null)]));
    }

    public async Task<Result<InputMade>> ApplyAsync(
        NpgsqlConnection at, InputGiven given, Actor by, CancellationToken ct)
    {
        var turned = await PolicyStore.TurnAsync(at, null, clock.NowMicros(), by.Name, ct);
        return new InputMade("the gateway is open", new TurnSwitch.Reply(turned, true));
    }

    public Task AppliedAsync(CancellationToken ct) => book.ReloadAsync(ct);
}
