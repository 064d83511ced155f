using System.Security.Cryptography;
using System.Text;
using Guerdon.Kernel;
using Guerdon.People.Employees;
using Guerdon.People.Spans;
using Npgsql;

namespace Guerdon.People.Proposals;

/// <summary>A file of people. Rows without a day of their own hold from the day on which it was given.</summary>
/// <param name="Day">When it was given.</param>
/// <param name="ReadAs">How it was read as it came in.</param>
/// <param name="Csv">The file.</param>
internal sealed record GivenFile(DateOnly Day, string ReadAs, string Csv) : PeopleGiven(Day)
{
    protected override string Form => File;
    protected override string Note => ReadAs;
    protected override string Content => Csv;

    public override async Task<Result<Guid[]>> PeopleAsync(NpgsqlConnection at, CancellationToken ct)
    {
        var (rows, file) = await RowsAsync(at, ct);
        if (file.Errors.Count > 0) return Invalid(file);
        return (await KnownPeople.ReadAsync(at, rows, ct)).ById.Keys.ToArray();
    }

    public override async Task<Result<Written>> WriteAsync(NpgsqlConnection at, Maker maker, CancellationToken ct)
    {
        var (rows, file) = await RowsAsync(at, ct);
        var saved = file.Errors.Count == 0 ? await SavePeople.InTransactionAsync(at, rows, file.Errors, maker, ct)
            : default;
        if (file.Errors.Count > 0) return Invalid(file);
        return new Written(
            ImportPeople.ReplyOf(file.RowCount, saved, ReadAs), saved.Changed,
            $"people: {saved.Created:#,0} new, {saved.Updated:#,0} changed", SubjectOf(rows));
    }

    private async Task<(IReadOnlyList<PersonRow> Rows, PeopleFile File)> RowsAsync(
        NpgsqlConnection at, CancellationToken ct)
    {
        var kinds = await IdentityKind.AllAsync(at, ct);
        var file = await PeopleFile.ReadAsync(new MemoryStream(Encoding.UTF8.GetBytes(Csv)), kinds, ct);
        // PostgreSQL has no such text to keep.
        if (file.Errors.Count == 0 && Csv.Contains('\0', StringComparison.Ordinal))
            file.Errors.Add(0, null, "The file has a character of the number 0 in it; save it as text.");
        return (
            [.. file.Rows.Select(row => row with { Dated = row.Dated with { From = row.Dated.From ?? Day } })], file);
    }

    private static Refused Invalid(PeopleFile file) => PeopleRefusals.ImportInvalid.With(
        $"{Wording.Count(file.Errors.Count, "error")} in {Wording.Count(file.RowCount, "row")}.") with
    {
        Errors = file.Errors.InOrder,
    };

    // A file takes the place of another of the same people, so that what is about others goes on waiting.
    private static string SubjectOf(IReadOnlyList<PersonRow> rows)
    {
        var people = string.Join('\n', rows.Select(row => row.Email).Order(StringComparer.Ordinal));
        return $"file {Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(people)))[..16]}";
    }
}
