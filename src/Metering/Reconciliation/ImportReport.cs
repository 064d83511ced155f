using System.Security.Claims;
using Guerdon.Kernel;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Mvc;
using Npgsql;

namespace Guerdon.Metering.Reconciliation;

/// <summary>
/// Saves a provider's usage or cost report. The same report again changes nothing; figures that the provider has
/// revised are saved beside the old ones, and count. Nothing is charged or given back by it.
/// </summary>
internal static class ImportReport
{
    internal const long MaxBytes = 32 * 1024 * 1024;
    private const int MaxName = 200, MaxOwn = 200;

    /// <summary>What applies to the whole file.</summary>
    public sealed record Asked
    {
        /// <summary>As requests name it; null: <c>openai</c> or <c>anthropic</c>, by the report.</summary>
        [FromQuery] public string? Provider { get; init; }

        /// <summary>Of the file, to be shown.</summary>
        [FromQuery] public string? Name { get; init; }

        /// <summary>Ids of the keys, projects or workspaces that are Guerdon's; none: all are.</summary>
        [FromQuery] public string[]? Own { get; init; }
    }

    /// <param name="Provider">Whose it is.</param>
    /// <param name="Kind"><c>usage</c> or <c>cost</c>.</param>
    /// <param name="New">Buckets that were not known.</param>
    /// <param name="Revised">Buckets whose figures differ from before.</param>
    /// <param name="Same">Buckets that say what they said before.</param>
    /// <param name="Lines">In all buckets of the file.</param>
    /// <param name="From">Start of the first bucket.</param>
    /// <param name="To">End of the last.</param>
    /// <param name="IsPart">The provider has further pages; fetch and import them too.</param>
    public sealed record Reply(
        string Provider, string Kind, int New, int Revised, int Same, int Lines, DateTimeOffset From,
        DateTimeOffset To, bool IsPart);

    internal static async Task<Results<Ok<Reply>, ProblemHttpResult>> Handle(
        HttpRequest request, [AsParameters] Asked asked, ClaimsPrincipal caller, NpgsqlDataSource db,
        TimeProvider clock, CancellationToken ct)
    {
        using var body = new MemoryStream();
        await request.Body.CopyToAsync(body, ct);
        var report = ReportFile.Read(body.GetBuffer().AsSpan(0, (int)body.Length), clock.GetUtcNow());
        if (report.Errors.Count > 0)
            return MeteringRefusals.ReportInvalid.ToProblem(
                $"The report has {Wording.Count(report.Errors.Count, "error")}.", report.Errors);
        if (ProviderOf(asked.Provider, report) is not { } provider)
            return MeteringRefusals.ReportInvalid.ToProblem(
                $"The file is a report of {report.Shape}, not of '{asked.Provider}'.");
        if (asked.Own is { } ids && (ids.Length > MaxOwn || ids.Any(id => id.Length is 0 or > MaxName)))
            return MeteringRefusals.ReportInvalid.ToProblem(
                $"Name at most {MaxOwn} keys, projects or workspaces, each of 1 to {MaxName} characters.");

        var name = new string([.. (asked.Name ?? "").Where(c => !char.IsControl(c)).Take(MaxName)]);
        var source = new ReportSource(provider, name.Length > 0 ? name : "report.json", asked.Own ?? [],
            Access.NameOf(caller));
        var saved = await ReportStore.SaveAsync(db, report, source, clock, ct);
        return saved.Select(count => new Reply(
            provider, report.Kind!, count.New, count.Revised, count.Same, report.Buckets.Sum(b => b.Lines.Count),
            report.Buckets[0].StartsAt, report.Buckets[^1].EndsAt, report.IsPart)).ToHttp();
    }

    // A provider may have any name in the gateway; but one of the two that are known says what the file must be.
    private static string? ProviderOf(string? asked, ProviderReport report)
    {
        if (asked is null) return report.Shape;
        if (asked is ReportFile.OpenAi or ReportFile.Anthropic) return asked == report.Shape ? asked : null;
        var isName = asked.Length is > 0 and <= 64
            && asked.All(c => char.IsAsciiLetterLower(c) || char.IsAsciiDigit(c) || c is '.' or '_' or '-');
        return isName ? asked : null;
    }
}
