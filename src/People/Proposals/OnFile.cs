using Guerdon.Kernel;
using Guerdon.People.Spans;
using Guerdon.Storage;
using Npgsql;

namespace Guerdon.People.Proposals;

/// <summary>All that is on file of somebody.</summary>
/// <param name="Email">Their address.</param>
/// <param name="Name">As the company writes it.</param>
/// <param name="HiredOn">First day of employment.</param>
/// <param name="LeftOn">Last day of employment; null: none is known.</param>
/// <param name="IsBot">An account that is not paid.</param>
/// <param name="Spans">What has dates, in the order of the days.</param>
/// <param name="Identities">What they are known by elsewhere, by kind.</param>
internal sealed record OnFile(
    string Email, string Name, DateOnly HiredOn, DateOnly? LeftOn, bool IsBot, IReadOnlyList<PersonSpan> Spans,
    IReadOnlyDictionary<string, string> Identities)
{
    private const string People = """
        select person_id, email, name, hired_on, left_on, is_bot from people.v_person where person_id = any ($1)
        """;

    private const string Known = "select person_id, kind, value from people.v_identity where person_id = any ($1)";

    private const string Emails = "select person_id, email from people.v_person where person_id = any ($1)";

    private static readonly string DigestSql = Sql.Read("People/Proposals/DigestOnFile.sql");

    /// <summary>Of those of some people who are on file.</summary>
    public static async Task<IReadOnlyDictionary<Guid, OnFile>> ReadAsync(
        NpgsqlConnection at, Guid[] people, CancellationToken ct)
    {
        var identities = (await at.ReadAsync(
                Known, row => (Person: row.Uuid("person_id"), Kind: row.Text("kind"), Value: row.Text("value")),
                [people], ct))
            .GroupBy(one => one.Person)
            .ToDictionary(of => of.Key, of => of.ToDictionary(one => one.Kind, one => one.Value));
        var spans = await SpanStore.ReadAsync(at, people, ct);
        var found = await at.ReadAsync(
            People,
            row => (Id: row.Uuid("person_id"), Email: row.Text("email"), Name: row.Text("name"),
                HiredOn: row.Date("hired_on"), LeftOn: row.DateOrNull("left_on"), IsBot: row.Bool("is_bot")),
            [people], ct);
        return found.ToDictionary(one => one.Id, one => new OnFile(
            one.Email, one.Name, one.HiredOn, one.LeftOn, one.IsBot, spans[one.Id],
            identities.GetValueOrDefault(one.Id) ?? []));
    }

    /// <summary>The addresses of whoever is a manager of some people.</summary>
    public static async Task<IReadOnlyDictionary<Guid, string>> ManagersAsync(
        NpgsqlConnection at, IEnumerable<OnFile> of, CancellationToken ct)
    {
        Guid[] managers =
        [
            .. of.SelectMany(one => one.Spans).Select(span => span.Standing.Manager?.Value).OfType<Guid>().Distinct(),
        ];
        return (await at.ReadAsync(Emails, row => (row.Uuid("person_id"), row.Text("email")), [managers], ct))
            .ToDictionary();
    }

    /// <summary>What is on file of some people, in words that are others once anything of it is.</summary>
    public static async Task<string> InWordsAsync(NpgsqlConnection at, Guid[] people, CancellationToken ct)
    {
        var digest = await at.ScalarAsync<string>(DigestSql, [people], ct);
        return $"what is on file of {Wording.Count(people.Length, "person", "people")} ({digest})";
    }
}
