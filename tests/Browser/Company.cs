using Guerdon.Identity.Accounts;
using Guerdon.Kernel;
using Guerdon.Ledger;
using Guerdon.Ledger.Transfers;
using Guerdon.Metering;
using Guerdon.Metering.Requests;
using Guerdon.Metering.Settlement;
using Guerdon.Pricing.Book;
using Guerdon.Pricing.Costing;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Npgsql;

namespace Guerdon.Browser;

/// <summary>A small company with two months of history, posted as it would have been on each day.</summary>
internal sealed class Company(NpgsqlDataSource db, AccountDirectory accounts, PriceBook prices, ILoggerFactory logs)
{
    public const string Password = "correct horse battery";
    public const string Admin = "finance@example.com";

    private const long TokenValueNanos = 1_000;
    private static readonly string[] Models = ["claude-sonnet-4-5", "gpt-5-mini", "claude-haiku-4-5"];
    private readonly HolderId _holder = new(Guid.NewGuid());
    private readonly WalletId _pool = new(Guid.NewGuid());
    private readonly Past _past = new();
    private readonly Random _random = new(7);

    /// <summary>Anna, whose pages the tests read.</summary>
    public static readonly (string Name, string Email, string Team) Anna =
        ("Anna Berg", "anna@example.com", "Engineering/Platform");

    public static readonly (string Name, string Email, string Team)[] People =
    [
        Anna, ("Bo Chen", "bo@example.com", Anna.Team), ("Cara Diaz", "cara@example.com", Anna.Team),
        ("Dev Evans", "dev@example.com", Anna.Team), ("Ece Fırat", "ece@example.com", Anna.Team),
        ("Femi Grant", "femi@example.com", "Engineering/Apps"), ("Gil Haas", "gil@example.com", "Finance"),
        ("Ines Jong", "ines@example.com", "Support"), ("Jo O'Neil", "jo@example.com", "Support"),
    ];

    /// <summary>Ids of people, which are those of their wallets, by e-mail.</summary>
    public Dictionary<string, Guid> Ids { get; } = [];

    /// <param name="days">Of history.</param>
    public async Task FoundAsync(int days)
    {
        await accounts.CreateAsync(Admin, "Fiona Chief", Roles.Founder, null, Password, default);
        foreach (var (name, email, team) in People) await HireAsync(name, email, team);

        var today = DateTimeOffset.UtcNow.Date;
        _past.Now = new DateTimeOffset(today.AddDays(-days), TimeSpan.Zero).AddHours(8);
        await using var ledger = new LedgerWriter(
            db, Options.Create(new LedgerOptions()), _past, logs.CreateLogger<LedgerWriter>());
        await ledger.StartAsync(default);
        await PostAsync(ledger, new Transfer
        {
            Kind = TransferKind.Fund, Wallet = WalletId.Treasury, To = _pool,
            Amount = Millions(1_000_000), Key = "fund",
        });

        var soon = new MeteringOptions { FlushEvery = TimeSpan.FromMilliseconds(5) }; // each call is waited for
        var journal = new RequestJournal(
            db, ledger, Options.Create(soon), _past, logs.CreateLogger<RequestJournal>());
        await journal.StartAsync(default);
        foreach (var email in People.Select(p => p.Email).Where(e => e != "jo@example.com"))
            await GrantAsync(ledger, new(Ids[email]), 400, "plan allowance-2026, last month", _past.Now.AddDays(52));
        for (var day = today.AddDays(1 - days); day < today; day = day.AddDays(1))
        {
            _past.Now = new DateTimeOffset(day, TimeSpan.Zero).AddHours(9);
            if (day == today.AddDays(-15))
            {
                var anna = new WalletId(Ids[Anna.Email]);
                await GrantAsync(ledger, anna, 600, "plan allowance-2026, this month", _past.Now.AddDays(120));
                await GrantAsync(ledger, anna, 50, "signing bonus", null);
            }

            if (day.DayOfWeek is DayOfWeek.Saturday or DayOfWeek.Sunday) continue;
            foreach (var (_, email, _) in People.Take(7))
                for (var i = _random.Next(1, 4); i > 0; i--) await UseAsync(ledger, journal, new(Ids[email]), i);
            await journal.DrainAsync();
        }

        await journal.StopAsync(default);
        await ledger.StopAsync(default);
    }

    private Settlements SettlementsOf(LedgerWriter ledger, RequestJournal journal) => new(
        db, ledger, journal, Options.Create(new MeteringOptions()), _past, logs.CreateLogger<Settlements>());

