using System.Globalization;
using Guerdon.Kernel;
using Guerdon.Scim.Filters;
using Guerdon.Storage;
using Npgsql;

namespace Guerdon.Scim.Queries;

/// <summary>What a list is of, in SQL: a condition, an order and their values.</summary>
internal sealed class ResourceQuery
{
    private readonly ResourceTable _table;
    private readonly string _where;
    private readonly string _order;
    private readonly IReadOnlyList<object?> _values;

    private ResourceQuery(ResourceTable table, string where, string order, IReadOnlyList<object?> values) =>
        (_table, _where, _order, _values) = (table, where, order, values);

    /// <param name="table">Whose rows.</param>
    /// <param name="request">Which of them, and in which order.</param>
    /// <param name="isLenient">Whether several types are searched at once: an attribute that this one does not have has
    /// no value.</param>
    public static Result<ResourceQuery> Of(ResourceTable table, ListRequest request, bool isLenient = false)
    {
        var (where, values) = ("true", new List<object?>());
        if (request.Filter is { } text)
        {
            if (!FilterParser.Read(text, table.Type, isLenient).Is(out var filter, out var refused)) return refused;
            where = new FilterSql(table, values).Where(filter);
        }

        return SortSql.Of(table, request.SortBy, request.IsDescending, isLenient)
            .Select(order => new ResourceQuery(table, where, order, values));
    }

    /// <summary>How many there are.</summary>
    public Task<long> CountAsync(NpgsqlDataSource db, CancellationToken ct) =>
        db.ScalarAsync<long>($"select count(*) from {_table.From} where {_where}", Values(), ct);

    /// <summary>Some of them, from a place on.</summary>
    /// <param name="db">The database.</param>
    /// <param name="columns">What is read of each.</param>
    /// <param name="map">What a row becomes.</param>
    /// <param name="skip">How many come before.</param>
    /// <param name="take">The most.</param>
    /// <param name="ct">Stops it.</param>
    public async Task<IReadOnlyList<T>> ReadAsync<T>(
        NpgsqlDataSource db, string columns, Func<Row, T> map, long skip, int take, CancellationToken ct)
    {
        if (take <= 0) return [];
        var page = string.Create(CultureInfo.InvariantCulture,
            $"limit ${_values.Count + 1} offset ${_values.Count + 2}");
        return await db.ReadAsync(
            $"select {columns} from {_table.From} where {_where} order by {_order} {page}",
            map, [.. Values(), take, skip], ct);
    }

    /// <summary>Some of them, by id, after one.</summary>
    public async Task<IReadOnlyList<T>> ReadAfterAsync<T>(
        NpgsqlDataSource db, string columns, Func<Row, T> map, Guid after, int take, CancellationToken ct)
    {
        if (take <= 0) return [];
        var (last, most) = (_values.Count + 1, _values.Count + 2);
        return await db.ReadAsync(
            string.Create(CultureInfo.InvariantCulture, $"""
                select {columns} from {_table.From} where {_where} and {_table.Key} > ${last}
                 order by {_table.Key} limit ${most}
                """), map, [.. Values(), after, take], ct);
    }

    // A parameter belongs to one command.
    private object?[] Values() =>
        [.. _values.Select(value => value is NpgsqlParameter made ? made.Clone() : value)];
}
