using Guerdon.Kernel;
using Guerdon.Storage;

namespace Guerdon.Identity.Audit;

/// <summary>Which acts.</summary>
/// <param name="From">First day, UTC.</param>
/// <param name="To">The day after the last.</param>
public sealed record ActFilter(DateOnly From, DateOnly To)
{
    private const int LastDays = 30;

    /// <summary>An account's name, or the id of an account or person; empty: everybody.</summary>
    public string Who { get; private init; } = "";

    /// <summary>A part of the endpoint's or form's name; empty: all.</summary>
    public string Endpoint { get; private init; } = "";

    /// <summary>One of <see cref="ActKinds"/>; empty: all.</summary>
    public string Kind { get; private init; } = "";

    /// <summary>As it was asked for.</summary>
    /// <param name="days">The first, and the one after the last; null: the last thirty, up to today.</param>
    /// <param name="who">Null: everybody.</param>
    /// <param name="endpoint">Null: all.</param>
    /// <param name="kind">Null: all.</param>
    /// <param name="today">Which day it is.</param>
    public static Result<ActFilter> Of(
        (DateOnly? From, DateOnly? To) days, string? who, string? endpoint, string? kind, DateOnly today)
    {
        var to = days.To ?? today.AddDays(1);
        var from = days.From ?? to.AddDays(-LastDays);
        if (to <= from) return IdentityRefusals.ActsInvalid.With("to must be a later day than from.");
        if (kind is { Length: > 0 } && !ActKinds.All.Contains(kind))
            return IdentityRefusals.ActsInvalid.With(
                $"'{Wording.Shortened(kind)}' is not one of {string.Join(", ", ActKinds.All)}.");
        return new ActFilter(from, to)
        {
            Who = who?.Trim() ?? "", Endpoint = endpoint?.Trim() ?? "", Kind = kind ?? "",
        };
    }
}
