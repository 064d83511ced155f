using System.Text.Json;
using Guerdon.Kernel;
using Guerdon.People.Employees;
using Guerdon.People.History;
using Guerdon.People.Spans;
using Npgsql;

namespace Guerdon.People.Proposals;

/// <summary>A change of what is true of one person, from a day on.</summary>
/// <param name="Day">When it was given.</param>
/// <param name="Person">Whose.</param>
/// <param name="Asked">What is to be so, with its first day.</param>
internal sealed record GivenChange(DateOnly Day, PersonId Person, ChangePerson.Request Asked) : PeopleGiven(Day)
{
    private sealed record Text(PersonId Person, ChangePerson.Request Change);

    protected override string Form => Change;
    protected override string Content => JsonSerializer.Serialize(new Text(Person, Asked), Json);
    public override DateOnly From => Asked.From ?? Day;

    public static GivenChange Read(DateOnly day, string content)
    {
        var text = JsonSerializer.Deserialize<Text>(content, Json)!;
        return new(day, text.Person, text.Change);
    }

    public override async Task<Result<Guid[]>> PeopleAsync(NpgsqlConnection at, CancellationToken ct)
    {
        var manager = Asked.Manager is { Length: > 0 } named ? await KnownPeople.FindAsync(at, named, ct) : null;
        return manager is { Id: var one } && one != Person.Value ? [Person.Value, one] : (Guid[])[Person.Value];
    }

    public override async Task<Result<Written>> WriteAsync(NpgsqlConnection at, Maker maker, CancellationToken ct) =>
        (await ChangePerson.WriteAsync(at, Person, Asked with { From = From }, maker, ct)).Select(reply => new Written(
            reply, reply.Changed ? [Person.Value] : [], $"what changes from {From.InWords()}", Subject()));

    // Whatever else is to change of them goes on waiting.
    private string Subject()
    {
        var named = JsonSerializer.SerializeToElement(Asked, Json).EnumerateObject().Select(one => one.Name)
            .Where(name => name is not ("from" or "until")).Order(StringComparer.Ordinal);
        return $"{Person} {string.Join(' ', named)} {From.Iso()}";
    }
}
