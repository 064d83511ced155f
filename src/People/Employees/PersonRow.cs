using Guerdon.Kernel;
using Guerdon.People.Spans;

namespace Guerdon.People.Employees;

/// <summary>One person as a file states them, checked. <see cref="Line"/> is where, for errors found later.</summary>
internal sealed record PersonRow(
    int Line, string Email, string Name, string Team, string Role, string Level, string Country, string CostCentre,
    DateOnly HiredOn, DateOnly? LeftOn, long BasePayCents, long TotalPayCents, string Currency, bool IsBot,
    string? GithubLogin, string? ProviderUserId)
{
    /// <summary>Who it is, where the file says so by id.</summary>
    public PersonId? Id { get; init; }

    /// <summary>Identities of other kinds than the two that are fields.</summary>
    public IReadOnlyList<Identity> Others { get; init; } = [];

    /// <summary>Those identities that find the person, before the address does.</summary>
    public IReadOnlyList<Identity> Finding { get; init; } = [];

    /// <summary>From when on, and what not every file says.</summary>
    public DatedCells Dated { get; init; } = new();

    /// <summary>What is true by the row, of somebody of whom something was.</summary>
    public Standing Over(Standing was, PersonId? manager) => Dated.Over(was, manager) with
    {
        Team = Team,
        Role = Role,
        Level = Level,
        Country = Country,
        CostCentre = CostCentre,
        BasePayCents = BasePayCents,
        TotalPayCents = TotalPayCents,
        Currency = Currency,
    };

    /// <summary>All that are stated.</summary>
    public IEnumerable<Identity> Identities
    {
        get
        {
            if (GithubLogin is { } login) yield return new(PersonColumns.GithubLogin, login);
            if (ProviderUserId is { } user) yield return new(PersonColumns.ProviderUserId, user);
            foreach (var other in Others) yield return other;
        }
    }
}

/// <summary>The columns of the file, by their names in it.</summary>
internal static class PersonColumns
{
    public const string PersonId = "person_id", Email = "email", Name = "name", Team = "team", Role = "role",
        Level = "level", Country = "country", CostCentre = "cost_centre", HiredOn = "hired_on", LeftOn = "left_on",
        BasePay = "base_pay", TotalPay = "total_pay", Currency = "currency", GithubLogin = "github_login",
        ProviderUserId = "provider_user_id", IsBot = "is_bot";

    public static readonly string[] Required =
        [Email, Name, Team, Role, Level, Country, CostCentre, HiredOn, LeftOn, BasePay, TotalPay, Currency];

    /// <summary>The columns, with those of the kinds of identity that are declared.</summary>
    public static CsvColumns OfFile(IReadOnlyList<IdentityKind> kinds) =>
        new("list of people", Required,
            [
                PersonId, .. kinds.Select(kind => kind.Kind), IsBot,
                .. DatedCells.Columns.Except(kinds.Select(kind => kind.Kind)),
            ]);
}
