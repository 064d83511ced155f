using System.Text.RegularExpressions;
using Dapper;
using Guerdon.Ledger.Accounts;
using Guerdon.Ledger.Transfers;
using Guerdon.Metering.Requests;
using Guerdon.Tests;

namespace Guerdon.Database.Ledger;

/// <summary>The names that codes have in SQL are the program's enums, and all of them.</summary>
public sealed partial class CodeNamesTests(TestDatabase database) : IClassFixture<TestDatabase>
{
    [Fact]
    public async Task Functions_AreTheEnums()
    {
        await using var connection =
            await database.Db.OpenConnectionAsync(TestContext.Current.CancellationToken);
        var names = await connection.QueryAsync<string>("""
            select p.oid::regproc::text from pg_proc p
             where p.pronargs = 0 and p.prorettype = 'int2'::regtype and p.provolatile = 'i' and p.proparallel = 's'
               and p.pronamespace::regnamespace::text in ('ledger', 'metering')
            """);
        var found = new Dictionary<string, short>();
        foreach (var name in names) found[name] = await connection.ExecuteScalarAsync<short>($"select {name}()");

        Assert.Equal(
            Of<TransferKind>("ledger.kind_").Concat(Of<AccountKind>("ledger.account_"))
                .Concat(Of<Asset>("ledger.asset_"))
                .Concat(Of<Source>("metering.source_")).Concat(Of<RecordState>("metering.state_"))
                .Concat(Of<Outcome>("metering.outcome_")).Concat(Of<PartKind>("metering.part_"))
                .Append(new("ledger.account_elsewhere", 0)).OrderBy(code => code.Key, StringComparer.Ordinal),
            found.OrderBy(code => code.Key, StringComparer.Ordinal));
    }

    private static IEnumerable<KeyValuePair<string, short>> Of<T>(string prefix) where T : struct, Enum =>
        Enum.GetValues<T>().Select(value => new KeyValuePair<string, short>(
            prefix + Capital().Replace($"{value}", "_$0").ToLowerInvariant(), (short)(object)value));

    [GeneratedRegex("(?<!^)[A-Z]")]
    private static partial Regex Capital();
}
