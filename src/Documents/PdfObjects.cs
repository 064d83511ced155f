using System.Globalization;
using System.IO.Compression;
using System.Text;

namespace Guerdon.Documents;

/// <summary>The numbered objects of a PDF, in the order in which they are written, and the table of where each
/// begins.</summary>
internal sealed class PdfObjects : IDisposable
{
    private readonly MemoryStream file = new();
    private readonly SortedDictionary<int, long> places = [];

    // Bytes above 127 say that it is no text.
    public PdfObjects() => Write("%PDF-1.7\n%\u00e2\u00e3\u00cf\u00d3\n");

    /// <summary>An object that is text.</summary>
    public void Object(int number, string text)
    {
        places[number] = file.Length;
        Write($"{number} 0 obj\n{text}\nendobj\n");
    }

    /// <summary>An object that is bytes, packed.</summary>
    /// <param name="number">Its own.</param>
    /// <param name="entries">What its dictionary has besides.</param>
    /// <param name="bytes">As they are before.</param>
    public void Stream(int number, string entries, byte[] bytes)
    {
        using var packed = new MemoryStream();
        using (var zlib = new ZLibStream(packed, CompressionLevel.Optimal, leaveOpen: true)) zlib.Write(bytes);
        places[number] = file.Length;
        Write($"{number} 0 obj\n<</Length {packed.Length}/Filter/FlateDecode{entries}>>\nstream\n");
        file.Write(packed.GetBuffer().AsSpan(0, (int)packed.Length));
        Write("\nendstream\nendobj\n");
    }

    /// <summary>The whole file, with its table. Numbers run from 1 without gaps.</summary>
    public byte[] ToArray(int catalog, int info)
    {
        var table = file.Length;
        Write($"xref\n0 {places.Count + 1}\n0000000000 65535 f \n");
        foreach (var place in places.Values) Write($"{place.ToString("D10", CultureInfo.InvariantCulture)} 00000 n \n");
        Write($"trailer\n<</Size {places.Count + 1}/Root {catalog} 0 R/Info {info} 0 R>>\nstartxref\n{table}\n%%EOF\n");
        return file.ToArray();
    }

    public void Dispose() => file.Dispose();

    private void Write(string text) => file.Write(Encoding.Latin1.GetBytes(text));
}
