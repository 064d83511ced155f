using Guerdon.Metering.Requests;
using Guerdon.Pricing.Costing;

namespace Guerdon.Dialects.Readings;

/// <summary>Tokens of one model in an answer.</summary>
/// <param name="Model">As the answer names it; null: as the answer as a whole.</param>
/// <param name="Usage">Its tokens.</param>
/// <param name="Doubts">Why its price may not cover it.</param>
public readonly record struct Run(string? Model, Usage Usage, Doubts Doubts);
