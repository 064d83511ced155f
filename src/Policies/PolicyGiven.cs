using System.Globalization;

namespace Guerdon.Policies;

/// <summary>A policy as a proposal holds it: a first line says from when on, then comes the file.</summary>
/// <param name="From">When it comes into force, or as it is approved, where that is later.</param>
/// <param name="Yaml">The file as it was given.</param>
internal sealed record PolicyGiven(DateTimeOffset From, string Yaml)
{
    private const string Start = "# In force as soon as it is approved, and not before ";

    /// <summary>Both in one text.</summary>
    public string Body => string.Create(CultureInfo.InvariantCulture, $"{Start}{From.UtcDateTime:O}\n{Yaml}");

    /// <summary>Reads a <see cref="Body"/>.</summary>
    public static PolicyGiven Read(string body)
    {
        var end = body.IndexOf('\n', StringComparison.Ordinal);
        var from = DateTimeOffset.Parse(
            body.AsSpan()[Start.Length..end], CultureInfo.InvariantCulture, DateTimeStyles.RoundtripKind);
        return new(from, body[(end + 1)..]);
    }
}
