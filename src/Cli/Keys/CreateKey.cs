using System.CommandLine;
using System.CommandLine.Parsing;
using Guerdon.Client;
using Guerdon.Kernel;
using Guerdon.Terminal;
using Guerdon.Terminal.Parsing;

namespace Guerdon.Cli.Keys;

/// <summary><c>guerdon key create</c>: the key alone on standard output, so that <c>KEY=$(…)</c> works.</summary>
internal static class CreateKey
{
    /// <param name="Person">E-mail address or id; null: the caller.</param>
    /// <param name="Name">What its owner calls it.</param>
    /// <param name="Models">Which models it may be used for; null: all.</param>
    /// <param name="BudgetMilli">The most it may ever spend; null: as far as the wallet goes.</param>
    /// <param name="ExpiresAt">The instant from which it is refused; null: never.</param>
    internal sealed record Request(
        string? Person, string Name, IReadOnlyList<string>? Models, long? BudgetMilli, DateTimeOffset? ExpiresAt);

    internal sealed record Reply(string Id, string Key, string? Hint = null);

    public static Verb Build()
    {
        var person = new Option<string>("--person")
        {
            Description = "Whose wallet it spends: an e-mail address, id or 'me'.", HelpName = "EMAIL", Required = true,
        };
        var name = new Option<string>("--name") { Description = "What to call it.", HelpName = "N", Required = true };
        var models = new Option<string?>("--models")
        {
            Description = "Only these models, separated by commas.", HelpName = "A,B",
        };
        var budget = new Option<long?>("--budget")
        {
            Description = "The most compute tokens it may ever spend.", HelpName = "TOKENS", CustomParser = Milli,
        };
        var expires = Values.Day("--expires", "The last day it works (UTC).");
        return new Verb(
            "create", "Create a personal key; it is shown only once.",
            "guerdon key create --person me --name laptop",
            "KEY=$(guerdon key create --person me --name ci --models gpt-4o-mini --budget 50000 --expires 2026-12-31)")
        {
            person, name, models, budget, expires,
        }.Does(async (call, ct) =>
        {
            var body = new Request(
                Values.OrCaller(call.Value(person)), call.Value(name)!,
                call.Value(models)?.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries),
                call.Value(budget),
                call.Value(expires) is { } day ? new(day.AddDays(1), TimeOnly.MinValue, TimeSpan.Zero) : null);
            var type = KeysJson.Default.CreateKeyRequest;
            var answer = await call.PostAsync("Creating the key", "api/v1/keys", body, type, ct);
            return call.Show(answer, KeysJson.Default.CreateKeyReply, reply =>
            {
                call.Output.Line(reply.Key);
                call.Output.Note($"Key '{body.Name}' ({reply.Id}) of {call.Value(person)}: it is not shown again.");
                call.Output.Note($"To revoke it: guerdon key revoke {reply.Id}");
                return ExitCodes.Done;
            });
        });
    }

    private static long? Milli(ArgumentResult result)
    {
        var text = result.Tokens is [var token, ..] ? token.Value : "";
        if (Decimals.TryParse(text, scale: 3, out var milli) && milli > 0) return milli;
        result.AddError($"'{text}' is not a number of tokens: write it as 50000 or 0.5.");
        return null;
    }
}
