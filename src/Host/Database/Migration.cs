using System.Globalization;
using System.Reflection;
using System.Security.Cryptography;
using System.Text;
using System.Text.RegularExpressions;

namespace Guerdon.Host.Database;

/// <summary>One numbered file of <c>db/migrations</c>.</summary>
/// <param name="Number">Its place in the one sequence, from 1.</param>
/// <param name="Name">Without number and ending, such as <c>kernel</c>.</param>
/// <param name="Sql">The whole text.</param>
internal sealed partial record Migration(int Number, string Name, string Sql)
{
    /// <summary>SHA-256 of the text, the same whichever line ends a checkout has.</summary>
    public byte[] Checksum =>
        SHA256.HashData(Encoding.UTF8.GetBytes(Sql.Replace("\r\n", "\n", StringComparison.Ordinal)));

    public string FileName => $"{Number:D4}_{Name}.sql";

    /// <summary>The program's own, in order.</summary>
    public static IReadOnlyList<Migration> Embedded() =>
    [
        .. from resource in typeof(Migration).Assembly.GetManifestResourceNames()
           let match = ResourceName().Match(resource)
           where match.Success
           let number = int.Parse(match.Groups["number"].ValueSpan, CultureInfo.InvariantCulture)
           orderby number
           select new Migration(number, match.Groups["name"].Value, Read(resource)),
    ];

    private static string Read(string resource)
    {
        using var stream = Assembly.GetExecutingAssembly().GetManifestResourceStream(resource)!;
        using var reader = new StreamReader(stream);
        return reader.ReadToEnd();
    }

    [GeneratedRegex(@"^migrations/(?<number>\d{4})_(?<name>\w+)\.sql$")]
    private static partial Regex ResourceName();
}
