using System.Text.Json.Serialization;
using Guerdon.Kernel;

namespace Guerdon.Grants;

/// <summary>One version of a plan.</summary>
[JsonConverter(typeof(IdConverter<PlanId>))]
public readonly record struct PlanId(Guid Value) : IId<PlanId>
{
    public static string Prefix => "pln";
    public static PlanId From(Guid value) => new(value);
    public static bool TryParse(string? text, out PlanId id) => Id.TryParse(text, out id);
    public override string ToString() => Id.Format(this);
}

/// <summary>One run of a plan for a period.</summary>
[JsonConverter(typeof(IdConverter<RunId>))]
public readonly record struct RunId(Guid Value) : IId<RunId>
{
    public static string Prefix => "run";
    public static RunId From(Guid value) => new(value);
    public static bool TryParse(string? text, out RunId id) => Id.TryParse(text, out id);
    public override string ToString() => Id.Format(this);
}

/// <summary>One request for a tier.</summary>
[JsonConverter(typeof(IdConverter<TierRequestId>))]
public readonly record struct TierRequestId(Guid Value) : IId<TierRequestId>
{
    public static string Prefix => "trq";
    public static TierRequestId From(Guid value) => new(value);
    public static bool TryParse(string? text, out TierRequestId id) => Id.TryParse(text, out id);
    public override string ToString() => Id.Format(this);
}

/// <summary>One thing that happened to a grant's vesting.</summary>
[JsonConverter(typeof(IdConverter<VestingFactId>))]
public readonly record struct VestingFactId(Guid Value) : IId<VestingFactId>
{
    public static string Prefix => "vfa";
    public static VestingFactId From(Guid value) => new(value);
    public static bool TryParse(string? text, out VestingFactId id) => Id.TryParse(text, out id);
    public override string ToString() => Id.Format(this);
}

/// <summary>A budget, and its wallet.</summary>
[JsonConverter(typeof(IdConverter<PoolId>))]
public readonly record struct PoolId(Guid Value) : IId<PoolId>
{
    public static string Prefix => "pol";
    public static PoolId From(Guid value) => new(value);
    public static bool TryParse(string? text, out PoolId id) => Id.TryParse(text, out id);
    public override string ToString() => Id.Format(this);

    /// <summary>The same pool from the same name, wherever it is asked.</summary>
    public static PoolId Of(string name) => new(DerivedId.Of("guerdon/pool/" + name));
}
