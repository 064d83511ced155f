using System.Security.Claims;
using Guerdon.Kernel;

namespace Guerdon.People.Employees;

/// <summary>A person as a caller may see them.</summary>
/// <param name="Id">As in <see cref="Person"/>, and so are the others.</param>
/// <param name="BasePayCents">Null for whom pay does not concern, and so is the next.</param>
internal sealed record PersonShown(
    PersonId Id, string Email, string Name, string Team, string Role, string Level, string Country, string CostCentre,
    DateOnly HiredOn, DateOnly? LeftOn, long? BasePayCents, long? TotalPayCents, string Currency, bool IsBot,
    DateTimeOffset? AccessEndsAt)
{
    /// <inheritdoc cref="Person.LegalEntity"/>
    public string? LegalEntity { get; init; }

    /// <inheritdoc cref="Person.Manager"/>
    public PersonId? Manager { get; init; }

    /// <inheritdoc cref="Person.ManagerEmail"/>
    public string? ManagerEmail { get; init; }

    /// <inheritdoc cref="Person.Employment"/>
    public required string Employment { get; init; }

    /// <inheritdoc cref="Person.PartTimeBp"/>
    public int PartTimeBp { get; init; }

    /// <inheritdoc cref="Person.Leave"/>
    public string? Leave { get; init; }

    /// <inheritdoc cref="Person.LeavePay"/>
    public string? LeavePay { get; init; }

    /// <inheritdoc cref="Person.TimeZone"/>
    public string? TimeZone { get; init; }

    internal static PersonShown To(ClaimsPrincipal caller, Person p)
    {
        var paid = Access.May(caller, Permissions.PayRead, p.Id.Value);
        return new(
            p.Id, p.Email, p.Name, p.Team, p.Role, p.Level, p.Country, p.CostCentre, p.HiredOn, p.LeftOn,
            paid ? p.BasePayCents : null, paid ? p.TotalPayCents : null, p.Currency, p.IsBot, p.AccessEndsAt)
        {
            LegalEntity = p.LegalEntity, Manager = p.Manager, ManagerEmail = p.ManagerEmail,
            Employment = p.Employment, PartTimeBp = p.PartTimeBp, Leave = p.Leave,
            LeavePay = p.LeavePay, TimeZone = p.TimeZone,
        };
    }
}
