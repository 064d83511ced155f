using Guerdon.Dialects.Readings;
using Guerdon.Metering.Requests;
using Guerdon.Pricing.Book;
using Guerdon.Pricing.Costing;
using Guerdon.Relay.Answers;

namespace Guerdon.Gateway.Admission;

/// <summary>What an answer cost that is more than the tokens of the model that was asked, or something else.</summary>
/// <param name="PriceId">The row of the record: the call's own, or that of the one model which answered.</param>
/// <param name="Cost">Of all parts, rounded up once.</param>
/// <param name="Parts">None where one row covers all of it.</param>
/// <param name="IsDoubtful">Some part of it is not covered by its price.</param>
internal sealed record PricedAnswer(
    Guid PriceId, Costing Cost, IReadOnlyList<RequestPart> Parts, bool IsDoubtful);

/// <summary>
/// Prices an answer by what it says it was: each run at the row of the model and tier that served it, each use of a
/// tool at its fee. What no row covers is charged by the nearest, and marked.
/// </summary>
internal sealed class AnswerPricing(PriceBook book, PlannedCall call, DateTimeOffset at, ServiceTier? servedTier)
{
    private readonly List<RequestPart> _parts = [];
    private readonly ServiceTier _tier = servedTier ?? call.Price.ServiceTier;
    private Price _row = call.Price;

    /// <returns>Null where the call's own price covers all of it, which is the rule.</returns>
    public static PricedAnswer? Of(
        PriceBook book, PlannedCall call, DateTimeOffset at, in UsageReading reading, in MeasuredUsage measured)
    {
        var isAsked = reading.Model is null || reading.Model == call.Model || reading.Model == call.Price.Model;
        var isTier = reading.Tier is null || reading.Tier == call.Price.ServiceTier;
        if (reading.Notes is null && isAsked && isTier && !call.Plan.IsSureToSearch
            && PriceBook.IsOwn(reading.Model ?? call.Model, call.Price))
            return null;
        return new AnswerPricing(book, call, at, reading.Tier).Run(reading, measured);
    }

    private PricedAnswer? Run(in UsageReading reading, in MeasuredUsage measured)
    {
        var notes = reading.NotesSoFar;
        if (notes.Iterations.Length > 0) AddRuns(reading, measured);
        else if (measured.Usage.Total > 0) AddTokens(new(reading.Model, measured.Usage, Doubts.None));
        AddUses(reading.Model, notes, isAnswered: measured.Usage.Total > 0);
        foreach (var (doubt, name, count) in notes.Unknown)
            _parts.Add(new(PartKind.Unknown, name, call.Price.Id) { Uses = count, Doubts = doubt });
        if (_parts.Count == 0) return null;

        Int128 femto = 0;
        foreach (var part in _parts) femto += part.CostFemto;
        var cost = Cost.OfFemto(femto, call.TokenValueNanos);
        return _parts is [{ Kind: PartKind.Tokens, Doubts: Doubts.None } one]
            ? new(one.PriceId, cost, [], IsDoubtful: false)
            : new(call.Price.Id, cost, _parts, _parts.Exists(part => part.Doubts != Doubts.None));
    }

    private void AddRuns(in UsageReading reading, in MeasuredUsage measured)
    {
        var estimated = measured.Usage.Output;
        foreach (var run in call.Plan.Facts.Api.Dialect.RunsOf(reading))
        {
            AddTokens(run);
            estimated -= run.Usage.Output;
        }

        // An answer that was cut off had written more than its iterations told, so the rest is added as an estimate.
        if (estimated > 0) AddTokens(new(reading.Model, default(Usage) with { Output = estimated }, Doubts.None));
    }

    private void AddTokens(in Run run)
    {
        var (row, doubts) = RowOf(run.Model);
        _row = row;
        Add(new(PartKind.Tokens, run.Model ?? call.Model, row.Id)
        {
            Usage = run.Usage, Doubts = doubts | run.Doubts,
        }, row);
    }

    // At the model that answered last, since that is the one whose tools were used.
    private void AddUses(string? model, AnswerNotes notes, bool isAnswered)
    {
        foreach (var tool in Enum.GetValues<HostedTool>())
        {
            var uses = IsFree(tool) ? 0 : notes.UsesOf(tool);
            // Citations alone would count too few: a model that must search has searched, whether it cites it or not.
            if (tool == HostedTool.WebSearch && call.Plan.IsSureToSearch && isAnswered) uses = Math.Max(1, uses);
            if (uses == 0 || IsCountedAs(tool)) continue;
            var row = FeeRow(model, tool);
            Add(new(PartKind.Uses, HostedTools.NameOf(tool), row.Id)
            {
                Tool = tool, Uses = uses, Doubts = row.FeeOf(tool) is null ? Doubts.UnpricedTool : Doubts.None,
            }, row);
        }
    }

    // Code that only sifts searches and pages must not be charged, because its provider does not charge it.
    private bool IsFree(HostedTool tool) => tool == HostedTool.CodeExecution && call.Plan.Tools.Count > 0
        && call.Plan.Facts.Api.Dialect.SiftsForFree
        && !call.Plan.Tools.Any(planned => planned.Rule.Fee == HostedTool.CodeExecution);

    // Gemini tells searches in both ways of counting. Only the one that the row has a fee for may
    // count, or they are paid twice.
    private bool IsCountedAs(HostedTool tool)
    {
        var isPrompt = _row.Fees.GroundedPrompt is not null;
        return tool switch
        {
            HostedTool.GroundedPrompt => !isPrompt,
            HostedTool.WebSearch => isPrompt,
            _ => false,
        };
    }

    // Tools cost the same in every tier, so the standard row may stand in where the tier's own says nothing.
    private Price FeeRow(string? model, HostedTool tool)
    {
        if (_row.FeeOf(tool) is not null) return _row;
        var standard = book.Find(model ?? call.Model, ServiceTier.Standard, at)?.Price;
        return standard?.FeeOf(tool) is null ? _row : standard;
    }

    private void Add(RequestPart part, Price row) => _parts.Add(part with { CostFemto = part.CostBy(row) });

    private (Price Row, Doubts Doubts) RowOf(string? served)
    {
        const string path = "models/"; // which Gemini may put before the name
        var name = served ?? call.Model;
        if (name.StartsWith(path, StringComparison.Ordinal)) name = name[path.Length..];
        if (_tier == call.Price.ServiceTier && name == call.Price.Model) return (call.Price, Doubts.None);
        if (book.Find(name, _tier, at) is { } own) return (own.Price, DoubtOf(own));

        // No row for the tier, or none for the model: priced by the nearest there is
        // rather than not at all, and marked.
        var doubts = _tier == call.Price.ServiceTier ? Doubts.None : Doubts.OtherTier;
        if (name == call.Model) return (call.Price, doubts);
        return book.Find(name, ServiceTier.Standard, at) is { } other
            ? (other.Price, Doubts.OtherTier | DoubtOf(other))
            : (call.Price, doubts | Doubts.OtherModel);
    }

    // No doubt where a dated model answered for an undated name: it is priced at the name that
    // was asked, so the price must fit.
    private Doubts DoubtOf(FoundPrice found) =>
        found.IsExact || found.Price.Model == call.Model ? Doubts.None : Doubts.UndatedPrice;
}
