using System.CommandLine;
using System.Globalization;
using Guerdon.Cli;
using Guerdon.Cli.Parsing;
using Guerdon.Cli.Terminal;
using Guerdon.Host.Database;
using Guerdon.Host.Running;
using Guerdon.Host.Verbs;
using Guerdon.Identity.Protection;
using Guerdon.Kernel;

namespace Guerdon.Host.Demo;

/// <summary><c>guerdon year</c>: twelve months of a company under a clock that is turned, and its books
/// re-added.</summary>
internal static class YearVerb
{
    private const int LeastPeople = 40; // with fewer, nobody who may convert is left by the summer
    private const int MostPeople = 100_000;
    private const int LivedThrough = 2028; // a leap year

    private static readonly Refusal Failed = new("host.year_failed", 409, Retryable: true,
        "The books do not say what they must: keep the folder (--keep) and look there.");

    private static readonly Refusal NoSalaries = new("host.no_salaries", 404, Retryable: false,
        "Name a CSV with the columns of ai-jobs.net's list of salaries.");

    public static Verb Verb()
    {
        var salaries = new Option<string>("--salaries")
        {
            Description = "Whom to draw people from: a CSV of salaries.", HelpName = "FILE", Required = true,
        };
        var people = new Option<int>("--people") { Description = "How many.", DefaultValueFactory = _ => 500 };
        people.Validators.Add(result =>
        {
            if (result.Tokens is not [var token, ..]) return;
            if (!int.TryParse(token.Value, CultureInfo.InvariantCulture, out var count)
                || count is < LeastPeople or > MostPeople)
                result.AddError(
                    $"--people needs a whole number from {LeastPeople} to {MostPeople:#,0}, not '{token.Value}'.");
        });
        var keep = new Option<string?>("--keep")
        {
            Description = "Keep database and journals in this folder; else they are removed.", HelpName = "FOLDER",
        };
        TemporaryHome.Check(keep);
        return new Verb("year", "Play twelve months of a company and re-add its books.",
            "guerdon year --salaries salaries.csv")
        {
            salaries, people, keep,
        }.Does(async (parse, output, ct) =>
        {
            var file = parse.GetValue(salaries)!;
            if (!File.Exists(file)) return output.Refuse(NoSalaries.With($"There is no file {file}."));
            using var home = await TemporaryHome.OpenAsync("guerdon-year-", parse.GetValue(keep), ct);
            try
            {
                var company = YearCompany.Of(File.ReadLines(file), parse.GetValue(people), LivedThrough);
                await PlayAsync(company, home.Path, output, ct);
                return ExitCodes.Done;
            }
            catch (YearException e)
            {
                return output.Refuse(Failed.With(e.Message));
            }
        });
    }

    private static async Task PlayAsync(YearCompany company, string folder, Output output, CancellationToken ct)
    {
        using var logs = Logs.ForVerb();
        // A database of its own, whatever GUERDON_DB and GUERDON_HOME say.
        await using var database = await Progress.WhileAsync(output, "Starting", _ => DatabaseSetup.OpenAsync(
            new DatabaseOptions { Home = folder }, TimeProvider.System, logs.CreateLogger("Guerdon.Database"), ct));
        var clock = new YearClock(new DateTimeOffset(LivedThrough, 1, 1, 0, 0, 0, TimeSpan.Zero));
        var settings = new Dictionary<string, string?> { [Logs.OfVerb] = "true" };
        if (KeyFile.Find(database.Cluster?.Place.Root) is { } keyFile) settings[KeyFile.Setting] = keyFile;
        await using var app = GuerdonApp.Build(database.Source, ["http://127.0.0.1:0"], settings, clock);
        await GuerdonApp.PrepareAsync(app, ct);
        await app.StartAsync(ct);
        try
        {
            await PlayAsync(app, clock, company, database, folder, output, ct);
        }
        finally
        {
            await app.StopAsync(CancellationToken.None);
        }
    }

    private static async Task PlayAsync(
        WebApplication app, YearClock clock, YearCompany company, DatabaseSetup database, string folder, Output output,
        CancellationToken ct)
    {
        using var year = await Year.OpenAsync(app, clock, company, LivedThrough, app.Urls.First(), ct);

        await year.BeginAsync(ct);
        var table = new TextTable().Left("Month").Right("Staff").Left("What happened");
        for (var month = new DateOnly(LivedThrough, 1, 1); month.Year == LivedThrough; month = month.AddMonths(1))
        {
            var played = month;
            var told = await Progress.WhileAsync(output, $"Playing {month:yyyy-MM}", _ => year.PlayAsync(played, ct));
            table.Row($"{told.Month:yyyy-MM}", $"{told.Staff}", told.Events);
        }

        output.Table(table);
        await app.Services.GetRequiredService<Metering.Requests.RequestJournal>().DrainAsync();
        await CheckAsync(year, company, database, folder, output, ct);
    }

    private static async Task CheckAsync(
        Year year, YearCompany company, DatabaseSetup database, string folder, Output output, CancellationToken ct)
    {
        var books = new YearBooks(year.Admin, LivedThrough);
        var statements = await Progress.WhileAsync(output, "Re-adding statements",
            _ => books.StatementsAsync([.. company.People.Select(p => p.Email)], ct));
        output.Line($"{statements:#,0} statements re-add, each from the one before it.");
        output.Line($"Accruals: {await books.AccrualsAsync(ct)} USD for vested tokens, as their lots say.");
        output.Line($"Payroll: {await books.PayrollAsync(ct):#,0} pay lines, each in one file of each layout; "
            + "made again, the files are the same.");
        output.Line($"Journals: {await books.JournalsAsync(folder, ct)}.");
        var report = await Progress.WhileAsync(
            output, "Verifying", say => Verify.RunAsync(database.Source, say, ct));
        if (!report.Sound) throw new YearException($"verify: {string.Join("; ", report.First)}");
        output.Line("verify: everything matches.");
    }
}
