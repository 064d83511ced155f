using System.Runtime.CompilerServices;
using Guerdon.Kernel;
using Guerdon.Payroll.Pay;
using Guerdon.Storage;
using Npgsql;

namespace Guerdon.Payroll.PayProofs;

/// <summary>Recomputes every pay line from what it rests on, and looks for tokens paid out without one.</summary>
public static class VerifyPayLines
{
    private const string Unpaid = """
        select e.wallet_id, e.key from ledger.v_entry e
         where e.kind = ledger.kind_convert() and not exists (
            select from compensation.v_pay_line l
             where l.person_id = e.wallet_id and l.kind = 'conversion' and l.conversion_id = e.source_id)
        """;

    /// <summary>Reads only; what goes on meanwhile does not disturb it.</summary>
    public static async IAsyncEnumerable<Finding> RunAsync(
        NpgsqlDataSource db, [EnumeratorCancellation] CancellationToken ct)
    {
        PayLineId? before = null;
        for (var page = await PayLines.PageAsync(db, null, null, before, ct); page.Count > 0;
            page = await PayLines.PageAsync(db, null, null, before, ct))
        {
            foreach (var line in page)
                if ((await ShowPayLine.DetailAsync(db, line, ct)).Refused is { } no)
                    yield return new("compensation.pay_line", $"pay_line_id={line.Id.Value}", no.Detail);
            before = page[^1].Id;
        }

        var unpaid = db.StreamAsync(
            Unpaid, row => $"wallet_id={row.Uuid("wallet_id")}, key={row.Text("key")}", [], ct);
        await foreach (var entry in unpaid)
            yield return new("ledger.entry", entry, "tokens were converted without a pay line");
    }
}
