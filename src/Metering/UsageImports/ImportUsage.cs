using Guerdon.Kernel;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Mvc;
using Npgsql;

namespace Guerdon.Metering.UsageImports;

/// <summary>
/// Imports usage that was measured elsewhere: priced, charged to people's wallets and booked, all in one commit. A row
/// that was imported before, from the same source, is not booked again.
/// </summary>
internal static class ImportUsage
{
    internal const long MaxBytes = 64 * 1024 * 1024;
    private const int MostSource = 200;

    /// <summary>What applies to the whole file.</summary>
    public sealed record Options
    {
        /// <summary>Columns, as <c>time=TIMESTAMP,input=ContextTokens,output=GeneratedTokens</c>.</summary>
        [FromQuery] public required string Map { get; init; }

        /// <summary>The model of all rows, where no column says.</summary>
        [FromQuery] public string? Model { get; init; }

        /// <summary>
        /// <c>hash</c>: rows without a person are spread over all people by their content, always alike.
        /// </summary>
        [FromQuery] public string? Assign { get; init; }

        /// <summary>Price all rows as on this day; null: each at its own time.</summary>
        [FromQuery] public DateOnly? PriceDate { get; init; }

        /// <summary>Names where rows come from; a row is known within its source. Null: <c>csv</c>.</summary>
        [FromQuery] public string? Source { get; init; }

        /// <summary>
        /// How far wallets pay: <c>available</c> (as far as they go; the default), <c>never</c> (booked as cost alone)
        /// or <c>must</c> (a row that its wallet cannot pay is refused).
        /// </summary>
        [FromQuery] public string? Charge { get; init; }

        /// <summary>Book the good rows although others are bad.</summary>
        [FromQuery] public bool? SkipBad { get; init; }

        /// <summary>Say what would happen, book nothing.</summary>
        [FromQuery] public bool? DryRun { get; init; }
    }

    /// <param name="Rows">Rows of the file.</param>
    /// <param name="Booked">Booked now; in a dry run, what would be.</param>
    /// <param name="Already">Booked by an earlier import.</param>
    /// <param name="Skipped">Bad rows, of which the first 10,000 are listed.</param>
    /// <param name="ErrorCount">All errors.</param>
    /// <param name="People">Of how many people the rows booked are.</param>
    /// <param name="Usage">The tokens of the rows booked.</param>
    /// <param name="CostNanos">Their cost in nano-USD.</param>
    /// <param name="CostMilli">The same in compute tokens, in milli-tokens.</param>
    /// <param name="ChargedMilli">What the wallets paid of it, in milli-tokens.</param>
    /// <param name="Errors">By line.</param>
    /// <param name="ReadAs">How the file was read, such as <c>separated by semicolons, UTF-8</c>.</param>
    public sealed record Reply(
        int Rows, int Booked, int Already, int Skipped, int ErrorCount, int People, Totals Usage, long CostNanos,
        long CostMilli, long ChargedMilli, IReadOnlyList<RowError> Errors, string ReadAs);

    /// <summary>Tokens by class.</summary>
    public sealed record Totals(long Input, long CachedInput, long CacheWrite5m, long CacheWrite1h, long Output);

    internal static async Task<Results<Ok<Reply>, ProblemHttpResult>> Handle(
        [AsParameters] Options options, HttpRequest request, UsageImporter importer, TimeProvider clock,
        CancellationToken ct)
    {
        if (!UsageMap.Parse(options.Map).Is(out var map, out var wrong)) return wrong.ToProblem();
        if (options.Assign is not null and not "hash")
            return MeteringRefusals.MapInvalid.ToProblem($"Rows can be assigned by 'hash', not by '{options.Assign}'.");
        if (options.Charge is not null && !Charging.All.Contains(options.Charge))
            return MeteringRefusals.ChargeInvalid.ToProblem($"Nothing can be charged '{options.Charge}'.");
        if (options.Source is { Length: 0 or > MostSource })
            return MeteringRefusals.MapInvalid.ToProblem($"A source has 1 to {MostSource} characters.");
        if (map.Person is null && options.Assign is null)
            return MeteringRefusals.MapInvalid.ToProblem(
                "No column says whose a row is; map person, or assign by hash.");
        if (map.Model is null && string.IsNullOrEmpty(options.Model))
            return MeteringRefusals.MapInvalid.ToProblem(
                "No column says which model a row used; map model, or name one.");

        try
        {
            var file = await UsageFile.ReadAsync(request.Body, map, clock.GetUtcNow(), ct);
            return (await importer.RunAsync(file, options, ct)).ToHttp();
        }
        catch (PostgresException e) when (e.SqlState == PostgresErrorCodes.UniqueViolation)
        {
            return MeteringRefusals.ImportConflict.ToProblem("The same rows were imported at the same moment.");
        }
        catch (PostgresException e) when (e.SqlState == PostgresErrorCodes.NumericValueOutOfRange)
        {
            return MeteringRefusals.ImportInvalid.ToProblem("With what is booked of those days its rows add up to more "
                + "than can be recorded: 9.2 billion USD for a person, a model and a day.");
        }
    }
}
