using System.CommandLine;
using System.Globalization;
using Guerdon.Host.Database;
using Guerdon.Host.Running;
using Guerdon.Host.Simulated;
using Guerdon.Kernel;
using Guerdon.Simulation;
using Guerdon.Simulation.Companies;
using Guerdon.Simulation.Year;
using Guerdon.Terminal;
using Guerdon.Terminal.Parsing;
using Guerdon.Terminal.Tables;
using Guerdon.Terminal.Writing;

namespace Guerdon.Host.Verbs;

/// <summary><c>guerdon year</c>: twelve months of a company under a clock that is turned, and its
/// books re-added.</summary>
internal static class YearVerb
{
    private const int LivedThrough = 2028; // a leap year

    private static readonly Refusal Failed = new("host.year_failed", 409, Retryable: true,
        "The books do not say what they must: keep the folder (--keep) and look there.");

    private static readonly Refusal Used = new("host.year_not_empty", 409, Retryable: false,
        "The year plays in a database of its own: name a new folder with --keep, or leave --keep out.");

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
                || count is < SalariedCompany.LeastPeople or > SalariedCompany.MostPeople)
                result.AddError($"--people needs a whole number from {SalariedCompany.LeastPeople} to "
                    + $"{SalariedCompany.MostPeople:#,0}, not '{token.Value}'.");
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
            SalariedCompany company;
            try
            {
                company = SalariedCompany.Of(File.ReadLines(file), parse.GetValue(people), LivedThrough);
            }
            catch (SimulationException e)
            {
                return output.Refuse(NoSalaries.With(e.Message));
            }

            try
            {
                await PlayAsync(company, home.Path, output, ct);
                return ExitCodes.Done;
            }
            catch (UsedDatabaseException e)
            {
                return output.Refuse(Used.With(e.Message));
            }
            catch (SimulationException e)
            {
                return output.Refuse(Failed.With(e.Message));
            }
        });
    }

    private static async Task PlayAsync(SalariedCompany company, string folder, Output output, CancellationToken ct)
    {
        var clock = new TurnedClock(new DateTimeOffset(LivedThrough, 1, 1, 0, 0, 0, TimeSpan.Zero));
        var settings = new Dictionary<string, string?> { [Logs.OfVerb] = "true" };
        var plan = new ServerPlan("http://127.0.0.1:0", WithSandbox: false, settings)
        {
            Database = new DatabaseOptions // of its own, whatever GUERDON_DB and GUERDON_HOME say
            {
                Home = folder, BeforeMigrating = DemoAccounts.RefuseUsedAsync,
            },
            MakesAdmin = false, Clock = clock,
        };
        await using var server = await Progress.WhileAsync(output, "Starting", say => Server.StartAsync(plan, say, ct));
        var played = new PlayedServer(server.App);
        using var year = await PlayedYear.OpenAsync(played, clock, company, LivedThrough, ct);

        await year.BeginAsync(ct);
        var table = new TextTable().Left("Month").Right("Staff").Left("What happened");
        for (var month = new DateOnly(LivedThrough, 1, 1); month.Year == LivedThrough; month = month.AddMonths(1))
        {
            var current = month;
            var told = await Progress.WhileAsync(output, $"Playing {month:yyyy-MM}", _ => year.PlayAsync(current, ct));
            table.Row($"{told.Month:yyyy-MM}", $"{told.Staff}", told.Events);
        }

        output.Table(table);
        await played.DrainAsync(ct);
        await CheckAsync(year.Books, company, server, folder, output, ct);
    }

    private static async Task CheckAsync(
        YearBooks books, SalariedCompany company, Server server, string folder, Output output, CancellationToken ct)
    {
        var statements = await Progress.WhileAsync(output, "Re-adding statements",
            _ => books.StatementsAsync([.. company.People.Select(p => p.Email)], ct));
        output.Line($"{statements:#,0} statements re-add, each from the one before it.");
        output.Line($"Accruals: {await books.AccrualsAsync(ct)} USD for vested tokens, as their lots say.");
        output.Line($"Payroll: {await books.PayrollAsync(ct):#,0} pay lines, each in one file of each layout; "
            + "made again, the files are the same.");
        output.Line($"Journals: {await books.JournalsAsync(folder, ct)}.");
        var report = await Progress.WhileAsync(output, "Verifying", say => Verify.RunAsync(server.Db, say, ct));
        if (!report.Sound) throw new SimulationException($"verify: {string.Join("; ", report.First)}");
        output.Line("verify: everything matches.");
    }
}
