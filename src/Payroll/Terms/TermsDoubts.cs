using Guerdon.Kernel;
using Npgsql;

namespace Guerdon.Payroll.Terms;

/// <summary>Terms of conversion that were applied once and would be refused today, because new ones must meet more:
/// most of all, rates far from what a token is worth. They stay in effect until others are applied.</summary>
public static class TermsDoubts
{
    private const int MostReasons = 5;

    /// <param name="Version">Of the terms.</param>
    /// <param name="EffectiveFrom">Their first day (UTC).</param>
    /// <param name="Reasons">Why, in words; the first five.</param>
    public sealed record Doubt(int Version, DateOnly EffectiveFrom, IReadOnlyList<string> Reasons);

    /// <summary>Of the terms in effect, and of those that will be.</summary>
    /// <param name="db">Where they are stored.</param>
    /// <param name="book">What rates are compared with.</param>
    /// <param name="now">The instant.</param>
    /// <param name="ct">Stops it.</param>
    public static async Task<IReadOnlyList<Doubt>> ReadAsync(
        NpgsqlDataSource db, RateBook book, DateTimeOffset now, CancellationToken ct) =>
        Of(await ConversionTermsStore.AllAsync(db, ct), book, now.UtcDay());

    /// <summary>The same, of what is read already.</summary>
    /// <param name="newestFirst">All versions.</param>
    /// <param name="book">What rates are compared with.</param>
    /// <param name="today">The day (UTC).</param>
    public static IReadOnlyList<Doubt> Of(IReadOnlyList<AppliedTerms> newestFirst, RateBook book, DateOnly today)
    {
        var inEffect = newestFirst.FirstOrDefault(terms => terms.EffectiveFrom <= today)?.Version ?? 0;
        return
        [
            .. from terms in newestFirst.TakeWhile(terms => terms.Version >= inEffect)
               let errors = ConversionTermsFile.Read(terms.Yaml, book).Errors
               where errors.Count > 0
               select new Doubt(terms.Version, terms.EffectiveFrom,
                   [.. errors.Take(MostReasons).Select(error => error.Reason)]),
        ];
    }
}
