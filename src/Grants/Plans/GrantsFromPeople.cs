using Guerdon.People.Proposals;
using Guerdon.Storage;
using Npgsql;

namespace Guerdon.Grants.Plans;

/// <summary>Grants go by pay, level, team and days of employment, from the first version of a plan on.</summary>
internal sealed class GrantsFromPeople : IComputedFromPeople
{
    private const string Any = "select exists (select from compensation.v_plan)";

    public Task<bool> AnyAsync(NpgsqlConnection at, CancellationToken ct) => at.ScalarAsync<bool>(Any, [], ct);
}
