using System.Text.Json.Nodes;
using Guerdon.Kernel;
using Guerdon.Scim.Answers;
using Guerdon.Storage;
using Microsoft.AspNetCore.Http;
using Npgsql;

namespace Guerdon.Scim.Queries;

/// <summary>How rows of a type are read.</summary>
/// <param name="Name">Of the type.</param>
/// <param name="Columns">What is read of each.</param>
/// <param name="Map">What a row becomes.</param>
/// <param name="Key">Its id.</param>
internal sealed record RowReader<T>(string Name, string Columns, Func<Row, T> Map, Func<T, Guid> Key);

/// <summary>A page of rows.</summary>
/// <param name="Total">How many there are on all pages.</param>
/// <param name="StartIndex">Where it begins; null: it was asked for by cursor.</param>
/// <param name="Rows">Of this page.</param>
/// <param name="NextCursor">Where the next one begins; null: this is the last, or pages are by index.</param>
internal sealed record ResourcePage<T>(long Total, long? StartIndex, IReadOnlyList<T> Rows, string? NextCursor);

/// <summary>Reads pages, by index or by cursor.</summary>
internal static class ResourcePage
{
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
        if (!ResourceQuery.Of(table, request).Is(out var query, out var refused)) return refused.ToScim();
        if (!(await ReadAsync(query, request, reader, db, clock, ct)).Is(out var page, out var no)) return no.ToScim();
        return ScimList.Of(page.Total, page.StartIndex, await show(page.Rows), page.NextCursor);
    }

    private static async Task<Result<ResourcePage<T>>> ReadAsync<T>(
        ResourceQuery query, ListRequest request, RowReader<T> reader, NpgsqlDataSource db, TimeProvider clock,
        CancellationToken ct)
    {
        var total = await query.CountAsync(db, ct);
        if (request.Cursor is not { } cursor)
            return new ResourcePage<T>(total, request.StartIndex, await query.ReadAsync(
                db, reader.Columns, reader.Map, request.StartIndex - 1, request.Count, ct), null);

        var of = PageCursor.Digest(reader.Name, request.Filter);
        var after = Guid.Empty;
        if (cursor.Length > 0)
        {
            if (!PageCursor.Read(cursor, of, clock.GetUtcNow()).Is(out var from, out var refused)) return refused;
            after = from.After;
        }

        // One more than is shown, so that the last page knows that it is.
        var most = request.Count == 0 ? 0 : request.Count + 1;
        var rows = await query.ReadAfterAsync(db, reader.Columns, reader.Map, after, most, ct);
        var shown = rows.Take(request.Count).ToArray();
        var next = rows.Count > shown.Length
            ? PageCursor.At(reader.Key(shown[^1]), clock.GetUtcNow(), of).ToString() : null;
        return new ResourcePage<T>(total, null, shown, next);
    }
}
