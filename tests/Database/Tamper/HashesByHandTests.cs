using System.Buffers.Binary;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using Dapper;
using Guerdon.Identity;
using Guerdon.Identity.Accounts;
using Guerdon.Identity.Audit;
using Guerdon.Storage;
using Microsoft.Extensions.Options;
using Npgsql;

namespace Guerdon.Database.Tamper;

/// <summary>
/// What docs/hashes.md says, done by it alone: nothing of Guerdon's is called here but for the company that is read.
/// </summary>
public sealed class HashesByHandTests(TamperCompany company) : IClassFixture<TamperCompany>
{
    private const string AsText = """
        set timezone = 'UTC'; set datestyle = ISO; set intervalstyle = postgres; set bytea_output = hex;
        set extra_float_digits = 1;
        """;

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Chains_ByHand_AreThoseThatAreStored()
    {
        await using var copy = await company.CopyAsync();
        await using var db = await copy.OpenOutsideAsync();
        var lots = (await RowsAsync(db, "select * from ledger.lot")).ToDictionary(l => (l["transfer_id"], l["lot"]));
        var (chain, wallet) = (new byte[32], Guid.Empty);
        var entries = await RowsAsync(db, "select * from ledger.entry order by wallet_id, seq");
        foreach (var e in entries)
        {
            if ((Guid)e["wallet_id"]! != wallet) (chain, wallet) = (new byte[32], (Guid)e["wallet_id"]!);
            var fields = new Fields().Hash(chain).Of(e, "wallet_id").I64(e["seq"]).Of(e, "transfer_id", "link_id")
                .I16(e["kind"]).I16(e["asset"]).I16(e["from_account"]).I16(e["to_account"])
                .Of(e, "other_wallet", "holder").I32(e["lot"]).I64(e["amount_milli"]).Text(e["key"]).Bytes(e["content"])
                .Of(e, "corrects").Bytes(e["evidence"]).Time(e["at"]);
            if (e["source_id"] is not null) fields.Of(e, "source_id");
            if ((short)e["kind"]! is 2 or 10 && lots.TryGetValue((e["transfer_id"], e["lot"]), out var lot)
                && lot["wallet_id"]!.Equals(e["wallet_id"]))
                fields.Text(lot["tax_class"]).Text(lot["source"]).Time(lot["expires_at"]);
            chain = fields.Sum();
            Assert.Equal(chain, e["hash"]);
        }

        Assert.InRange(entries.Count, 10, 10_000);
    }

    [Fact]
    public async Task Requests_ByHand_AreThoseThatAreStoredAndBooked()
    {
        await using var copy = await company.CopyAsync();
        await using var db = await copy.OpenOutsideAsync();
        var rows = await RowsAsync(db, "select * from metering.request order by request_id");
        foreach (var r in rows) Assert.Equal(RequestOf(r), r["digest"]);

        var booked = rows.Where(r => r["settled_by"] is not null)
            .GroupBy(r => (Wallet: (Guid)r["wallet_id"]!, Source: (Guid)r["settled_by"]!)).ToList();
        Assert.NotEmpty(booked);
        foreach (var flush in booked)
        {
            var entries = (await RowsAsync(db, $"""
                select * from ledger.entry
                 where source_id = '{flush.Key.Source}' and kind in (4, 6) and corrects is null
                """)).Where(e => (Guid)e["wallet_id"]! == flush.Key.Wallet).ToList();
            Assert.Equal(flush.Sum(r => (long)r["charged_milli"]!), entries.Sum(e => (long)e["amount_milli"]!));
            var evidence = SHA256.HashData([.. flush.SelectMany(r => (byte[])r["digest"]!)]);
            Assert.All(entries, e => Assert.Equal(evidence, e["evidence"]));
        }
    }

    private static byte[] RequestOf(Dictionary<string, object?> r)
    {
        var fields = new Fields().Of(r, "wallet_id", "request_id").Time(r["started_at"]).Time(r["ended_at"])
            .Of(r, "holder", "key_id", "price_id");
        foreach (var column in (string[])
        [
            "source", "token_value_nanos", "input", "cached_input", "cache_write_5m", "cache_write_1h", "output",
            "reasoning", "cost_nanos", "cost_milli", "charged_milli", "held_milli", "asked_cap", "sent_cap", "state",
            "outcome", "http_status", "first_byte_us", "duration_us", "request_bytes", "response_bytes",
        ]) fields.I64(r[column] ?? -1L);
        return fields.Text(r["model"]).Text(r["provider"]).Sum(); // the company's requests are of text, without parts
    }

