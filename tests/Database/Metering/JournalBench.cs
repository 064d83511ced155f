using Guerdon.Database.Ledger;
using Guerdon.Kernel;
using Guerdon.Ledger;
using Guerdon.Metering;
using Guerdon.Metering.Requests;
using Guerdon.Metering.Settlement;
using Guerdon.Metering.Verification;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;

namespace Guerdon.Database.Metering;

/// <summary>A ledger and a journal over a database of their own.</summary>
public sealed class JournalBench : IAsyncLifetime
{
    public LedgerBench Ledger { get; } = new();
    public RequestJournal Journal { get; private set; } = null!;
    public Settlements Settlements { get; private set; } = null!;

    /// <summary>The journal's and its settlements'.</summary>
    public TimeProvider Clock { get; init; } = TimeProvider.System;

    internal CountingLog Logged { get; } = new();

    /// <summary>Counts what is logged at error level.</summary>
    internal sealed class CountingLog : ILogger<Settlements>
    {
        public int Errors { get; private set; }

        public IDisposable? BeginScope<TState>(TState state) where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => logLevel >= LogLevel.Error;

        public void Log<TState>(
            LogLevel logLevel, EventId eventId, TState state, Exception? exception,
            Func<TState, Exception?, string> formatter)
        {
            if (logLevel >= LogLevel.Error) Errors++;
        }
    }

    public async ValueTask InitializeAsync()
    {
        await Ledger.InitializeAsync();
        await MonthPartitions.EnsureAsync(Ledger.Db, DateOnly.FromDateTime(Now()), default);
        var options = Options.Create(new MeteringOptions { FlushEvery = TimeSpan.FromMilliseconds(10) });
        Journal = new(Ledger.Db, Ledger.Writer, options, Clock, NullLogger<RequestJournal>.Instance);
        Settlements = new(Ledger.Db, Ledger.Writer, Journal, options, Clock, Logged);
        await Journal.StartAsync(default);
    }

    public static DateTime Now()
    {
        var now = TimeProvider.System.GetUtcNow().UtcDateTime;
        return now.AddTicks(-(now.Ticks % TimeSpan.TicksPerMicrosecond));
    }

    public static Opening Open(WalletId wallet, long heldMilli, int holder = 1) => new(
        wallet, Id.New<RequestId>(TimeProvider.System), Now(), LedgerBench.Holder(holder), Guid.Empty, "a-model",
        new(heldMilli));

    public static RequestRecord Close(Opening o, long chargedMilli) => new()
    {
        Wallet = o.Wallet, Id = o.Id, StartedAt = o.StartedAt, EndedAt = Now(), Source = Source.Gateway,
        Holder = o.Holder,
        KeyId = o.KeyId, Model = o.Model, Provider = "nobody", TokenValueNanos = 1_000, Usage = new(10, 0, 0, 0, 5, 0),
        Cost = new(new(chargedMilli), new(chargedMilli)), Charged = new(chargedMilli), Held = o.Held,
        State = RecordState.Estimated, Outcome = Outcome.Answered, HttpStatus = 200,
    };

    public async Task<List<Finding>> VerifyAsync()
    {
        var found = new List<Finding>(await Ledger.VerifyAsync());
        await foreach (var finding in MeteringVerify.RunAsync(Ledger.Db, null, default)) found.Add(finding);
        return found;
    }

    public async ValueTask DisposeAsync()
    {
        await Journal.StopAsync(default);
        await Ledger.DisposeAsync();
    }
}