    /// <summary>One call of a gateway: drawn, opened, closed and booked.</summary>
    public async Task<Tokens> UseAsync(LedgerWriter ledger, RequestJournal journal, WalletId wallet, int size = 1)
    {
        var at = _past.GetUtcNow().UtcDateTime.AddMinutes(_random.Next(400));
        if (at > DateTime.UtcNow) at = DateTime.UtcNow;
        at = at.AddTicks(-(at.Ticks % TimeSpan.TicksPerMicrosecond));
        var input = _random.Next(2_000, 90_000) * size;
        var usage = new Usage(input, input / 2, 0, 0, _random.Next(200, 9_000) * size, 100);
        var price = prices.Find(Models[_random.Next(Models.Length)], at)!;
        var costing = Cost.Of(price, usage, TokenValueNanos);
        var cost = costing.Charge;
        var held = cost + cost;
        await PostAsync(ledger, new Transfer
        {
            Kind = TransferKind.Draw, Wallet = wallet, Holder = _holder,
            Amount = held, Key = $"draw:{Guid.NewGuid():N}",
        });
        var (id, key) = (Id.New<RequestId>(_past), Guid.NewGuid());
        await journal.OpenAsync(new(wallet, id, at, _holder, key, price.Model, held));
        journal.Close(new RequestRecord
        {
            Wallet = wallet, Id = id, StartedAt = at, EndedAt = at.AddSeconds(4), Source = Source.Gateway,
            Holder = _holder, KeyId = key, Model = price.Model, Provider = price.Provider,
            PriceId = price.Id, TokenValueNanos = TokenValueNanos, Usage = usage,
            Cost = costing, Charged = cost, Held = held,
            SentCap = _random.Next(9) == 0 ? 4_096 : null,
            State = _random.Next(12) == 0 ? RecordState.Estimated : RecordState.Settled,
            Outcome = _random.Next(15) == 0 ? Outcome.HungUp : Outcome.Answered, HttpStatus = 200,
            DurationUs = 4_000_000,
        });
        await journal.DrainAsync();
        await SettlementsOf(ledger, journal).OfWalletsAsync([wallet], null, default); // on the day that is played
        await PostAsync(ledger, new Transfer
        {
            Kind = TransferKind.Return, Wallet = wallet, Holder = _holder,
            Amount = new(cost.Milli - _random.Next(1, 500)),
            Key = $"return:{Guid.NewGuid():N}",
        });
        return cost;
    }

    private Task GrantAsync(LedgerWriter ledger, WalletId to, long millions, string source, DateTimeOffset? expires) =>
        PostAsync(ledger, new Transfer
        {
            Kind = TransferKind.Grant, Wallet = _pool, To = to, Amount = Millions(millions), Key = $"{source} {to}",
            NewLot = new("work_compute", source, expires),
        });

    private async Task HireAsync(string name, string email, string team)
    {
        var id = Guid.CreateVersion7();
        Ids[email] = id;
        await using var command = db.CreateCommand("""
            with t as (insert into people.team (team_id, path) values (gen_random_uuid(), $4) on conflict do nothing)
            insert into people.person (person_id, email, name, team, role, level, country, cost_centre, hired_on,
                                       base_pay_cents, total_pay_cents, currency)
            values ($1, $2, $3, $4, 'Engineer', 'L4', 'DE', 'CC1', '2024-01-01', 9000000, 9900000, 'EUR')
            """);
        foreach (var value in new object[] { id, email, name, team }) command.Parameters.Add(new() { Value = value });
        await command.ExecuteNonQueryAsync();
        await accounts.CreateAsync(email, name, [Roles.Employee], id, Password, default);
    }

    private static async Task PostAsync(LedgerWriter ledger, Transfer transfer) =>
        Assert.Null((await ledger.PostAsync(transfer, default)).Refused);

    private static Tokens Millions(long millions) => new(millions * 1_000_000_000);

    private sealed class Past : TimeProvider
    {
        private TimeSpan _behind;

        /// <summary>Time goes on from here: whoever waits for a deadline must see it come.</summary>
        public DateTimeOffset Now { get => GetUtcNow(); set => _behind = System.GetUtcNow() - value; }

        public override DateTimeOffset GetUtcNow() => System.GetUtcNow() - _behind;
    }

    /// <summary>From here on the company lives in the present.</summary>
    public void CatchUp() => _past.Now = DateTimeOffset.UtcNow;
}
