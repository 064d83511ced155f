using Guerdon.Kernel;
using Npgsql;

namespace Guerdon.Storage;

/// <summary>
/// One row of an answer, read by the names of its columns, so that a statement may gain or move columns and nothing is
/// read as something else. Members are called as PostgreSQL calls types. A name that the statement does not have, and
/// null where none is expected, is an exception.
/// </summary>
public readonly struct Row(NpgsqlDataReader reader)
{
    /// <summary>A value of a type that has no member here, such as an array; <c>int?</c> may be null.</summary>
    public T Get<T>(string column) => reader.GetFieldValue<T>(reader.GetOrdinal(column));

    /// <summary>A value of such a type that is a class, or null where the column is.</summary>
    public T? GetOrNull<T>(string column) where T : class
    {
        var at = reader.GetOrdinal(column);
        return reader.IsDBNull(at) ? null : reader.GetFieldValue<T>(at);
    }

    public bool IsNull(string column) => reader.IsDBNull(reader.GetOrdinal(column));

    public string Text(string column) => Get<string>(column);

    public string? TextOrNull(string column) => GetOrNull<string>(column);

    public long Bigint(string column) => Get<long>(column);

    public long? BigintOrNull(string column) => Get<long?>(column);

    public int Int4(string column) => Get<int>(column);

    public int? Int4OrNull(string column) => Get<int?>(column);

    public short Smallint(string column) => Get<short>(column);

    public bool Bool(string column) => Get<bool>(column);

    public Guid Uuid(string column) => Get<Guid>(column);

    public Guid? UuidOrNull(string column) => Get<Guid?>(column);

    /// <summary>An id from its <c>uuid</c>.</summary>
    public T Id<T>(string column) where T : struct, IId<T> => T.From(Uuid(column));

    public T? IdOrNull<T>(string column) where T : struct, IId<T> =>
        UuidOrNull(column) is { } value ? T.From(value) : null;

    /// <summary>A <c>date</c>.</summary>
    public DateOnly Date(string column) => Get<DateOnly>(column);

    public DateOnly? DateOrNull(string column) => Get<DateOnly?>(column);

    /// <summary>A <c>timestamptz</c>, in UTC.</summary>
    public DateTimeOffset Instant(string column) => Get<DateTimeOffset>(column);

    public DateTimeOffset? InstantOrNull(string column) => Get<DateTimeOffset?>(column);

    /// <summary>Milli-tokens.</summary>
    public Tokens Tokens(string column) => new(Bigint(column));

    public byte[] Bytes(string column) => Get<byte[]>(column);

    public byte[]? BytesOrNull(string column) => GetOrNull<byte[]>(column);

    /// <summary>Who did something, from three columns: the name in <paramref name="column"/>, and next to it
    /// <c>…_account</c> and <c>…_person</c>; null where nobody did.</summary>
    public Actor? ActorOrNull(string column) => TextOrNull(column) is not { } name ? null
        : new Actor(name, UuidOrNull(column + "_person")) { Account = UuidOrNull(column + "_account") };

    /// <inheritdoc cref="ActorOrNull"/>
    public Actor Actor(string column) =>
        ActorOrNull(column) ?? throw new InvalidCastException($"Column '{column}' is null.");
}
