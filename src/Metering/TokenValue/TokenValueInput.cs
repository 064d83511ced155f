using System.Globalization;
using System.Text.Json;
using Guerdon.Approvals.Inputs;
using Guerdon.Kernel;
using Guerdon.People.Employees;
using Guerdon.Pricing.Book;
using Guerdon.Pricing.TokenValue;
using Npgsql;

namespace Guerdon.Metering.TokenValue;

/// <summary>What a compute token is worth, as one proposes and another approves it: with the index that it was computed
/// by, as it was then.</summary>
internal sealed class TokenValueInput(PriceBook book, PeopleDirectory people, TimeProvider clock) : IInput
{
    /// <summary>The kind's name.</summary>
    public const string Name = "token_value";

    private static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web);

    public string Kind => Name;
    public string Reads => Permissions.TokenValueRead;
    public string Approves => Permissions.TokenValueApprove;

    /// <summary>A value as it is proposed.</summary>
    public static InputGiven Given(CalibrateTokenValue.Applied value) =>
        new(Wording.Utc(value.From), JsonSerializer.Serialize(value, Json));

    public async Task<Result<InputBasis>> CheckAsync(NpgsqlConnection at, InputGiven given, CancellationToken ct)
    {
        var value = ValueOf(given);
        var check = await SetTokenValue.CheckAsync(
            at, value.From, value.Calibration.ValueNanos, clock.GetUtcNow(), ct);
        if (!check.Is(out var isNew, out var no)) return no;

        var was = SetTokenValue.OfMillion(await SetTokenValue.BeforeAsync(at, value.From, ct));
        return new InputBasis(new($"{was} USD a million tokens", was))
        {
            Same = isNew ? null : MadeOf(value with { Added = false }),
        };
    }

    public async Task<Result<InputLook>> LookAsync(
        InputGiven given, InputBasis basis, InputReach reach, CancellationToken ct)
    {
        var value = ValueOf(given);
        var (day, becomes) = (value.From.UtcDay(), SetTokenValue.OfMillion(value.Calibration.ValueNanos));
        const string million = "USD a million tokens";
        InputDifference[] changes = [new(million, basis.Newest.Body ?? "", becomes)];
        await foreach (var person in people.ListAsync(day, day, ct)) // whoever can be granted something
            if (!person.IsBot)
                reach.Add(person.Id.Value, changes, [], () =>
                    $"Of what you are granted from then on, a million tokens stand for {becomes} USD, not "
                    + $"{basis.Newest.Body}.");
        await foreach (var (person, _) in people.FromAsync(reach.Watched, day, ct))
            reach.AddLater(person.Id.Value, person.IsBot ? [] : changes, _ =>
                $"Of what you are to be granted, a million tokens stand for {becomes} USD.");
        return new InputLook(
            "What tokens are worth", value.From,
            [
                new InputChange(million, basis.Newest.Body, becomes),
                new InputChange("index", null, IndexOf(value)),
            ]);
    }

    public async Task<Result<InputMade>> ApplyAsync(
        NpgsqlConnection at, InputGiven given, Actor by, CancellationToken ct)
    {
        var value = ValueOf(given);
        var source = $"{IndexOf(value)}; by {by.Name}";
        await SetTokenValue.AddAsync(at, value.From, value.Calibration.ValueNanos, source, ct);
        return MadeOf(value);
    }

    // Here without waiting for the notification.
    public Task AppliedAsync(CancellationToken ct) => book.ReloadAsync(ct);

    private static CalibrateTokenValue.Applied ValueOf(InputGiven given) =>
        JsonSerializer.Deserialize<CalibrateTokenValue.Applied>(given.Body, Json)!;

    private static string IndexOf(CalibrateTokenValue.Applied value)
    {
        var (of, index) = (value.Calibration, value.Calibration.Index);
        return string.Create(CultureInfo.InvariantCulture,
            $"index of {of.Quarter} over the basket of {of.Base}: {index.Numerator}/{index.Denominator}, "
            + $"{index.Ppm} ppm, on {of.BaseValueNanos} nano-USD");
    }

    private static InputMade MadeOf(CalibrateTokenValue.Applied value) => new(
        $"a million tokens at {SetTokenValue.OfMillion(value.Calibration.ValueNanos)} USD from "
            + value.From.UtcDay().InWords(), value);
}