    [Fact]
    public async Task Grants_ByHand_AreThoseThatAreStored()
    {
        await using var copy = await company.CopyAsync();
        await using var db = await copy.OpenOutsideAsync();
        var chunks = new Dictionary<(object?, object?), List<byte>>();
        var lines = await RowsAsync(db, """
            select *, to_char(expires_at at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"0Z"') as ends,
                   vest_from::text as vests
              from compensation.grant_line where live and not rehearsal order by run_id, line
            """);
        foreach (var l in lines)
        {
            List<object?> said =
            [
                l["key"], l["amount_milli"], l["usd_nanos"], l["pay_cents"], l["currency"], l["rate_nanos"],
                l["token_value_nanos"], l["tax_class"], l["source"], l["ends"] ?? "never", l["explanation"],
            ];
            if ((short)l["asset"]! != 1) said.Add($"asset {l["asset"]}");
            if (l["vests"] is { } vests) said.Add($"vests from {vests}");
            if (l["pay_currency"] is { } paid) said.Add($"paid in {paid}");
            var evidence = SHA256.HashData(Encoding.UTF8.GetBytes(string.Join('\n', said)));
            Assert.Equal(evidence, l["evidence"]);
            var chunk = (l["run_id"], l["chunk"]);
            if (!chunks.TryGetValue(chunk, out var all)) chunks[chunk] = all = [];
            all.AddRange(evidence);
        }

        var kept = await RowsAsync(db, "select * from compensation.grant_chunk");
        Assert.NotEmpty(kept);
        Assert.All(kept, c => Assert.Equal(SHA256.HashData([.. chunks[(c["run_id"], c["chunk"])]]), c["content"]));
    }

    [Fact]
    public async Task Acts_ByHand_AreThoseThatAreStored()
    {
        await using var copy = await company.CopyAsync();
        var accounts = new AccountDirectory(copy.Db, TimeProvider.System, Options.Create(new SignInOptions()));
        using (Acting.As(new LocalAct("account create", TimeProvider.System)))
            for (var i = 0; i < 3; i++)
                await accounts.CreateAsync($"hand-{i}@corp.example", "É", ["employee"], null, "a-long-password", Ct);
        await ChainActs.PassAsync(copy.Db, TimeProvider.System, Ct);
        await using var db = await copy.OpenOutsideAsync();
        var (chain, acts) = (new byte[32], await RowsAsync(db, "select * from host.act order by seq"));
        foreach (var a in acts)
        {
            chain = new Fields().Hash(chain).I64(a["seq"]).Of(a, "act_id", "request_id").Time(a["at"])
                .Text(a["kind"]).Text(a["who"]).Of(a, "account_id", "person_id").Text(a["means"]).Of(a, "means_id")
                .Text(a["roles"]).Text(a["address"]).Text(a["endpoint"]).Text(a["permission"]).Text(a["subject"])
                .Of(a, "about_id").I64(a["status"]).I64(a["times"]).Sum();
            Assert.Equal(chain, a["hash"]);
        }

        Assert.True(acts.Count >= 3, $"Only {acts.Count} acts.");
        Assert.Equal(chain, (await RowsAsync(db, "select hash from host.act_head order by seq")).Last()["hash"]);
    }

    [Fact]
    public async Task Seals_ByHand_AreThoseThatAreStored()
    {
        await using var copy = await company.CopyAsync();
        await using var db = await copy.OpenOutsideAsync();
        var tables = new SortedDictionary<string, (long Rows, long Changes, byte[] Root)>(StringComparer.Ordinal);
        var root = new byte[32];
        var seals = await RowsAsync(db, "select *, day - date '0001-01-01' as number from ledger.seal order by day");
        foreach (var seal in seals)
        {
            var changes = 0L;
            foreach (var name in tables.Keys.ToArray()) tables[name] = tables[name] with { Changes = 0 };
            foreach (var lines in (await RowsAsync(db, $"""
                select * from kernel.change where sealed_on = '{seal["day"]:yyyy-MM-dd}' order by seq
                """)).GroupBy(c => (string)c["table_name"]!))
            {
                var before = tables.GetValueOrDefault(lines.Key, (0, 0, new byte[32]));
                var fields = new Fields().Hash(before.Root);
                foreach (var line in lines) AddChange(fields, line);
                tables[lines.Key] = (before.Rows + lines.Sum(Added), lines.Count(), fields.Sum());
                changes += lines.Count();
            }

            var day = new Fields().Hash(root);
            var heads = await RowsAsync(db, $"""
                select distinct on (wallet_id) wallet_id, seq, hash, count(*) over () as entries from ledger.entry
                 where at >= '{seal["day"]:yyyy-MM-dd} 00:00+00' and at < '{seal["day"]:yyyy-MM-dd} 24:00+00'
                 order by wallet_id, seq desc
                """);
            foreach (var head in heads) day.Of(head, "wallet_id").I64(head["seq"]).Hash((byte[])head["hash"]!);
            var entries = heads.Count == 0 ? 0L : (long)heads[0]["entries"]!;
            var sealedAt = ((DateTime)seal["sealed_at"]!).Ticks; // from the year 1 on, in tenths of a microsecond
            foreach (var number in (object[])
                [seal["number"]!, heads.Count, entries, sealedAt, 2, changes, tables.Count]) day.NoId().I64(number);
            foreach (var (name, table) in tables)
                day.Text(name).I64(table.Rows).I64(table.Changes).Hash(table.Root);
            root = day.Sum();
            Assert.Equal(root, seal["root"]);
        }

        Assert.Equal(company.SavedRoot, Convert.ToHexStringLower(root));
        Assert.InRange(tables.Count, 14, 100);
    }

