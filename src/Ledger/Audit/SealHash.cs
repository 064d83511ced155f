using System.Security.Cryptography;
using Guerdon.Ledger.Transfers;

namespace Guerdon.Ledger.Audit;

/// <summary>What goes into a day's root, step by step, as <see cref="ChainHash"/> writes what it hashes.</summary>
internal static class SealHash
{
    /// <summary>One step of a day's root: the chain heads of the day, in wallet order, after the day before.</summary>
    public static void AppendHead(IncrementalHash root, Guid wallet, long seq, ReadOnlySpan<byte> head)
    {
        var writer = new HashFields(stackalloc byte[64]);
        writer.Guid(wallet);
        writer.Int64(seq);
        writer.Raw(head);
        root.AppendData(writer.Written);
    }

    /// <summary>One step of a table's root: a line of <c>kernel.change</c>.</summary>
    public static void AppendChange(IncrementalHash root, Change c)
    {
        var writer = new HashFields(stackalloc byte[512]);
        writer.Int64(c.Seq);
        writer.Time(c.At);
        writer.Text(c.RowKey);
        writer.Text(c.Op);
        writer.Bytes(c.Digest);
        writer.Int16((short)(c.Breaks ? 1 : 0));
        writer.Int32(c.RowKeys?.Count ?? -1);
        foreach (var key in c.RowKeys ?? []) writer.Text(key);
        foreach (var digest in c.Digests ?? []) writer.Bytes(digest);
        writer.Int32(c.Ids?.Length ?? -1);
        foreach (var id in c.Ids ?? []) writer.Guid(id);
        writer.Text(c.Role);
        writer.Text(c.Program);
        if (c.Act is { } act) writer.Guid(act);
        root.AppendData(writer.Written);
    }

    /// <summary>One step of a day's root: what it says of a guarded table.</summary>
    public static void AppendTable(IncrementalHash root, SealTable table)
    {
        var writer = new HashFields(stackalloc byte[256]);
        writer.Text(table.Name);
        writer.Int64(table.Rows);
        writer.Int64(table.Changes);
        writer.Raw(table.Root);
        root.AppendData(writer.Written);
    }
}
