using System.CommandLine;
using System.Globalization;
using System.Text;
using Guerdon.Client;
using Guerdon.Kernel;
using Guerdon.Terminal;
using Guerdon.Terminal.Parsing;
using Guerdon.Terminal.Tables;
using Guerdon.Terminal.Writing;

namespace Guerdon.Cli.Wallets;

/// <summary><c>guerdon statement PERSON</c>: every line of a period, added up again here.</summary>
internal static class ShowStatement
{
    internal sealed record Reply(
        string Person, string Name, string Wallet, string From, string To, long OpeningMilli, IReadOnlyList<Line> Lines,
        long ClosingMilli, long TokenValueNanos);

    internal sealed record Line(
        DateOnly Day, string Kind, int Lot, string? Source, long AmountMilli, int Transfers, string? What = null,
        string? Grant = null);

    private sealed record Typed(
        Argument<string> Person, Option<DateOnly?> Month, Option<DateOnly?> From, Option<DateOnly?> To,
        Option<bool> Csv);

    public static Verb Build()
    {
        var typed = new Typed(
            Values.Person(), Values.Month("--month", "The month, as 2026-11 (without a period: this month, UTC)."),
            Values.Day("--from", "First day."), Values.Day("--to", "Last day, included."),
            new("--csv") { Description = "Write it as CSV, opening and closing balance included." });
        var verb = new Verb(
            "statement", "Show a person's statement, added up again by the command line.",
            "guerdon statement ada@example.com --month 2026-11",
            "guerdon statement me --from 2026-11-01 --to 2026-11-15",
            "guerdon statement me --csv > statement.csv")
        {
            typed.Person, typed.Month, typed.From, typed.To, typed.Csv,
        };
        return verb.Does((call, ct) => RunAsync(call, typed, ct));
    }

    private static async Task<int> RunAsync(Call call, Typed typed, CancellationToken ct)
    {
        if (Contradiction(call, typed) is { } reason) return call.Misuse(reason);
        var month = call.Value(typed.Month) ?? new DateOnly(call.Today.Year, call.Today.Month, 1);
        var first = call.Value(typed.From) ?? month;
        var last = call.Value(typed.To) ?? month.AddMonths(1).AddDays(-1);
        // A day more, because the server's period ends before its `to`, and a person means the last day and all of it.
        var address = Call.Address(
            $"api/v1/statements/{Uri.EscapeDataString(call.Value(typed.Person))}",
            ("from", Call.Iso(first)), ("to", Call.Iso(last.AddDays(1))));
        var answer = await call.GetAsync("Reading the statement", address, ct);
        if (answer.No is { } no) return call.Output.Refuse(no);
        if (!Call.Read(answer.Reply, WalletsJson.Default.ShowStatementReply, out var reply)) return call.Unreadable();

        // What does not add up is not handed on as data; only a person gets to see it, with the refusal under it.
        var agrees = Sum(reply) == reply.ClosingMilli;
        if (agrees) call.Output.Json(answer.Reply);
        if (agrees && call.Value(typed.Csv)) Csv(call.Output, reply, first, last);
        if (!call.Value(typed.Csv)) Show(call.Output, reply, first, last);
        if (agrees) return ExitCodes.Done;
        return call.Output.Refuse(CliRefusals.StatementDoesNotAdd.With(
            $"The opening balance and {Count(reply)} make {Amount(Sum(reply))};"
            + $" the closing balance says {Amount(reply.ClosingMilli)}."));
    }

    private static string? Contradiction(Call call, Typed typed)
    {
        var (month, from, to) = (call.Value(typed.Month), call.Value(typed.From), call.Value(typed.To));
        if (month is not null && (from ?? to) is not null) return "--month goes without --from and --to.";
        if (from is null != to is null) return "--from and --to go together.";
        if (from > to) return "--from is after --to.";
        return call.Value(typed.Csv) && call.Output.IsJson ? "--csv and --json exclude each other." : null;
    }

