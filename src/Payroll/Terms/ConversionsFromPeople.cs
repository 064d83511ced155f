using Guerdon.People.Proposals;
using Guerdon.Storage;
using Npgsql;

namespace Guerdon.Payroll.Terms;

/// <summary>Conversions and what payroll pays go by currency, country and days of employment, from the first terms on.
/// </summary>
internal sealed class ConversionsFromPeople : IComputedFromPeople
{
    private const string Any = "select exists (select from compensation.v_conversion_terms)";

    public Task<bool> AnyAsync(NpgsqlConnection at, CancellationToken ct) => at.ScalarAsync<bool>(Any, [], ct);
}
