using System.Globalization;
using Guerdon.Client;
using Guerdon.Terminal;
using Guerdon.Terminal.Parsing;
using Guerdon.Terminal.Tables;
using Guerdon.Terminal.Writing;

namespace Guerdon.Cli.Payroll;

/// <summary><c>guerdon gl accruals</c>: what is owed for vested tokens that can become pay.</summary>
internal static class ShowAccruals
{
    internal sealed record Reply(DateTimeOffset At, IReadOnlyList<Line> Lines, long TotalUsdNanos);

    internal sealed record Line(string TaxClass, string Currency, long Lots, long People, long Milli, long UsdNanos);

    public static Verb Build()
    {
        var at = Values.Instant("--at", "The instant (UTC); left out: now.");
        return new Verb(
            "accruals", "Show what is owed for vested tokens that can become pay.",
            "guerdon gl accruals", "guerdon gl accruals --at 2026-12-01") { at }.Does(async (call, ct) =>
        {
            var address = Call.Address(
                "api/v1/gl/accruals", ("at", call.Value(at)?.ToString("O", CultureInfo.InvariantCulture)));
            var answer = await call.GetAsync("Adding up what is owed", address, ct);
            return call.Show(answer, PayrollJson.Default.ShowAccrualsReply, reply =>
            {
                var table = new TextTable().Left("Tax class").Left("Pay in").Right("Grants").Right("People")
                    .Right("USD").Right("Tokens");
                foreach (var (l, worth) in reply.Lines.Zip(Shown.Column(reply.Lines, l => l.UsdNanos)))
                    table.Row(
                        l.TaxClass, l.Currency, $"{l.Lots:#,0}", $"{l.People:#,0}", worth,
                        Shown.Tokens(l.Milli));
                if (reply.Lines.Count == 0) call.Output.Note("Nothing is owed.");
                else call.Output.Table(table);
                call.Output.Line($"In all: {Shown.Usd(reply.TotalUsdNanos)} USD.");
                return ExitCodes.Done;
            });
        });
    }
}