    [Fact]
    public async Task GuardedRows_ByHand_HaveTheDigestsThatAreStored()
    {
        await using var copy = await company.CopyAsync();
        await using var db = await copy.OpenOutsideAsync();
        await db.ExecuteAsync(AsText);
        var guards = await db.QueryAsync<(string Table, byte[] Arguments)>(
            "select tgrelid::regclass::text, tgargs from pg_trigger where tgname = 'zzz_guard_row'");
        var rows = 0L;
        foreach (var (table, arguments) in guards)
        {
            var without = Encoding.UTF8.GetString(arguments).TrimEnd('\0').Split(',', StringSplitOptions
                .RemoveEmptyEntries).Append("digest").ToArray();
            var (all, good) = await db.QuerySingleAsync<(long, long)>($"""
                select count(*), count(*) filter (where digest
                           = sha256(convert_to((to_jsonb(r) - @without)::text, 'UTF8')))
                  from {table} r
                """, new { without });
            Assert.True(all == good, $"{table}: {good} of {all}");
            rows += all;
        }

        Assert.InRange(rows, 30, 1_000_000);
    }

    private static void AddChange(Fields fields, Dictionary<string, object?> c)
    {
        fields.I64(c["seq"]).Time(c["at"]).Text(c["row_key"]).Text(c["op"]).Bytes(c["digest"])
            .I16((bool)c["breaks"]! ? 1 : 0).I32((c["row_keys"] as Array)?.Length ?? -1);
        foreach (var key in c["row_keys"] as Array ?? Array.Empty<string>()) fields.Text(key);
        foreach (var digest in c["digests"] as Array ?? Array.Empty<byte[]>()) fields.Bytes(digest);
        fields.I32((c["ids"] as Array)?.Length ?? -1);
        foreach (var id in c["ids"] as Array ?? Array.Empty<Guid>()) fields.Id(id);
        fields.Text(c["role"]).Text(c["program"]);
        if (c["act_id"] is { } act) fields.Id(act);
    }

    private static long Added(Dictionary<string, object?> c) => (string)c["op"]! switch
    {
        "insert" or "adopt" => (c["row_keys"] as Array)?.Length ?? 1,
        "delete" => -((c["row_keys"] as Array)?.Length ?? 1),
        "batch" => (c["ids"] as Array)?.Length ?? 0,
        _ => 0,
    };

    private static async Task<List<Dictionary<string, object?>>> RowsAsync(NpgsqlConnection db, string sql)
    {
        await using var command = new NpgsqlCommand(sql, db);
        await using var reader = await command.ExecuteReaderAsync(Ct);
        var rows = new List<Dictionary<string, object?>>();
        while (await reader.ReadAsync(Ct))
            rows.Add(Enumerable.Range(0, reader.FieldCount).ToDictionary(
                reader.GetName, i => reader.IsDBNull(i) ? null : reader.GetValue(i)));
        return rows;
    }

    /// <summary>Fields one after the other, as the page has them.</summary>
    private sealed class Fields
    {
        private readonly List<byte> _all = [];

        public byte[] Sum() => SHA256.HashData([.. _all]);

        public Fields Hash(byte[] hash) => Add(hash);
        public Fields NoId() => Add(new byte[16]);
        public Fields Id(object? id) => Add(id is Guid given ? given.ToByteArray(bigEndian: true) : new byte[16]);

        public Fields Of(Dictionary<string, object?> row, params string[] ids)
        {
            foreach (var id in ids) Id(row[id]);
            return this;
        }

        public Fields I16(object? value) => Number(value, 2);
        public Fields I32(object? value) => Number(value, 4);
        public Fields I64(object? value) => Number(value, 8);

        public Fields Time(object? at) =>
            I64(at is DateTime given ? (given - DateTime.UnixEpoch).Ticks / TimeSpan.TicksPerMicrosecond : -1L);

        public Fields Text(object? text) => Bytes(Encoding.UTF8.GetBytes((string)text!));
        public Fields Bytes(object? bytes) => bytes is byte[] given ? I32(given.Length).Add(given) : I32(-1);

        private Fields Number(object? value, int size)
        {
            var bytes = new byte[8];
            BinaryPrimitives.WriteInt64BigEndian(bytes, Convert.ToInt64(value, CultureInfo.InvariantCulture));
            return Add(bytes[(8 - size)..]);
        }

        private Fields Add(byte[] bytes)
        {
            _all.AddRange(bytes);
            return this;
        }
    }
}
