using System.Text.Json.Nodes;
using Guerdon.Kernel;
using Guerdon.Scim.Answers;
using Guerdon.Scim.Documents;
using Guerdon.Storage;
using Microsoft.AspNetCore.Http;
using Npgsql;

namespace Guerdon.Scim.Queries;

/// <summary>How rows of a type are read.</summary>
/// <param name="Name">Of the type.</param>
/// <param name="Columns">What is read of each.</param>
/// <param name="Map">What a row becomes.</param>
/// <param name="Key">Its id.</param>
/// <param name="Entries">The attribute whose values are rows of another table: members, or groups.</param>
/// <param name="Sizes">How many members or groups each of some resources has, as <c>id</c> and <c>size</c>.</param>
internal sealed record RowReader<T>(
    string Name, string Columns, Func<Row, T> Map, Func<T, Guid> Key, string Entries,
    string Sizes)
{
    /// <summary>Those at the beginning that one answer can have with all their members or groups: the first in any
    /// case, and others until there are <see cref="ResourcePage.MostEntries"/>.</summary>
    /// <param name="rows">Of a page.</param>
    /// <param name="showsEntries">Whether the answer has members or groups at all.</param>
    /// <param name="db">The database.</param>
    /// <param name="ct">Stops it.</param>
    public async Task<IReadOnlyList<T>> FittingAsync(
        IReadOnlyList<T> rows, bool showsEntries, NpgsqlDataSource db, CancellationToken ct)
    {
        if (rows.Count < 2 || !showsEntries) return rows;
        var sizes = (await db.ReadAsync(
            Sizes, row => (Id: row.Uuid("id"), Size: row.Bigint("size")), [rows.Select(Key).ToArray()], ct))
            .ToDictionary(one => one.Id, one => one.Size);
        var sum = 0L;
        var fit = rows.TakeWhile(
            row => (sum += sizes.GetValueOrDefault(Key(row))) <= ResourcePage.MostEntries).Count();
        return fit == rows.Count ? rows : [.. rows.Take(Math.Max(1, fit))];
    }
}

/// <summary>A page of rows.</summary>
/// <param name="Total">How many there are on all pages.</param>
/// <param name="StartIndex">Where it begins; null: it was asked for by cursor.</param>
/// <param name="Rows">Of this page.</param>
/// <param name="NextCursor">Where the next one begins; null: this is the last, or pages are by index.</param>
internal sealed record ResourcePage<T>(long Total, long? StartIndex, IReadOnlyList<T> Rows, string? NextCursor);

/// <summary>Reads pages, by index or by cursor.</summary>
internal static class ResourcePage
{
    /// <summary>The most members of groups, or groups of users, on a page of more than one resource: it is shorter
    /// instead, and the next begins where it ends.</summary>
    public const int MostEntries = 20_000;

    /// <summary>A page as a directory reads it.</summary>
    /// <param name="table">Whose rows.</param>
    /// <param name="request">Which of them.</param>
    /// <param name="reader">How they are read.</param>
    /// <param name="show">What they are in an answer.</param>
    /// <param name="db">The database.</param>
    /// <param name="clock">For the age of cursors.</param>
    /// <param name="ct">Stops it.</param>
    public static async Task<IResult> AnswerAsync<T>(
        ResourceTable table, ListRequest request, RowReader<T> reader,
        Func<IReadOnlyList<T>, Task<IReadOnlyList<JsonObject>>> show, NpgsqlDataSource db, TimeProvider clock,
        CancellationToken ct)
    {
        var showsEntries = new Projection(
            table.Type, request.Attributes, request.ExcludedAttributes).Has(reader.Entries);
        if (!ResourceQuery.Of(table, request).Is(out var query, out var refused)) return refused.ToScim();
        var read = await ReadAsync(query, request, reader, new(showsEntries, db, clock), ct);
        if (!read.Is(out var page, out var no)) return no.ToScim();
        return ScimList.Of(page.Total, page.StartIndex, await show(page.Rows), page.NextCursor);
    }

    private readonly record struct Page(bool ShowsEntries, NpgsqlDataSource Db, TimeProvider Clock);

    private static async Task<Result<ResourcePage<T>>> ReadAsync<T>(
        ResourceQuery query, ListRequest request, RowReader<T> reader, Page of, CancellationToken ct)
    {
        var (showsEntries, db, clock) = of;
        var total = await query.CountAsync(db, ct);
        if (request.Cursor is not { } cursor)
        {
            var found = await query.ReadAsync(
                db, reader.Columns, reader.Map, request.StartIndex - 1, request.Count, ct);
            return new ResourcePage<T>(
                total, request.StartIndex, await reader.FittingAsync(found, showsEntries, db, ct), null);
        }

        var digest = PageCursor.Digest(reader.Name, request.Filter);
        var after = Guid.Empty;
        if (cursor.Length > 0)
        {
            if (!PageCursor.Read(cursor, digest, clock.GetUtcNow()).Is(out var from, out var refused)) return refused;
            after = from.After;
        }

        // One more than is shown, so that the last page knows that it is.
        var most = request.Count == 0 ? 0 : request.Count + 1;
        var rows = await query.ReadAfterAsync(db, reader.Columns, reader.Map, after, most, ct);
        var shown = await reader.FittingAsync([.. rows.Take(request.Count)], showsEntries, db, ct);
        var next = rows.Count > shown.Count
            ? PageCursor.At(reader.Key(shown[^1]), clock.GetUtcNow(), digest).ToString() : null;
        return new ResourcePage<T>(total, null, shown, next);
    }
}
