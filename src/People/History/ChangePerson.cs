using System.Security.Claims;
using Guerdon.Kernel;
using Guerdon.People.Employees;
using Guerdon.People.Spans;
using Guerdon.People.Teams;
using Guerdon.Storage;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Npgsql;

namespace Guerdon.People.History;

/// <summary>
/// Changes what is true of one person, from a day on: of others only, since pay and what it goes by are inputs of
/// payment. Doing it again changes nothing.
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

    internal static async Task<Results<Ok<Reply>, ProblemHttpResult>> Handle(
        string personOrEmail, Request request, bool? dryRun, ClaimsPrincipal caller, [AsParameters] Services books,
        CancellationToken ct)
    {
        if (await books.People.FindAsync(personOrEmail, ct) is not { } person)
            return PeopleRefusals.PersonNotFound.ToProblem($"There is no '{personOrEmail}'.");
        if (Access.PersonOf(caller) == person.Id.Value)
            return PeopleRefusals.OwnChange.ToProblem($"{person.Name} ({person.Id}) is you.");
        return (await RunAsync(person, request, keep: dryRun is not true, Actor.Of(caller), books, ct)).ToHttp();
    }

    /// <summary>What it takes.</summary>
    internal sealed record Services(PeopleDirectory People, NpgsqlDataSource Db, TimeProvider Clock);

    /// <summary>Steps: 1 what is asked for, 2 lock, 3 the change, 4 write it, 5 no circle of managers, 6 what is true
    /// today, 7 commit, or roll back where it is a rehearsal.</summary>
    private static async Task<Result<Reply>> RunAsync(
        Person person, Request request, bool keep, Actor by, Services books, CancellationToken ct)
    {
        var (today, errors) = (books.Clock.Today(), new RowErrors());
        var from = request.From ?? today; // 1
        if (from < person.HiredOn)
            errors.Add(0, "from", $"{from.Iso()} is before {person.Name} was hired on {person.HiredOn.Iso()}.");
        if (request.Until < from) errors.Add(0, "until", $"{request.Until:yyyy-MM-dd} is before the first day.");
        var manager = await ManagerAsync(person, request.Manager, books.People, errors, ct);

        await using var connection = await books.Db.OpenConnectionAsync(ct);
        await using var transaction = await connection.BeginAsync(ct);
        await Locks.InTransactionAsync(connection, PeopleWrites.Lock, ct); // 2
        var was = (await SpanStore.ReadAsync(connection, [person.Id.Value], ct))[person.Id.Value]; // 3
        var standing = ChangeForm.Read(request, Timeline.On(was, from), manager, errors);
        if (errors.Count > 0)
            return PeopleRefusals.ChangeInvalid.With($"{Wording.Count(errors.Count, "thing")} cannot be so.") with
            {
                Errors = errors.InOrder,
            };

        var now = Timeline.Change(was, from, request.Until, standing);
        if (ReferenceEquals(now, was)) return await ReplyAsync(changed: false, isBackdated: false, was);
        await TeamTree.GrowAsync(connection, [standing.Team], books.Clock.GetUtcNow(), ct); // 4
        SpanChange[] changes = [new(person.Id.Value, was, now, from, request.Until)];
        await SpanStore.WriteAsync(connection, changes, ct);
        await SpanStore.NoteAsync(connection, changes, new Maker(by, books.Clock.GetUtcNow()), ct);
        if (now.Any(span => span.Standing.Manager is not null) // 5
            && await SpanStore.CircleAsync(connection, ct) is { } circle)
            return PeopleRefusals.ManagerLoop.With(
                Circles.InWords(circle.Day, await Circles.NamesAsync(connection, circle.People, ct)));

        await SpanStore.BringToTodayAsync(connection, today, [person.Id.Value], ct); // 6
        await Notify.InTransactionAsync(connection, PeopleDirectory.Changed, ct); // 7
        var reply = await ReplyAsync(changed: true, from < today, now);
        if (keep) await transaction.CommitAsync(ct);
        return reply;

        async Task<Reply> ReplyAsync(bool changed, bool isBackdated, IReadOnlyList<PersonSpan> spans) => new(
            person.Id, person.Name, changed, isBackdated, await GetHistory.LinesAsync(connection, spans, ct));
    }

    private static async Task<PersonId?> ManagerAsync(
        Person person, string? text, PeopleDirectory people, RowErrors errors, CancellationToken ct)
    {
        if (string.IsNullOrWhiteSpace(text)) return null;
        if (await people.FindAsync(text, ct) is not { } manager)
        {
            errors.Add(0, "manager", $"'{Wording.Shortened(text)}' is nobody on file.");
            return null;
        }

        if (manager.Id == person.Id) errors.Add(0, "manager", "is the person; nobody reports to themselves.");
        return manager.Id;
    }
}
