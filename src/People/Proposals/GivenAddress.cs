using System.Text.Json;
using Guerdon.Kernel;
using Guerdon.People.Employees;
using Guerdon.People.Spans;
using Npgsql;

namespace Guerdon.People.Proposals;

/// <summary>Another address of a person.</summary>
/// <param name="Day">When it was given.</param>
/// <param name="Person">Whose.</param>
/// <param name="Email">The new address, lower-cased.</param>
internal sealed record GivenAddress(DateOnly Day, PersonId Person, string Email) : PeopleGiven(Day)
{
    private sealed record Text(PersonId Person, string Email);

    protected override string Form => Address;
    protected override string Content => JsonSerializer.Serialize(new Text(Person, Email), Json);

    public static GivenAddress Read(DateOnly day, string content)
    {
        var text = JsonSerializer.Deserialize<Text>(content, Json)!;
        return new(day, text.Person, text.Email);
    }

    public override Task<Result<Guid[]>> PeopleAsync(NpgsqlConnection at, CancellationToken ct) =>
        Task.FromResult<Result<Guid[]>>(new[] { Person.Value });

    public override async Task<Result<Written>> WriteAsync(NpgsqlConnection at, Maker maker, CancellationToken ct) =>
        (await ChangeEmail.WriteAsync(at, Person, Email, ct)).Select(change => new Written(
            change, change.Was == change.Now ? [] : [Person.Value], $"the address {change.Now}", $"{Person} email"));
}
