using System.Text.Json;
using Guerdon.Kernel;

namespace Guerdon.Metering.Reconciliation;

/// <summary>
/// Reads what <c>/v1/organization/usage/completions</c>, <c>/costs</c> (OpenAI), <c>/usage_report/messages</c> and
/// <c>/cost_report</c> (Anthropic) answer: a page, or pages one after the other. No database.
/// </summary>
/// <param name="now">The present: nothing is reported of the days after tomorrow.</param>
internal sealed class ReportFile(DateTimeOffset now)
{
    public const string OpenAi = "openai", Anthropic = "anthropic", OfUsage = "usage", OfCost = "cost";

    private const int MaxErrors = 1_000;
    private const int MaxLines = 200_000;

    private readonly List<RowError> _errors = [];
    private readonly List<ReportBucket> _buckets = [];
    private string? _shape, _kind;
    private int _lines;

    public static ProviderReport Read(ReadOnlySpan<byte> utf8, DateTimeOffset now)
    {
        var file = new ReportFile(now);
        var isPart = false;
        try
        {
            var pages = ReportJson.Read(utf8);
            if (pages.Count == 0) file._errors.Add(new(0, null, "The file is empty."));
            foreach (var page in pages) isPart = file.Page(page);
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException) // not UTF-8
        {
            var line = e is JsonException { LineNumber: { } at } ? (int)at + 1 : 0;
            file._errors.Add(new(line, null, $"This is not JSON: {e.Message.Split(" LineNumber:")[0]}"));
        }

        file.CheckOverlaps();
        if (file._errors.Count == 0 && file._kind is null)
            file._errors.Add(new(0, null, "The report has no results, so that nobody can say whose it is."));
        return new(file._shape, file._kind, file._buckets, isPart, file._errors);
    }

    private bool Page(ReportJson page)
    {
        if (page.Kind != JsonTokenType.StartObject || !page.Has("data", out var data)
            || data.Kind != JsonTokenType.StartArray)
        {
            Wrong(page, "is not a page of a report: it has no list named data.");
            return false;
        }

        foreach (var item in data.Items) Bucket(item);
        return page.Has("has_more", out var more) && more.Kind == JsonTokenType.True;
    }

    private void Bucket(ReportJson bucket)
    {
        var before = _errors.Count;
        var fields = new ReportFields(bucket, now, Wrong);
        var isUnix = bucket.Members.ContainsKey("start_time");
        var starts = isUnix ? fields.Unix("start_time") : fields.Time("starting_at");
        var ends = isUnix ? fields.Unix("end_time") : fields.Time("ending_at");
        if (!bucket.Has("results", out var results) || results.Kind != JsonTokenType.StartArray)
            Wrong(bucket, "has no list named results.");
        if (_errors.Count == before && ends <= starts)
            Wrong(bucket, $"ends at {Wording.Utc(ends)}, not after its start.");
        if (_errors.Count > before) return;

        _lines += results!.Items.Count;
        if (_lines > MaxLines) Wrong(bucket, $"passes {MaxLines:#,0} lines in one file; import fewer days at a time.");
        else _buckets.Add(new(starts, ends, [.. results.Items.Select(Line).OfType<ReportLine>()]));
    }

    private ReportLine? Line(ReportJson line)
    {
        if (Recognise(line) is not var (from, what))
        {
            Wrong(line, "is not a known kind of line: OpenAI's usage of completions or embeddings or its costs, or "
                + "Anthropic's usage of messages or its costs.");
            return null;
        }

        if (_shape is not null && (_shape, _kind) != (from, what))
            Wrong(line, $"is of {from}'s {what} report, and what comes before it is of {_shape}'s {_kind} report.");
        (_shape, _kind) = (from, what);
        var fields = new ReportFields(line, now, Wrong);
        return (from, what) switch
        {
            (OpenAi, OfUsage) => VendorLines.OpenAiUsage(fields),
            (OpenAi, _) => VendorLines.OpenAiCost(fields),
            (_, OfUsage) => VendorLines.AnthropicUsage(fields),
            _ => VendorLines.AnthropicCost(fields),
        };
    }

    private static (string Shape, string Kind)? Recognise(ReportJson line)
    {
        if (line.Kind != JsonTokenType.StartObject) return null;
        if (line.Has("object", out var type))
            return type.Text switch
            {
                "organization.usage.completions.result" or "organization.usage.embeddings.result" => (OpenAi, OfUsage),
                "organization.costs.result" => (OpenAi, OfCost),
                _ => null,
            };
        if (line.Members.ContainsKey("uncached_input_tokens")) return (Anthropic, OfUsage);
        return line.Members.ContainsKey("amount") && line.Members.ContainsKey("currency") ? (Anthropic, OfCost) : null;
    }

    private void CheckOverlaps()
    {
        _buckets.Sort((a, b) => (a.StartsAt, a.EndsAt).CompareTo((b.StartsAt, b.EndsAt)));
        for (var i = 1; i < _buckets.Count; i++)
            if (_buckets[i].StartsAt < _buckets[i - 1].EndsAt)
                _errors.Add(new(0, null,
                    $"Two buckets of the file overlap: one ends at {Wording.Utc(_buckets[i - 1].EndsAt)}, "
                    + $"the next begins at {Wording.Utc(_buckets[i].StartsAt)}."));
    }

    private void Wrong(ReportJson at, string reason)
    {
        if (_errors.Count < MaxErrors) _errors.Add(new(at.Line, at.Path.Length == 0 ? null : at.Path, reason));
    }
}
