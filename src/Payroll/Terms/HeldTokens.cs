using Guerdon.Approvals.Inputs;
using Guerdon.Ledger.Lots;
using Guerdon.Storage;
using Npgsql;

namespace Guerdon.Payroll.Terms;

/// <summary>Who holds tokens that convert, and to what. Terms offer the same to all, and pay those alone who hold
/// some.</summary>
internal sealed class HeldTokens
{
    // A wallet has the id of whose it is. What is set aside, for a conversion that may be withdrawn or a call, is held.
    private const string Held = """
        select wallet_id, array_agg(distinct tax_class) as classes
          from ledger.v_lot
         where tax_class = any ($1)
           and available_milli + unvested_milli + locked_milli + escrow_milli > 0
           and (expires_at is null or expires_at > $2)
         group by wallet_id
        """;

    private const string OfHolder = ", of who holds such tokens";

    private static readonly IReadOnlyList<(string Prefix, string TaxClass)> Forms =
        [.. Enum.GetValues<PayForm>().Select(form => ($"{PayForms.NameOf(form)}, ", PayForms.ClassOf(form).Name))];

    private readonly Dictionary<Guid, string[]> _classes;

    private HeldTokens(Dictionary<Guid, string[]> classes) => _classes = classes;

    /// <summary>As things are.</summary>
    public static async Task<HeldTokens> ReadAsync(NpgsqlDataSource db, DateTimeOffset now, CancellationToken ct)
    {
        var rows = await db.ReadAsync(
            Held, row => (Wallet: row.Uuid("wallet_id"), Classes: row.Get<string[]>("classes")),
            [Forms.Select(form => form.TaxClass).ToArray(), now], ct);
        return new(rows.ToDictionary(row => row.Wallet, row => row.Classes));
    }

    /// <summary>What of an offer is another for somebody as a holder of tokens: of the forms that theirs become, and of
    /// what holds for every form.</summary>
    public InputDifferences Of(Guid person, InputDifferences offer) =>
        !_classes.TryGetValue(person, out var classes) ? InputDifferences.Nothing()
            : offer.Select(one => Concerns(one, classes)
                ? one with { Of = one.Of + OfHolder } : (InputDifference?)null);

    /// <summary>Whether it says the same as another difference of theirs.</summary>
    public static bool IsOfHolder(InputDifference one) => one.Of.EndsWith(OfHolder, StringComparison.Ordinal);

    // What may be claimed back takes no tokens.
    private static bool Concerns(InputDifference one, string[] classes)
    {
        foreach (var (prefix, taxClass) in Forms)
            if (one.Of.StartsWith(prefix, StringComparison.Ordinal)) return classes.Contains(taxClass);
        return !ConversionOffer.IsOfClaims(one.Of);
    }
}
