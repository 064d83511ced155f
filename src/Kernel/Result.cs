using System.Diagnostics.CodeAnalysis;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;

namespace Guerdon.Kernel;

/// <summary>
/// What was asked for, or why not: one of the two, never both. A value or a <see cref="Refused"/> becomes one where it
/// is returned; a caller takes it apart with <see cref="Is"/>. What can only be refused, and brings nothing, is a plain
/// <c>Refused?</c>, null where nothing speaks against it.
/// </summary>
public readonly record struct Result<T> where T : notnull
{
    private readonly bool _hasValue;

    private Result(bool hasValue, T? value, Refused? refused)
    {
        if (hasValue) ArgumentNullException.ThrowIfNull(value);
        else ArgumentNullException.ThrowIfNull(refused);
        (_hasValue, ValueOrDefault, Refused) = (hasValue, value, refused);
    }

    /// <summary>Why not; null where there is a value.</summary>
    public Refused? Refused { get; }

    /// <summary>The value, or its type's default where it was refused.</summary>
    public T? ValueOrDefault { get; }

    public static implicit operator Result<T>(T value) => new(true, value, null);

    public static implicit operator Result<T>(Refused refused) => new(false, default, refused);

    /// <summary>The two apart: <c>if (!result.Is(out var value, out var refused)) return refused;</c></summary>
    /// <returns>Whether there is a value.</returns>
    /// <exception cref="InvalidOperationException">It is a <c>default</c>, which is neither.</exception>
    public bool Is([NotNullWhen(true)] out T? value, [NotNullWhen(false)] out Refused? refused)
    {
        (value, refused) = (ValueOrDefault, Refused);
        if (!_hasValue && refused is null)
            throw new InvalidOperationException("A result that nobody made is neither a value nor a refusal.");
        return _hasValue;
    }

    /// <summary>The value made into something else; a refusal stays what it is.</summary>
    public Result<TOther> Select<TOther>(Func<T, TOther> map) where TOther : notnull =>
        Is(out var value, out var refused) ? map(value) : refused;
}

/// <summary>Results as answers of the REST API.</summary>
public static class ResultExtensions
{
    /// <summary>200 with the value, or the refusal as ProblemDetails.</summary>
    public static Results<Ok<T>, ProblemHttpResult> ToHttp<T>(this Result<T> result) where T : notnull =>
        result.Is(out var value, out var refused) ? TypedResults.Ok(value) : refused.ToProblem();
}
