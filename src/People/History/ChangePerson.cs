using Guerdon.Kernel;
using Guerdon.People.Employees;
using Guerdon.People.Spans;
using Guerdon.People.Teams;
using Guerdon.Storage;
using Npgsql;

namespace Guerdon.People.History;

/// <summary>
/// Changes what is true of one person, from a day on: of others only, since pay and what it goes by are inputs of
/// payment; once something is computed from people, another approves it. Doing it again changes nothing.
/// </summary>
internal static class ChangePerson
{
    /// <summary>What is left out stays as it is; an empty manager, leave, legal entity or time zone: none.</summary>
    /// <param name="From">The first day it holds; null: today.</param>
    /// <param name="Until">The last day it holds, after which it is as it would have been; null: until the same
    /// thing changes again.</param>
    public sealed record Request(DateOnly? From = null, DateOnly? Until = null)
    {
        public string? Team { get; init; }
        public string? Role { get; init; }
        public string? Level { get; init; }
        public string? Country { get; init; }
        public string? CostCentre { get; init; }
        public string? LegalEntity { get; init; }

        /// <summary>By e-mail or id.</summary>
        public string? Manager { get; init; }

        /// <summary>A year's, as in the file of people: 84500 or 84500.50.</summary>
        public string? BasePay { get; init; }

        public string? TotalPay { get; init; }
        public string? Currency { get; init; }
        public string? Employment { get; init; }

        /// <summary>80%, or 0.8.</summary>
        public string? PartTime { get; init; }

        public string? Leave { get; init; }

        /// <summary>paid or unpaid; of a leave that is new, paid where it is left out.</summary>
        public string? LeavePay { get; init; }
        public string? TimeZone { get; init; }
    }

    /// <param name="Person">Who.</param>
    /// <param name="Name">As the company writes it.</param>
    /// <param name="Changed">False where all was so already.</param>
    /// <param name="IsBackdated">It holds from a day before today, so that what was granted may come to something
    /// else.</param>
    /// <param name="Spans">After the change.</param>
    public sealed record Reply(
        PersonId Person, string Name, bool Changed, bool IsBackdated, IReadOnlyList<GetHistory.Line> Spans);

    private const string Find = "select person_id, email, name, hired_on from people.v_person where person_id = $1";

    /// <summary>Steps: 1 lock, 2 what is asked for, 3 the change, 4 write it, 5 no circle of managers, 6 what is true
    /// today.</summary>
    /// <param name="connection">In a transaction, which the caller commits, or rolls back where it is refused.</param>
    /// <param name="id">Whose.</param>
    /// <param name="request">What is asked for, with its first day.</param>
    /// <param name="maker">Who changes it, and when.</param>
    /// <param name="ct">Stops it.</param>
    internal static async Task<Result<Reply>> WriteAsync(
        NpgsqlConnection connection, PersonId id, Request request, Maker maker, CancellationToken ct)
    {
        await Locks.InTransactionAsync(connection, PeopleWrites.Lock, ct); // 1
        var (person, hiredOn) = await connection.SingleAsync(
            Find,
            row => (new KnownPerson(row.Uuid("person_id"), row.Text("email"), row.Text("name")), row.Date("hired_on")),
            [id.Value], ct);
        var (from, errors) = (request.From ?? maker.Today, new RowErrors()); // 2
        if (from < hiredOn)
            errors.Add(0, "from", $"{from.Iso()} is before {person.Name} was hired on {hiredOn.Iso()}.");
        if (request.Until < from) errors.Add(0, "until", $"{request.Until:yyyy-MM-dd} is before the first day.");
        var manager = await ManagerAsync(connection, id, request.Manager, errors, ct);
        var was = (await SpanStore.ReadAsync(connection, [id.Value], ct))[id.Value]; // 3
        var standing = ChangeForm.Read(request, Timeline.On(was, from), manager, errors);
        if (errors.Count > 0)
            return PeopleRefusals.ChangeInvalid.With($"{Wording.Count(errors.Count, "thing")} cannot be so.") with
            {
                Errors = errors.InOrder,
            };

        var now = Timeline.Change(was, from, request.Until, standing);
        if (ReferenceEquals(now, was)) return await ReplyAsync(changed: false, isBackdated: false, was);
        await TeamTree.GrowAsync(connection, [standing.Team], maker.At, ct); // 4
        SpanChange[] changes = [new(id.Value, was, now, from, request.Until)];
        await SpanStore.WriteAsync(connection, changes, ct);
        await SpanStore.NoteAsync(connection, changes, maker, ct);
        if (now.Any(span => span.Standing.Manager is not null) // 5
            && await SpanStore.CircleAsync(connection, ct) is { } circle)
            return PeopleRefusals.ManagerLoop.With(
                Circles.InWords(circle.Day, await Circles.NamesAsync(connection, circle.People, ct)));

        await SpanStore.BringToTodayAsync(connection, maker.Today, [id.Value], ct); // 6
        await Notify.InTransactionAsync(connection, PeopleDirectory.Changed, ct);
        return await ReplyAsync(changed: true, from < maker.Today, now);

        async Task<Reply> ReplyAsync(bool changed, bool isBackdated, IReadOnlyList<PersonSpan> spans) => new(
            id, person.Name, changed, isBackdated, await GetHistory.LinesAsync(connection, spans, ct));
    }

    private static async Task<PersonId?> ManagerAsync(
        NpgsqlConnection connection, PersonId person, string? text, RowErrors errors, CancellationToken ct)
    {
        if (string.IsNullOrWhiteSpace(text)) return null;
        if (await KnownPeople.FindAsync(connection, text, ct) is not { } manager)
        {
            errors.Add(0, "manager", $"'{Wording.Shortened(text)}' is nobody on file.");
            return null;
        }

        if (manager.Id == person.Value) errors.Add(0, "manager", "is the person; nobody reports to themselves.");
        return new PersonId(manager.Id);
    }
}
