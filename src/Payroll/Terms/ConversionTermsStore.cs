using System.Text.Json.Serialization;
using Guerdon.Approvals.Inputs;
using Guerdon.Kernel;
using Guerdon.Storage;
using Npgsql;

namespace Guerdon.Payroll.Terms;

/// <summary>One version of the terms of conversion.</summary>
[JsonConverter(typeof(IdConverter<TermsId>))]
public readonly record struct TermsId(Guid Value) : IId<TermsId>
{
    public static string Prefix => "trm";
    public static TermsId From(Guid value) => new(value);
    public static bool TryParse(string? text, out TermsId id) => Id.TryParse(text, out id);
    public override string ToString() => Id.Format(this);
}

/// <summary>A version of the terms as it was applied.</summary>
public sealed record AppliedTerms(
    TermsId Id, int Version, DateOnly EffectiveFrom, string AppliedBy, DateTimeOffset AppliedAt, string Yaml)
{
    private ConversionTerms? _terms;

    /// <summary>What it states.</summary>
    [JsonIgnore] public ConversionTerms Terms => _terms ??= ConversionTermsFile.ReadApplied(Yaml);
}

/// <summary>Terms in the database: versions are added and never changed.</summary>
public static class ConversionTermsStore
{
    private const string Columns =
        "select terms_id, version, effective_from, applied_by, applied_at, yaml from compensation.v_conversion_terms ";

    private const string All = Columns + "order by version desc limit 1000";
    private const string Newest = Columns + "order by version desc limit 1";
    private const string InEffect = Columns + "where effective_from <= $1 order by version desc limit 1";

    private const string From = Columns + """
         t where not exists (
                select from compensation.v_conversion_terms later
                 where later.version > t.version and later.effective_from <= greatest(t.effective_from, $1))
            or not exists (
                select from compensation.v_conversion_terms later
                 where later.version > t.version and later.applied_at <= $2
                   and later.effective_from <= greatest(t.effective_from, $3))
         order by version desc
        """;

    // One caller at a time, since two would both take the next version.
    private const string OneAtATime = "compensation.terms";

    private const string Insert = """
        insert into compensation.conversion_terms (terms_id, version, effective_from, applied_by, applied_at, yaml)
        values ($1, $2, $3, $4, $5, $6)
        """;

    /// <summary>Every version, the newest first.</summary>
    public static async Task<IReadOnlyList<AppliedTerms>> AllAsync(NpgsqlDataSource db, CancellationToken ct) =>
        await db.ReadAsync(All, TermsOf, [], ct);

    /// <summary>The newest version in effect on a day (UTC), or null.</summary>
    public static Task<AppliedTerms?> InEffectAsync(NpgsqlDataSource db, DateOnly day, CancellationToken ct) =>
        db.FirstAsync(InEffect, TermsOf, [day], ct);

    /// <summary>Those in force on a day or from a later one on, and those that people had lately; the newest first,
    /// which is always among them.</summary>
    internal static Task<List<AppliedTerms>> FromAsync(
        NpgsqlConnection at, DateOnly day, HeldSince since, CancellationToken ct) =>
        at.ReadAsync(From, TermsOf, [day, since.At, since.Day], ct);

    /// <summary>The newest version, in effect or not, or null.</summary>
    internal static Task<AppliedTerms?> NewestAsync(NpgsqlConnection at, CancellationToken ct) =>
        at.FirstAsync(Newest, TermsOf, [], ct);

    /// <summary>Nobody else adds a version until the transaction ends.</summary>
    internal static Task LockAsync(NpgsqlConnection at, CancellationToken ct) =>
        Locks.InTransactionAsync(at, OneAtATime, ct);

    /// <summary>Adds the next version, in the caller's transaction.</summary>
    internal static async Task<AppliedTerms> AddAsync(
        NpgsqlConnection at, ConversionTerms terms, string yaml, Actor by, TimeProvider clock, CancellationToken ct)
    {
        await LockAsync(at, ct);
        var (newest, now) = (await NewestAsync(at, ct), clock.NowMicros());
        var added = new AppliedTerms(
            Id.New<TermsId>(clock), (newest?.Version ?? 0) + 1, terms.EffectiveFrom, by.Name, now, yaml);
        await at.ExecuteAsync(
            Insert, [added.Id.Value, added.Version, added.EffectiveFrom, added.AppliedBy, now, yaml], ct);
        return added;
    }

    private static AppliedTerms TermsOf(Row row) => new(
        row.Id<TermsId>("terms_id"), row.Int4("version"), row.Date("effective_from"), row.Text("applied_by"),
        row.Instant("applied_at"), row.Text("yaml"));
}
