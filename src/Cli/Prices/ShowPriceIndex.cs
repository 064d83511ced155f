using System.CommandLine;
using System.CommandLine.Parsing;
using Guerdon.Client.Verbs;
using Guerdon.Client;
using Guerdon.Kernel;
using Guerdon.Terminal;
using Guerdon.Terminal.Parsing;
using Guerdon.Terminal.Tables;
using Guerdon.Terminal.Writing;

namespace Guerdon.Cli.Prices;

/// <summary><c>guerdon price index</c>: what a compute token should be worth in a quarter, and proposes it
/// where asked.</summary>
internal static class ShowPriceIndex
{
    internal sealed record Request(string Quarter, string? Base, DateTimeOffset From);

    internal sealed record Reply(
        string Quarter, string Base, bool IsBaseOver, IReadOnlyList<Row> Basket, IReadOnlyList<string> LeftOut,
        Index Index, long BaseValueNanos, long ValueNanos, int BufferPpm, TopUp TopUp);

    internal sealed record Row(
        string Model, string Class, long Quantity, long BaseNanosPerMillion, long CurrentNanosPerMillion);

    internal sealed record Index(string Numerator, string Denominator, long Ppm);

    internal sealed record TopUp(long AllowanceNanos, long ForPricesNanos, long BufferNanos, long TotalNanos);

    internal sealed record Applied(Reply Calibration, DateTimeOffset From, bool Added);

    private sealed record Typed(
        Option<string> Quarter, Option<string?> Base, Option<int> Buffer, Option<bool> Apply, Option<DateOnly?> From);

    public static Verb Build()
    {
        var typed = new Typed(
            new("--quarter")
            {
                Required = true, HelpName = "QUARTER", Description = "The quarter to calibrate, as 2027Q1.",
            },
            new("--base")
            {
                HelpName = "QUARTER",
                Description = "The quarter whose usage is the basket (default: the one before).",
            },
            new("--buffer")
            {
                HelpName = "PERCENT",
                Description = "The inflation buffer, as 5% (default: none); it is shown separately.",
                CustomParser = Percent,
            },
            new("--apply") { Description = "Propose the token value, from the day that --from names." },
            Values.Day("--from", "The first day (UTC) of the new value, in the quarter and not past."));
        return new Verb(
            "index", "Calibrate the token value by an index over what the company uses.",
            "guerdon price index --quarter 2027Q1 --buffer 5%",
            "guerdon price index --quarter 2027Q1 --base 2026Q4 --apply --from 2027-01-01")
        {
            typed.Quarter, typed.Base, typed.Buffer, typed.Apply, typed.From,
        }.Does((call, ct) => RunAsync(call, typed, ct));
    }

    private static async Task<int> RunAsync(Call call, Typed typed, CancellationToken ct)
    {
        var (quarter, basis) = (call.Value(typed.Quarter)!, call.Value(typed.Base));
        var (apply, from) = (call.Value(typed.Apply), call.Value(typed.From));
        if (apply == from is null) return call.Misuse("--apply and --from go together.");
        if (from is not { } day)
        {
            var address = Call.Address(
                "api/v1/token-value/index", ("quarter", quarter), ("base", basis),
                ("bufferPpm", $"{call.Value(typed.Buffer)}"));
            var shown = await call.GetAsync("Computing the index", address, ct);
            return call.Show(shown, PricesJson.Default.ShowPriceIndexReply, reply => Show(call.Output, reply));
        }

        var body = new Request(quarter, basis, new DateTimeOffset(day, default, TimeSpan.Zero));
        var answer = await call.PostAsync(
            "Setting the token value", "api/v1/token-value", body, PricesJson.Default.ShowPriceIndexRequest, ct);
        return Waiting.Show(call, answer) ?? call.Show(answer, PricesJson.Default.ShowPriceIndexApplied, applied =>
        {
            var said = applied.Added ? "is set" : "was set before: nothing changed";
            call.Output.Line(
                $"From {Shown.Time(applied.From)} compute tokens are worth"
                + $" {Shown.Rate(applied.Calibration.ValueNanos)}; that {said}.");
            return ExitCodes.Done;
        });
    }

    private static int Show(Output output, Reply reply)
    {
        var table = new TextTable().Left("Model").Left("Class").Right($"Used in {reply.Base}").Right("Price then")
            .Right($"Price in {reply.Quarter}");
        foreach (var row in reply.Basket)
            table.Row(
                row.Model, row.Class, $"{row.Quantity:#,0}", Shown.Price(row.BaseNanosPerMillion),
                Shown.Price(row.CurrentNanosPerMillion));
        output.Line("Prices in USD per million.");
        output.Table(table);
        output.Line();
        var index = reply.Index;
        output.Line($"Index: {Decimals.Format(index.Ppm, 6, 6)}, exactly {index.Numerator}/{index.Denominator}.");
        output.Line($"Token value: {Shown.Rate(reply.BaseValueNanos)}, becomes {Shown.Rate(reply.ValueNanos)}.");
        var top = reply.TopUp;
        output.Line(
            $"An allowance of {Shown.Usd(top.AllowanceNanos)} USD: {Shown.Usd(top.ForPricesNanos)} for prices, and a"
            + $" buffer of {Decimals.Format(reply.BufferPpm, 4, 0)} % {Shown.Usd(top.BufferNanos)}, make"
            + $" {Shown.Usd(top.TotalNanos)} USD.");
        if (reply.LeftOut.Count > 0)
            output.Note($"Left out, since not priced in both quarters: {string.Join(", ", reply.LeftOut)}.");
        if (!reply.IsBaseOver) output.Note($"{reply.Base} is not over: its basket may still change.");
        output.Note("Nothing has changed. To set the token value: --apply --from DATE.");
        return ExitCodes.Done;
    }

    private static int Percent(ArgumentResult result)
    {
        var text = result.Tokens is [var token, ..] ? token.Value : "";
        if (text is [.., '%'] && Decimals.TryParse(text.AsSpan(0, text.Length - 1), 4, out var ppm)
            && ppm is >= 0 and <= 1_000_000) return (int)ppm;
        result.AddError($"'{text}' is not a share from 0% to 100%: write it as 5%.");
        return 0;
    }
}
