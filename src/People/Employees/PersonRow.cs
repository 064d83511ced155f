using Stipend.Kernel;

namespace Stipend.People;

/// <summary>One person as a file states them, checked. <see cref="Line"/> is where, for errors found later.</summary>
internal sealed record PersonRow(
    int Line, string Email, string Name, string Team, string Role, string Level, string Country, string CostCentre,
    DateOnly HiredOn, DateOnly? LeftOn, long BasePayCents, long TotalPayCents, string Currency, bool IsBot,
    string? GithubLogin, string? ProviderUserId);

/// <summary>The columns of the file, by their names in it.</summary>
internal static class PersonColumns
{
    public const string Email = "email", Name = "name", Team = "team", Role = "role", Level = "level",
        Country = "country", CostCentre = "cost_centre", HiredOn = "hired_on", LeftOn = "left_on",
        BasePay = "base_pay", TotalPay = "total_pay", Currency = "currency", GithubLogin = "github_login",
        ProviderUserId = "provider_user_id", IsBot = "is_bot";

    public static readonly string[] Required =
        [Email, Name, Team, Role, Level, Country, CostCentre, HiredOn, LeftOn, BasePay, TotalPay, Currency];

    public static readonly string[] Optional = [GithubLogin, ProviderUserId, IsBot];

    public static readonly CsvColumns OfFile = new("list of people", Required, Optional);
}
