using System.Text.Json;
using Guerdon.Terminal.Tables;
using Guerdon.Terminal.Writing;

namespace Guerdon.Client.Verbs;

/// <summary>A list in a reply that needs no record: columns by the names of properties.</summary>
public static class ReplyList
{
    /// <summary>A column of a list: what stands above it, and which property is below.</summary>
    public readonly record struct Column(string Heading, string Property, bool IsNumber = false);

    /// <summary>Shows a list, or that there is nothing in it.</summary>
    public static void Show(
        Output output, JsonElement reply, string name, string none, params ReadOnlySpan<Column> columns)
    {
        var list = reply.GetProperty(name);
        if (list.GetArrayLength() == 0)
        {
            output.Note(none);
            return;
        }

        var table = new TextTable();
        foreach (var column in columns)
        {
            if (column.IsNumber) table.Right(column.Heading);
            else table.Left(column.Heading);
        }

        foreach (var row in list.EnumerateArray())
        {
            var cells = new string[columns.Length];
            for (var i = 0; i < cells.Length; i++) cells[i] = Text(row, columns[i].Property);
            table.Row(cells);
        }

        output.Table(table);
    }

    /// <summary>A property as people read it; empty where it is not there.</summary>
    public static string Text(JsonElement row, string property) =>
        row.TryGetProperty(property, out var value) ? Sheet.Text(property, value) : "";
}
