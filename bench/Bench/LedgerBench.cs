using System.Diagnostics;
using System.Globalization;
using System.Text.RegularExpressions;
using Guerdon.Host.Database;
using Guerdon.Kernel;
using Guerdon.Ledger;
using Guerdon.Ledger.Transfers;
using Guerdon.Metering;
using Guerdon.Metering.Requests;
using Guerdon.Metering.Settlement;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;
using Npgsql;
using NpgsqlTypes;

namespace Guerdon.Bench;

/// <summary>
/// Posting and settling beside what the same server does for others: pgbench's single-row update at 32 clients, and raw
/// COPY of 100-byte rows with a primary key. All in turn, several rounds, medians.
/// </summary>
internal static partial class LedgerBench
{
    private const int Wallets = 10_000;
    private const int InFlight = 8_192;
    private const string PgbenchRow = "pgbench, single-row update, 32 clients";

    public static async Task<int> RunAsync(bool quick)
    {
        var home = Directory.CreateTempSubdirectory("guerdon-bench-").FullName;
        await using var cluster = await PrivateCluster.StartAsync(
            new PrivateClusterOptions(home) { SharedBuffersMb = 1_024 }, TimeProvider.System, NullLogger.Instance, default);
        await using var db = DatabaseSetup.Pool(
            new NpgsqlConnectionStringBuilder(cluster.ConnectionString()), new DatabaseOptions { Home = home });
        await cluster.MigrateAsync(default);
        await using var owner = DatabaseSetup.Pool(
            new NpgsqlConnectionStringBuilder(cluster.ConnectionString(role: PrivateCluster.Owner)), new DatabaseOptions());
        await using var ledger = new LedgerWriter(
            db, Options.Create(new LedgerOptions()), TimeProvider.System, NullLogger<LedgerWriter>.Instance);
        var journal = new RequestJournal(
            db, ledger, Options.Create(new MeteringOptions { Backlog = 5_000_000 }), TimeProvider.System,
            NullLogger<RequestJournal>.Instance);
        await ledger.StartAsync(default);
        await journal.StartAsync(default);
        await MonthAsync(db);
        await PgbenchAsync(cluster, "-i -s 1 -q");
        await FundAsync(ledger);

        var settlements = new Settlements(
            db, ledger, journal, Options.Create(new MeteringOptions()), TimeProvider.System,
            NullLogger<Settlements>.Instance);
        var books = new Books(db, ledger, journal, settlements);
        var table = new Table("per second", PgbenchRow);
        var costs = new Table("ns of database CPU a request", AtEachFlush);
        var scale = quick ? 4 : 1;
        for (var round = 1; round <= (quick ? 1 : 3); round++)
        {
            Console.WriteLine($"round {round}");
            table.Add(PgbenchRow, await UpdatesAsync(cluster, quick ? 3 : 6));
            table.Add("COPY binary, 100-byte rows, primary key", await CopyAsync(owner, 1_000_000 / scale), "rows");
            table.Add("grouped transfers", await TransfersAsync(ledger, 400_000 / scale), "draws of 10,000 wallets");
            table.Add("settled requests, 1,000 wallets", await SettleAsync(books, 600_000 / scale, 1_000, round),
                "journal rows and their batches, all booked");
            table.Add("settled requests, 10,000 wallets", await SettleAsync(books, 300_000 / scale, Wallets, round),
                "likewise, thirty rows a transfer");
            await ClosingCostAsync(cluster, books, costs, 120_000 / scale, round);
        }

        await journal.StopAsync(default);
        await ledger.StopAsync(default);
        table.Print();
        costs.Print();
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture,
            $"\nAimed at: transfers 2.00, settled requests 5.00 times {PgbenchRow}."));
        await VerifyAsync(db);
        return 0;
    }

    private static WalletId Wallet(int i) => new(new Guid(i, 9, 7, [0x80, 0, 0, 0, 0, 0, 0, 9]));

    private static readonly HolderId Holder = new(new Guid(1, 9, 7, [0x80, 0, 0, 0, 0, 0, 0, 8]));

    private static async Task MonthAsync(NpgsqlDataSource db)
    {
        await using var command = db.CreateCommand("select metering.ensure_month(current_date)");
        await command.ExecuteNonQueryAsync();
    }

    private static async Task FundAsync(LedgerWriter ledger)
    {
        var pool = new WalletId(new Guid(1, 9, 7, [0x80, 0, 0, 0, 0, 0, 0, 7]));
        await ledger.PostAsync(new Transfer
        { Kind = TransferKind.Fund, Wallet = WalletId.Treasury, To = pool, Amount = new(Wallets * 2_000_000_000L), Key = "fund" }, default);
        for (var first = 0; first < Wallets; first += 500)
        {
            var grants = Enumerable.Range(first, 500).Select(i => new Transfer
            {
                Kind = TransferKind.Grant, Wallet = pool, To = Wallet(i), Amount = new(2_000_000_000), Key = $"grant:{i}",
                NewLot = new("work_compute", "bench", null),
            }).ToList();
            var draws = Enumerable.Range(first, 500).Select(i => Draw(i, 1_000_000_000, $"escrow:{i}")).ToList();
            await ledger.PostAsync([.. grants, .. draws], null, default);
        }
    }

    private static Transfer Draw(int wallet, long milli, string key) => new()
    { Kind = TransferKind.Draw, Wallet = Wallet(wallet), Holder = Holder, Amount = new(milli), Key = key };

    private static int _serial;

    private static async Task<double> TransfersAsync(LedgerWriter ledger, int count)
    {
        var watch = Stopwatch.StartNew();
        var next = 0;
        await Task.WhenAll(Enumerable.Range(0, InFlight).Select(async worker =>
        {
            var random = new Random(worker);
            while (Interlocked.Increment(ref next) <= count)
            {
                var key = "t" + Interlocked.Increment(ref _serial).ToString(CultureInfo.InvariantCulture);
                var posted = await ledger.PostAsync(Draw(random.Next(Wallets), 1, key), default);
                if (!posted.Done) throw new InvalidOperationException(posted.Refused!.ToString());
            }
        }));
        return count / watch.Elapsed.TotalSeconds;
    }

    private sealed record Books(
        NpgsqlDataSource Db, LedgerWriter Ledger, RequestJournal Journal, Settlements Settlements);

    private const string AtEachFlush = "one transfer per wallet and flush";
    private const int PerFlush = 500; // 2,500 requests a second, of 1,000 wallets: few have two in one flush

    // What closing a request costs the database, in windows and as it was before them, in the same run.
    private static async Task ClosingCostAsync(PrivateCluster cluster, Books books, Table costs, int count, int round)
    {
        var random = new Random(-round);
        foreach (var inWindows in (bool[])[round % 2 == 0, round % 2 != 0])
        {
            var before = Stage.CpuSeconds(cluster.Pid);
            for (var done = 0; done < count; done += PerFlush)
            {
                var closed = Enumerable.Range(0, PerFlush).Select(_ => Closed(random.Next(1_000))).ToList();
                if (inWindows)
                {
                    foreach (var record in closed) books.Journal.Close(record);
                    await books.Journal.DrainAsync();
                }
                else
                {
                    var flush = new Flush(Id.New<RequestId>(TimeProvider.System).Value, TransferKind.Settle, closed);
                    await books.Ledger.PostAsync(flush.Transfers, flush.With(), default);
                }
            }

            if (inWindows) await books.Settlements.AllAsync(Holder, default);
            costs.Add(inWindows ? "one transfer per wallet and window" : AtEachFlush,
                (Stage.CpuSeconds(cluster.Pid) - before) * 1e9 / count);
        }
    }

    private static async Task<double> SettleAsync(Books books, int count, int wallets, int round)
    {
        var random = new Random(round);
        var watch = Stopwatch.StartNew();
        for (var i = 0; i < count; i++)
        {
            books.Journal.Close(Closed(random.Next(wallets)));
            if (i % 20_000 == 0) await Task.Yield();
        }

        await books.Journal.DrainAsync();
        await books.Settlements.AllAsync(Holder, default);
        return count / watch.Elapsed.TotalSeconds;
    }

    private static RequestRecord Closed(int wallet)
    {
        var now = TimeProvider.System.GetUtcNow().UtcDateTime;
        var started = now.AddTicks(-(now.Ticks % TimeSpan.TicksPerMicrosecond));
        return new()
        {
            Wallet = Wallet(wallet), Id = Id.New<RequestId>(TimeProvider.System),
            StartedAt = started, EndedAt = started, Source = Source.Gateway, Holder = Holder,
            KeyId = Guid.Empty, Model = "gpt-5-mini", Provider = "openai", TokenValueNanos = 1_000,
            Usage = new(900, 100, 0, 0, 200, 0), Cost = new(new(700), new(700)), Charged = new(700), Held = new(5_000),
            State = RecordState.Settled, Outcome = Outcome.Answered, HttpStatus = 200,
        };
    }

    private static async Task<double> CopyAsync(NpgsqlDataSource db, int rows)
    {
        await using var connection = await db.OpenConnectionAsync();
        await using (var create = new NpgsqlCommand("""
            drop table if exists public.bench_copy;
            create table public.bench_copy (id bigint primary key, a uuid, b uuid, c bigint, d bigint, e text)
            """, connection)) await create.ExecuteNonQueryAsync();
        var (one, two) = (Guid.NewGuid(), Guid.NewGuid());
        var watch = Stopwatch.StartNew();
        await using (var writer = await connection.BeginBinaryImportAsync(
            "copy public.bench_copy (id, a, b, c, d, e) from stdin (format binary)"))
        {
            for (long i = 0; i < rows; i++)
            {
                await writer.StartRowAsync();
                await writer.WriteAsync(i, NpgsqlDbType.Bigint);
                await writer.WriteAsync(one, NpgsqlDbType.Uuid);
                await writer.WriteAsync(two, NpgsqlDbType.Uuid);
                await writer.WriteAsync(i, NpgsqlDbType.Bigint);
                await writer.WriteAsync(i, NpgsqlDbType.Bigint);
                await writer.WriteAsync("a text of twenty-four ch", NpgsqlDbType.Text);
            }

            await writer.CompleteAsync();
        }

        return rows / watch.Elapsed.TotalSeconds;
    }

    private static async Task<double> UpdatesAsync(PrivateCluster cluster, int seconds)
    {
        var script = Path.GetTempFileName();
        await File.WriteAllTextAsync(script, """
            \set aid random(1, 100000)
            update pgbench_accounts set abalance = abalance + 1 where aid = :aid;
            """);
        var output = await PgbenchAsync(cluster, $"-n -M prepared -c 32 -j 2 -T {seconds} -f {script}");
        File.Delete(script);
        return double.Parse(Tps().Match(output).Groups[1].Value, CultureInfo.InvariantCulture);
    }

    private static async Task<string> PgbenchAsync(PrivateCluster cluster, string arguments)
    {
        var server = new NpgsqlConnectionStringBuilder(cluster.ConnectionString(role: PrivateCluster.Owner));
        var pgbench = Directory.GetFiles("/usr/lib/postgresql", "pgbench", SearchOption.AllDirectories).Max() ?? "pgbench";
        using var process = Process.Start(new ProcessStartInfo(pgbench, $"{arguments} {server.Database}")
        {
            RedirectStandardOutput = true, RedirectStandardError = true,
            Environment = { ["PGHOST"] = server.Host, ["PGPORT"] = server.Port.ToString(CultureInfo.InvariantCulture), ["PGUSER"] = server.Username },
        })!;
        var errors = process.StandardError.ReadToEndAsync();
        var output = await process.StandardOutput.ReadToEndAsync();
        await process.WaitForExitAsync();
        return process.ExitCode == 0 ? output : throw new InvalidOperationException(await errors);
    }

    private static async Task VerifyAsync(NpgsqlDataSource db)
    {
        await foreach (var finding in Ledger.Audit.LedgerVerify.RunAsync(db, null, default))
            throw new InvalidOperationException($"The bench broke the ledger: {finding}");
        Console.WriteLine("verify: nothing found.");
    }

    [GeneratedRegex(@"tps = ([\d.]+)")]
    private static partial Regex Tps();
}