    /// <summary>Opening balance and lines, in milli-tokens.</summary>
    internal static Int128 Sum(Reply reply) =>
        reply.Lines.Aggregate((Int128)reply.OpeningMilli, (sum, line) => sum + line.AmountMilli);

    private static void Show(Output output, Reply reply, DateOnly first, DateOnly last)
    {
        output.Line($"Statement of {reply.Name} ({reply.Person}), {reply.Wallet}");
        output.Line($"{Call.Iso(first)} to {Call.Iso(last)}, in compute tokens, at today's"
            + $" {Shown.Rate(reply.TokenValueNanos)}");
        output.Line();
        var table = new TextTable()
            .Left("Day").Left("What").Right("Lot").Left("Grant").Right("Transfers").Right("USD").Right("Tokens")
            .Row(Call.Iso(first), "Opening balance", "", "", "", Worth(reply.OpeningMilli), Amount(reply.OpeningMilli));
        foreach (var (line, worth) in reply.Lines.Zip(Worths(reply)))
        {
            table.Row(
                Call.Iso(line.Day), line.What ?? line.Kind, line.Lot == 0 ? "" : $"{line.Lot}", Grant(line),
                $"{line.Transfers:#,0}", worth?.Cents ?? Worth(line.AmountMilli), Amount(line.AmountMilli));
        }

        output.Table(table.Row(
            Call.Iso(last), "Closing balance", "", "", "", Worth(reply.ClosingMilli), Amount(reply.ClosingMilli)));
        if (Sum(reply) != reply.ClosingMilli) return;
        output.Line();
        output.Line(
            $"It re-adds: {Amount(reply.OpeningMilli)} and {Count(reply)} of {Amount(Sum(reply) - reply.OpeningMilli)}"
            + $" make {Amount(reply.ClosingMilli)} tokens.");

        string Worth(long milli) => Shown.Worth(milli, reply.TokenValueNanos);
    }

    private static void Csv(Output output, Reply reply, DateOnly first, DateOnly last)
    {
        output.Line("day,kind,lot,grant,amount_usd,amount_tokens,transfers");
        output.Line($"{Call.Iso(first)},opening,,,{Balance(reply.OpeningMilli)},");
        foreach (var (line, worth) in reply.Lines.Zip(Worths(reply)))
        {
            output.Line(
                $"{Call.Iso(line.Day)},{Cell(line.Kind)},{(line.Lot == 0 ? "" : $"{line.Lot}")},{Cell(Grant(line))},"
                + $"{worth?.Plain},{Plain(line.AmountMilli)},{line.Transfers}");
        }

        output.Line($"{Call.Iso(last)},closing,,,{Balance(reply.ClosingMilli)},");

        string Balance(long milli) => $"{new Tokens(milli).WorthAt(reply.TokenValueNanos)?.Plain},{Plain(milli)}";
    }

    // The cents of the lines are made to add up, so that with the opening balance they give the closing one.
    private static IReadOnlyList<Usd?> Worths(Reply reply) => CentsColumn.Of(
        new(reply.OpeningMilli), reply.Lines.Select(l => new Tokens(l.AmountMilli)), reply.TokenValueNanos);

    private static string Grant(Line line) => line.Grant ?? line.Source ?? "";

    /// <summary>A cell of words: quoted where it must be, and never a formula to a spreadsheet.</summary>
    internal static string Cell(string? text)
    {
        var safe = new StringBuilder();
        if (text is ['=' or '+' or '-' or '@', ..]) safe.Append('\'');
        safe.Append(text);
        return safe.ToString().AsSpan().ContainsAny(",\"\r\n") ? $"\"{safe.Replace("\"", "\"\"")}\"" : safe.ToString();
    }

    private static string Plain(long milli) => new Tokens(milli).ToString().Replace(",", "", StringComparison.Ordinal);

    private static string Count(Reply reply) => Wording.Count(reply.Lines.Count, "line");

    private static string Amount(Int128 milli) =>
        milli >= long.MinValue && milli <= long.MaxValue
            ? new Tokens((long)milli).ToString()
            : $"{milli.ToString(CultureInfo.InvariantCulture)} milli-tokens";
}
