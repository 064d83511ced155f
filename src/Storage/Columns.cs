using Npgsql;
using NpgsqlTypes;

namespace Guerdon.Storage;

/// <summary>
/// Rows as arrays, a column each, for statements that <c>unnest</c> them: binary, and one plan for any number.
/// </summary>
public static class Columns
{
    public static NpgsqlParameter Of<TRow, T>(NpgsqlDbType type, IReadOnlyList<TRow> rows, Func<TRow, T> column)
    {
        var values = new T[rows.Count];
        for (var i = 0; i < values.Length; i++) values[i] = column(rows[i]);
        return Of(type, values);
    }

    public static NpgsqlParameter Of<T>(NpgsqlDbType type, T[] values) =>
        new NpgsqlParameter<T[]> { TypedValue = values, NpgsqlDbType = NpgsqlDbType.Array | type };
}
