using System.Text;
using Microsoft.AspNetCore.Http;

namespace Guerdon.Kernel;

/// <summary>A small YAML file that comes as the body of a request, such as a plan.</summary>
/// <param name="Subject">What it is, as a sentence begins: <c>The plan</c>.</param>
/// <param name="TooLarge">Said of more than 64 KB.</param>
/// <param name="Invalid">Said of a file with errors, which go with it.</param>
public sealed record YamlBody(string Subject, Refusal TooLarge, Refusal Invalid)
{
    private const int MaxBytes = 65_536;

    /// <summary>A subject of more than one thing: settings, terms.</summary>
    public bool IsPlural { get; init; }

    /// <summary>The file, and what it says; or why not, with all its errors.</summary>
    /// <param name="request">Its body is the file, in UTF-8.</param>
    /// <param name="read">What it says, or all that is wrong with it.</param>
    /// <param name="ct">Stops it.</param>
    /// <param name="edit">What is changed in the file before it is read; null: nothing.</param>
    public async Task<Result<YamlText<T>>> ReadAsync<T>(
        HttpRequest request, Func<string, (T? Value, IReadOnlyList<YamlError> Errors)> read, CancellationToken ct,
        Func<string, string>? edit = null)
        where T : class
    {
        var buffer = new byte[MaxBytes + 1];
        var length = await request.Body.ReadAtLeastAsync(buffer, buffer.Length, throwOnEndOfStream: false, ct);
        if (length > MaxBytes) return TooLarge.With($"{Subject} {(IsPlural ? "are" : "is")} larger than 64 KB.");

        var yaml = Encoding.UTF8.GetString(buffer, 0, length);
        return Of(edit is null ? yaml : edit(yaml), read);
    }

    /// <summary>What a file says that is here already; or why not, with all its errors.</summary>
    public Result<YamlText<T>> Of<T>(string yaml, Func<string, (T? Value, IReadOnlyList<YamlError> Errors)> read)
        where T : class
    {
        var (value, errors) = read(yaml);
        if (value is not null) return new YamlText<T>(yaml, value);

        var detail = errors.Count == 1 ? errors[0].Reason
            : $"{Subject} {(IsPlural ? "have" : "has")} {errors.Count} errors.";
        return Invalid.With(detail) with { Errors = errors };
    }
}

/// <summary>A file and what it says.</summary>
public sealed record YamlText<T>(string Yaml, T Value) where T : class;
