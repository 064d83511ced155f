using System.Buffers.Binary;
using Guerdon.Kernel;
using Guerdon.Ledger;
using Guerdon.Ledger.Transfers;
using Guerdon.Metering.Requests;
using Guerdon.People.Employees;
using Guerdon.Pricing.Book;
using Guerdon.Pricing.Costing;
using Guerdon.Storage;
using Npgsql;
using NpgsqlTypes;

namespace Guerdon.Metering.UsageImports;

/// <summary>Prices, assigns and books the rows of a file that was read.</summary>
internal sealed class UsageImporter(
    NpgsqlDataSource db, LedgerWriter ledger, PriceBook prices, PeopleDirectory people, TimeProvider clock)
{
    private const string DefaultSource = "csv";
    private const int MaxErrors = 10_000;

    // A billion USD, or as many tokens. It must be an error of units, and is far below what sums can hold.
    private const long MostCost = 1_000_000_000_000_000_000;
    private static readonly string AppendImportedSql = Sql.Read("Metering/UsageImports/AppendImported.sql");

    /// <returns>What was booked, or why nothing was, with the errors of all rows.</returns>
    public async Task<Result<ImportUsage.Reply>> RunAsync(
        UsageFile file, ImportUsage.Options options, CancellationToken ct)
    {
        var source = options.Source ?? DefaultSource;
        var errors = new List<RowError>(file.Errors);
        var reader = new ImportReader(db);
        var assign = new Assignment(await PeopleAsync(ct), await reader.UserIdsAsync(ct));
        var known = await reader.KnownAsync(source, file.Rows, ct);
        var (fresh, changed) = Sort(file.Rows, known, assign, options, errors);
        var priced = new List<(UsageRow Row, RequestRecord Record)>(fresh.Count);
        foreach (var row in fresh)
            if (RecordOf(row, source, options, assign, errors) is { } record) priced.Add((row, record));

        var records = await ChargeAsync(reader, priced, options.Charge ?? Charging.Available, errors, ct);
        errors.Sort((a, b) => a.Line.CompareTo(b.Line));
        if (CostOf(records) > MostCost)
            return Invalid(
                "Its rows cost more than a billion USD, or as many tokens, together. Check that tokens are in the "
                + "columns that are mapped.", errors);
        var skipped = file.BadRows + changed + fresh.Count - records.Count;
        var reply = Reply(file, records, file.Rows.Count - fresh.Count - changed, skipped, errors);
        if (file.HasNoHeader || (errors.Count > 0 && options.SkipBad is not true))
            return options.DryRun is true && !file.HasNoHeader ? reply with { Booked = 0 } : Invalid(
                file.HasNoHeader ? "The file does not have the mapped columns."
                    : $"{skipped} of {Wording.Count(file.RowCount, "row")} {(skipped == 1 ? "is" : "are")} bad.",
                errors);
        if (options.DryRun is true || records.Count == 0) return reply;

        return await BookAsync(source, records, ct) is { } refused ? refused with { Errors = Listed(errors) } : reply;
    }

    private static Refused Invalid(string detail, List<RowError> errors) =>
        MeteringRefusals.ImportInvalid.With(detail) with { Errors = Listed(errors) };

    private static IReadOnlyList<RowError> Listed(List<RowError> errors) => [.. errors.Take(MaxErrors)];

    private static Int128 CostOf(List<(UsageRow Row, RequestRecord Record)> records)
    {
        var (nanos, milli) = (Int128.Zero, Int128.Zero);
        foreach (var (_, record) in records)
            (nanos, milli) = (nanos + record.Cost.Money.Nanos, milli + record.Cost.Charge.Milli);
        return Int128.Max(nanos, milli);
    }

    // What is to be booked, and how many rows were booked otherwise: the same row with other figures is not the same.
    private static (List<UsageRow> Fresh, int Changed) Sort(
        IReadOnlyList<UsageRow> rows, Dictionary<string, BookedRow> known, Assignment assign,
        ImportUsage.Options options, List<RowError> errors)
    {
        var (fresh, changed) = (new List<UsageRow>(), 0);
        foreach (var row in rows)
        {
            if (!known.TryGetValue(Convert.ToHexString(row.Key), out var booked))
            {
                fresh.Add(row);
                continue;
            }

            var wallet = row.Person is null ? null : assign.WalletOf(row);
            if (booked.Differs(row, row.Model ?? options.Model!, wallet) is not { } differs) continue;
            changed++;
            errors.Add(new(row.Line, null, $"It was booked before with other figures: {differs}. What was booked "
                + "stays; give a row of its own another id."));
        }

        return (fresh, changed);
    }

    private async Task<Refused?> BookAsync(
        string source, List<(UsageRow Row, RequestRecord Record)> records, CancellationToken ct)
    {
        foreach (var month in records.Select(r => (r.Record.StartedAt.Year, r.Record.StartedAt.Month)).Distinct())
            await MonthPartitions.EnsureAsync(db, new(month.Year, month.Month, 1), ct);

        var flush = new Flush(Id.New<RequestId>(clock).Value, TransferKind.Spend, records.Select(r => r.Record));
        var posted = await ledger.PostAsync(flush.Transfers, flush.With(AppendImported), ct);
        return posted.Select(p => p.Refused)
            .FirstOrDefault(r => r is not null && r.Refusal != LedgerRefusals.LinkedRefused);

        NpgsqlBatchCommand AppendImported()
        {
            var command = new NpgsqlBatchCommand(AppendImportedSql);
            command.Parameters.Add(new NpgsqlParameter<string> { TypedValue = source });
            command.Parameters.Add(Columns.Of(NpgsqlDbType.Bytea, records, r => r.Row.Key));
            command.Parameters.Add(Columns.Of(NpgsqlDbType.Uuid, records, r => r.Record.Wallet.Value));
            command.Parameters.Add(Columns.Of(NpgsqlDbType.Uuid, records, r => r.Record.Id.Value));
            return command;
        }
    }

    private RequestRecord? RecordOf(
        UsageRow row, string source, ImportUsage.Options options, Assignment assign, List<RowError> errors)
    {
        if (assign.WalletOf(row) is not { } wallet)
        {
            errors.Add(new(row.Line, null, row.Person is null
                ? "There is nobody to assign it to; import people first."
                : $"There is no person '{row.Person}', by e-mail, id or provider's user id."));
            return null;
        }

        var model = row.Model ?? options.Model!;
        var pricedAt = options.PriceDate is { } day
            ? new DateTimeOffset(day.ToDateTime(default), TimeSpan.Zero) : new DateTimeOffset(row.Time);
        if (prices.Find(model, ServiceTier.Standard, pricedAt) is not (var price, var isExact))
        {
            errors.Add(new(row.Line, null,
                $"There is no price for '{model}' on {pricedAt:yyyy-MM-dd}; name a model of the price book, or the "
                    + "day to price it as of."));
            return null;
        }

        var usage = new Usage(row.Input - row.Cached, row.Cached, 0, 0, row.Output, 0);
        var value = prices.TokenValueAt(pricedAt);
        var cost = Cost.Of(price, usage, value);
        return new()
        {
            Wallet = wallet, Id = IdOf(row, source), StartedAt = row.Time, EndedAt = row.Time, Source = Source.Import,
            Model = model, Provider = price.Provider, PriceId = price.Id, TokenValueNanos = value, Usage = usage,
            Cost = cost, State = isExact ? RecordState.Settled : RecordState.Provisional, Outcome = Outcome.Answered,
            HttpStatus = 200, Parts = isExact ? [] : [Undated(model, price, usage)],
        };
    }

    // A dated name without a row of its own is priced by the undated one's, which may differ: so the part is marked.
    private static RequestPart Undated(string model, Price price, Usage usage)
    {
        var part = new RequestPart(PartKind.Tokens, model, price.Id) { Usage = usage, Doubts = Doubts.UndatedPrice };
        return part with { CostFemto = part.CostBy(price) };
    }

    // In the file's order, so that the same import always charges the same rows where a wallet does not cover all.
    private async Task<List<(UsageRow Row, RequestRecord Record)>> ChargeAsync(
        ImportReader reader, List<(UsageRow Row, RequestRecord Record)> priced, string how, List<RowError> errors,
        CancellationToken ct)
    {
        var charging = new Charging(how, await reader.AvailableAsync(
            [.. priced.Select(r => r.Record.Wallet).Distinct()], clock.GetUtcNow(), ct));
        var records = new List<(UsageRow Row, RequestRecord Record)>(priced.Count);
        foreach (var (row, record) in priced)
        {
            if (charging.Take(record.Wallet, record.Cost.Charge) is { } paid)
                records.Add((row, record with { Charged = paid }));
            else
                errors.Add(new(row.Line, null, $"It costs {record.Cost.Charge} tokens, and {record.Wallet} has "
                    + $"{charging.Left(record.Wallet)} left; grant more first, or charge what is available."));
        }

        return records;
    }

    private async Task<List<Person>> PeopleAsync(CancellationToken ct)
    {
        var all = new List<Person>();
        await foreach (var person in people.ListAsync(DateOnly.MinValue, DateOnly.MaxValue, ct)) all.Add(person);
        return all;
    }

    // From the row, so that the same row has the same id wherever and whenever it is imported.
    private static RequestId IdOf(UsageRow row, string source)
    {
        Span<byte> seed = stackalloc byte[64];
        row.Key.CopyTo(seed);
        System.Security.Cryptography.SHA256.HashData(System.Text.Encoding.UTF8.GetBytes(source), seed[32..]);
        var id = System.Security.Cryptography.SHA256.HashData(seed).AsSpan(0, 16);
        id[6] = (byte)((id[6] & 0x0F) | 0x80); // version 8: by a rule of our own (RFC 9562)
        id[8] = (byte)((id[8] & 0x3F) | 0x80);
        return new(new Guid(id, bigEndian: true));
    }

    private static ImportUsage.Reply Reply(
        UsageFile file, List<(UsageRow Row, RequestRecord Record)> records, int already, int skipped,
        List<RowError> errors) => new(
        file.RowCount, records.Count, already, skipped, errors.Count,
        records.Select(r => r.Record.Wallet).Distinct().Count(),
        new(records.Sum(r => r.Record.Usage.Input), records.Sum(r => r.Record.Usage.CachedInput),
            records.Sum(r => r.Record.Usage.CacheWrite5m), records.Sum(r => r.Record.Usage.CacheWrite1h),
            records.Sum(r => r.Record.Usage.Output)),
        records.Sum(r => r.Record.Cost.Money.Nanos), records.Sum(r => r.Record.Cost.Charge.Milli),
        records.Sum(r => r.Record.Charged.Milli), Listed(errors), file.ReadAs);
}

/// <summary>Whose a row is: who it names, or one of all people by the row's hash.</summary>
internal sealed class Assignment
{
    private readonly Dictionary<string, Guid> _byName;
    private readonly Guid[] _everybody;

    public Assignment(IReadOnlyList<Person> people, IReadOnlyDictionary<string, Guid> userIds)
    {
        _byName = new(userIds, StringComparer.OrdinalIgnoreCase);
        foreach (var person in people)
        {
            _byName[person.Email] = person.Id.Value;
            _byName[person.Id.ToString()] = person.Id.Value;
        }

        _everybody = [.. people.Where(p => !p.IsBot && p.LeftOn is null).Select(p => p.Id.Value).Order()];
    }

    public WalletId? WalletOf(UsageRow row)
    {
        if (row.Person is { } named) return _byName.TryGetValue(named, out var id) ? new WalletId(id) : null;
        if (_everybody.Length == 0) return null;
        return new(_everybody[BinaryPrimitives.ReadUInt64BigEndian(row.Key) % (ulong)_everybody.Length]);
    }
}
