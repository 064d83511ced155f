using Guerdon.Database.Gateway;
using Guerdon.Database.Grants;
using Guerdon.Database.Host;
using Guerdon.Notices;
using Guerdon.Notices.Deliveries;
using Guerdon.Notices.Email;
using Guerdon.People;
using Guerdon.People.Employees;
using Guerdon.Tests;
using Microsoft.Extensions.Logging;
using Npgsql;

namespace Guerdon.Database.Notices;

/// <summary>A database with people and a turned clock, and as many senders as a test has nodes.</summary>
public sealed class NoticeScene : IAsyncDisposable
{
    private readonly CapturedLogs _logs = new();
    private readonly LoggerFactory _loggers;
    private TestDatabase _database = null!;

    private NoticeScene() => _loggers = new LoggerFactory([_logs]);

    public static CancellationToken Ct => TestContext.Current.CancellationToken;

    public TurnedClock Clock { get; } = new();
    public NpgsqlDataSource Db => _database.Db;
    public IReadOnlyList<Person> People { get; private set; } = [];

    /// <summary>All that was logged.</summary>
    public string Logged => _logs.Text;

    /// <summary>Of senders made from now on. A first try compiles for seconds on a busy machine.</summary>
    internal NoticeOptions Options { get; set; } = new() { TryWithin = TimeSpan.FromSeconds(20) };

    /// <summary>What people are called in the mail of every test.</summary>
    internal static NoticeLinks Links { get; } = new(new Uri("https://guerdon.example.com"));

    internal static async Task<NoticeScene> OpenAsync(params string[] on)
    {
        var scene = new NoticeScene { _database = await TestDatabase.CreateAsync() };
        await using (var csv = File.OpenRead(RunningApp.Example("people.csv")))
            await ImportPeople.RunAsync(csv, false, scene.Db, scene.Clock, Ct);
        var directory = new PeopleDirectory(scene.Db);
        scene.People = await directory.PageAsync(null, null, new(true, null, false), 8, Ct);
        await DeliveryStore.SwitchAsync(scene.Db, on, [], scene.Clock.Now, Ct);
        return scene;
    }

    /// <summary>Options for a mail server, as a company has them.</summary>
    internal static EmailOptions At(MailServer server) => new()
    {
        Server = "localhost", Port = server.Port, From = "guerdon@example.com", User = MailServer.User,
        Password = MailServer.Password, Authority = server.AuthorityFile,
    };

    /// <summary>A node's sender.</summary>
    internal NoticeSender Sender(params INoticeChannel[] channels) =>
        Sender(NoticesOff.None, channels);

    /// <summary>The same, with channels that are switched off on purpose.</summary>
    internal NoticeSender Sender(NoticesOff off, params INoticeChannel[] channels) =>
        new(Db, channels, off, Microsoft.Extensions.Options.Options.Create(Options), Clock,
            _loggers.CreateLogger<NoticeSender>());

    internal static EmailChannel Email(EmailOptions options) =>
        new(Microsoft.Extensions.Options.Options.Create(options), Links);

    /// <summary>Gives a notice to somebody.</summary>
    internal async Task<NoticeId> GiveAsync(PersonId person, NoticeKind kind, string subject, string text = "Words.")
    {
        var notice = NoticeWriter.New(person, kind, subject, text, Clock.Now);
        await NoticeWriter.GiveAsync(Db, notice, Ct);
        return notice.Id;
    }

    /// <summary>Gives one notice to each of so many made-up subjects of the people on file.</summary>
    internal async Task<int> GiveManyAsync(int count, int first = 0)
    {
        await using var connection = await Db.OpenConnectionAsync(Ct);
        var told =
            from i in AsyncEnumerable.Range(first, count)
            select new Told(People[i % People.Count].Id, NoticeKinds.ExpiryWeek, $"lot {i}", $"Lot {i} expires.");
        return await NoticeWriter.GiveAsync(connection, told, Clock.Now, Ct);
    }

    /// <summary>A delivery as text: state, tries and why.</summary>
    internal async Task<string> StateAsync(NoticeId notice, string channel = "email")
    {
        await using var command = Db.CreateCommand("""
            select concat_ws(' ', state, tries, last_error) from compensation.v_notice_delivery
             where notice_id = $1 and way = $2
            """);
        command.Parameters.Add(new() { Value = notice.Value });
        command.Parameters.Add(new() { Value = channel });
        return await command.ExecuteScalarAsync(Ct) as string ?? "none";
    }

    /// <summary>When a delivery is tried again.</summary>
    internal async Task<DateTimeOffset> NextAsync(NoticeId notice)
    {
        await using var command = Db.CreateCommand(
            "select next_at from compensation.v_notice_delivery where notice_id = $1");
        command.Parameters.Add(new() { Value = notice.Value });
        return new DateTimeOffset((DateTime)(await command.ExecuteScalarAsync(Ct))!, TimeSpan.Zero);
    }

    internal async Task<long> CountAsync(string state)
    {
        await using var command = Db.CreateCommand(
            "select count(*) from compensation.v_notice_delivery where state = $1");
        command.Parameters.Add(new() { Value = state });
        return (long)(await command.ExecuteScalarAsync(Ct))!;
    }

    internal async Task<long> ScalarAsync(string sql, params object[] values)
    {
        await using var command = Db.CreateCommand(sql);
        foreach (var value in values) command.Parameters.Add(new() { Value = value });
        return (long)(await command.ExecuteScalarAsync(Ct))!;
    }

    internal async Task ExecuteAsync(string sql, params object[] values)
    {
        await using var command = Db.CreateCommand(sql);
        foreach (var value in values) command.Parameters.Add(new() { Value = value });
        await command.ExecuteNonQueryAsync(Ct);
    }

    public async ValueTask DisposeAsync()
    {
        _loggers.Dispose();
        await _database.DisposeAsync();
    }
}
