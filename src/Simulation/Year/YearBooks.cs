using System.Diagnostics;
using System.Globalization;
using System.Text.Json;
using Guerdon.Kernel;

namespace Guerdon.Simulation.Year;

/// <summary>Re-adds a year's books from what anybody can ask for: statements, accruals, payroll
/// files, journals.</summary>
public sealed class YearBooks
{
    internal static readonly string[] Layouts = ["plain", "adp", "gusto", "workday"];

    private static readonly (string Tool, string Format, string[] Arguments)[] Journals =
    [
        ("hledger", "hledger", ["-f", "{}", "check"]),
        ("ledger", "hledger", ["-f", "{}", "bal"]),
        ("bean-check", "beancount", ["{}"]),
    ];

    private const int MostPages = 10_000;

    private readonly CompanyApi _admin;
    private readonly int _year;

    internal YearBooks(CompanyApi admin, int year) => (_admin, _year) = (admin, year);

    private IEnumerable<DateOnly> Months => Enumerable.Range(1, 12).Select(month => new DateOnly(_year, month, 1));

    /// <summary>Every month's statement begins where the last one ended, and the last ends at the wallet.</summary>
    /// <returns>How many statements.</returns>
    public async Task<int> StatementsAsync(IReadOnlyList<string> people, CancellationToken ct)
    {
        var count = 0;
        foreach (var email in people)
        {
            var closing = 0L;
            foreach (var month in Months)
            {
                var statement = await _admin.GetAsync(
                    $"statements/{email}?from={month:yyyy-MM-dd}&to={month.AddMonths(1):yyyy-MM-dd}", ct);
                var lines = statement.GetProperty("lines").EnumerateArray()
                    .Sum(l => l.GetProperty("amountMilli").GetInt64());
                var opening = statement.GetProperty("openingMilli").GetInt64();
                Same($"{email}'s opening of {month:yyyy-MM}", closing, opening);
                closing = statement.GetProperty("closingMilli").GetInt64();
                Same($"{email}'s statement of {month:yyyy-MM}", closing, opening + lines);
                count++;
            }

            var balance = (await _admin.GetAsync($"wallets/{email}", ct)).GetProperty("balance");
            // A lot past its date counts as expired at once but is booked only within the hour, so
            // the wallet may hold less.
            if (closing < balance.GetProperty("availableMilli").GetInt64())
                throw new SimulationException($"{email} holds more than the statements say.");
        }

        return count;
    }

    /// <summary>What is owed for vested tokens is what their lots hold.</summary>
    public async Task<Usd> AccrualsAsync(CancellationToken ct)
    {
        var reply = await _admin.GetAsync("gl/accruals", ct);
        var total = 0L;
        foreach (var line in reply.GetProperty("lines").EnumerateArray())
        {
            Same($"the accrual of {line.GetProperty("taxClass")}", line.GetProperty("inLotsMilli").GetInt64(),
                line.GetProperty("milli").GetInt64());
            total += line.GetProperty("usdNanos").GetInt64();
        }

        Same("the accruals", total, reply.GetProperty("totalUsdNanos").GetInt64());
        return new Usd(total);
    }

    /// <summary>Each month's files again, to the byte; every pay line that is due stands in exactly one.</summary>
    /// <returns>How many pay lines.</returns>
    public async Task<int> PayrollAsync(CancellationToken ct)
    {
        var (inFiles, cents) = (0, 0L);
        foreach (var month in Months)
        {
            foreach (var layout in Layouts)
            {
                var file = await FileAsync(layout, month, ct);
                if (layout != "plain") continue;
                var amounts = Earnings(file);
                inFiles += amounts.Count;
                cents += amounts.Sum();
            }
        }

        var (due, dueCents) = (0, 0L);
        foreach (var line in await LinesAsync(ct))
        {
            due++;
            dueCents += line.GetProperty("amount").GetInt64();
        }

        Same("the pay lines in payroll's files", due, inFiles);
        Same("the amounts in payroll's files", dueCents, cents);
        return due;
    }

    // The file as it was made first: made again, it must be the same.
    private async Task<string> FileAsync(string layout, DateOnly month, CancellationToken ct)
    {
        var at = $"payroll/export?layout={layout}&period={month:yyyy-MM}";
        var file = await _admin.TextAsync(HttpMethod.Get, at, ct);
        return file == await _admin.TextAsync(HttpMethod.Post, at, ct)
            ? file
            : throw new SimulationException($"The {layout} file of {month:yyyy-MM} is another when made again.");
    }

    private static List<long> Earnings(string file)
    {
        var amounts = new List<long>();
        foreach (var row in file.Split("\r\n").Skip(1).Where(r => r.Contains(",earning,", StringComparison.Ordinal)))
        {
            if (!Decimals.TryParse(row.Split(',')[8], 2, out var amount))
                throw new SimulationException($"'{row}' has no amount.");
            amounts.Add(amount);
        }

        return amounts;
    }

    /// <summary>The year's journals, given to the programs that read them.</summary>
    public async Task<string> JournalsAsync(string folder, CancellationToken ct)
    {
        var said = new List<string>();
        foreach (var (tool, format, arguments) in Journals)
        {
            var path = Path.Combine(folder, "year." + format);
            if (!File.Exists(path))
                await File.WriteAllTextAsync(path, await _admin.TextAsync(
                    HttpMethod.Get, $"gl/export?format={format}&from={_year}-01-01&to={_year + 1}-01-01", ct), ct);
            var given = arguments.Select(a => a.Replace("{}", path, StringComparison.Ordinal));
            said.Add(await RunAsync(tool, [.. given], ct));
        }

        return string.Join(", ", said);
    }

    private static async Task<string> RunAsync(string tool, string[] arguments, CancellationToken ct)
    {
        try
        {
            using var process = Process.Start(new ProcessStartInfo(tool, arguments)
            {
                RedirectStandardOutput = true, RedirectStandardError = true,
            })!;
            var errors = process.StandardError.ReadToEndAsync(ct);
            await process.StandardOutput.ReadToEndAsync(ct);
            await process.WaitForExitAsync(ct);
            return process.ExitCode == 0 ? $"{tool} agrees" : throw new SimulationException($"{tool}: {await errors}");
        }
        catch (System.ComponentModel.Win32Exception)
        {
            return $"{tool} is not installed";
        }
    }

    private async Task<List<JsonElement>> LinesAsync(CancellationToken ct)
    {
        var (lines, before) = (new List<JsonElement>(), "");
        for (var pages = 0; pages < MostPages; pages++)
        {
            var page = (await _admin.GetAsync($"pay-lines?to={_year}-12-31{before}", ct)).GetProperty("payLines");
            lines.AddRange(page.EnumerateArray());
            if (page.GetArrayLength() < 1_000) return lines;
            before = "&before=" + lines[^1].GetProperty("id").GetString();
        }

        throw new SimulationException($"There are more than {lines.Count:#,0} pay lines.");
    }

    private static void Same(string what, long expected, long actual)
    {
        if (expected != actual)
            throw new SimulationException(string.Create(
                CultureInfo.InvariantCulture, $"{what} come to {actual:#,0}, not {expected:#,0}."));
    }
}
