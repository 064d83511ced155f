using System.Collections;
using System.Collections.Concurrent;
using System.ComponentModel.DataAnnotations;
using System.Reflection;
using System.Text.Json;
using Guerdon.Kernel;

namespace Guerdon.Host.Inputs;

/// <summary>What of a type's values is text or time, so that it can be checked whatever it is part of.</summary>
internal sealed class InputShape
{
    private const int MaxDepth = 16;
    private static readonly ConcurrentDictionary<Type, InputShape> Known = new();

    private readonly Func<object, Refused?>? _leaf; // the reason begins with a blank: its field goes before it
    private readonly Lazy<IReadOnlyList<Member>> _members;
    private readonly Lazy<bool> _isChecked;

    private InputShape(Type type, int mostChars)
    {
        _leaf = Leaf(type, mostChars);
        IsList = _leaf is null && typeof(IEnumerable).IsAssignableFrom(type);
        IsWhole = _leaf is null && !IsList;
        _members = new(() => _leaf is null && !IsList ? [.. MembersOf(type)] : []);
        _isChecked = new(() => _leaf is not null || IsList || _members.Value.Count > 0);
    }

    /// <param name="Name">As JSON has it.</param>
    /// <param name="Read">Its value in an object.</param>
    /// <param name="Shape">What its value may be.</param>
    /// <param name="IsNeeded">A list or an object that is never null by its declaration.</param>
    private sealed record Member(string Name, Func<object, object?> Read, InputShape Shape, bool IsNeeded);

    /// <summary>True where there is anything to look at.</summary>
    public bool IsChecked => _isChecked.Value;

    /// <summary>True for an object with members.</summary>
    public bool IsWhole { get; }

    private bool IsList { get; }

    public static InputShape Of(Type type) =>
        Known.GetOrAdd(Nullable.GetUnderlyingType(type) ?? type, t => new InputShape(t, InputText.MostChars));

    /// <summary>What is wrong with a value, with the field's place in it; null where nothing is.</summary>
    public Refused? Fault(string path, object? value, int depth)
    {
        if (value is null || depth > MaxDepth) return null;
        if (_leaf is not null)
            return _leaf(value) is { } wrong
                ? wrong with { Detail = $"{(path.Length > 0 ? path : "The text")}{wrong.Detail}" } : null;
        return IsList ? InList(path, (IEnumerable)value, depth) : InMembers(path, value, depth);
    }

    private Refused? InMembers(string path, object value, int depth)
    {
        foreach (var member in _members.Value)
        {
            var place = path.Length == 0 ? member.Name : $"{path}.{member.Name}";
            var own = member.Read(value);
            if (own is null && member.IsNeeded) return InputRefusals.RequestInvalid.With($"{place} is missing.");
            if (member.Shape.Fault(place, own, depth + 1) is { } fault) return fault;
        }

        return null;
    }

    private static Refused? InList(string path, IEnumerable list, int depth)
    {
        var number = 0;
        foreach (var item in list)
        {
            if (item is null) return InputRefusals.RequestInvalid.With($"{path}[{number}] is null.");
            if (Of(item.GetType()).Fault($"{path}[{number}]", item, depth + 1) is { } fault) return fault;
            number++;
        }

        return null;
    }

    private static Func<object, Refused?>? Leaf(Type type, int mostChars)
    {
        if (type == typeof(string))
            return value => InputText.Fault((string)value, mostChars) is { } wrong
                ? InputRefusals.TextInvalid.With($" {wrong}") : null;
        if (type == typeof(DateOnly)) return value => Days.Has((DateOnly)value) ? null : Beyond(Days.Wanted);
        if (type == typeof(DateTimeOffset))
            return value => Days.Has((DateTimeOffset)value) ? null : Beyond(Days.WantedInstant);
        if (type == typeof(DateTime))
            return value => Days.Has(DateOnly.FromDateTime((DateTime)value)) ? null : Beyond(Days.WantedInstant);
        return null;

        static Refused Beyond(string wanted) => InputRefusals.TimeInvalid.With($" is not {wanted}.");
    }

    // Records of our own alone, since a type of the framework is not input, and may be a whole server.
    private static IEnumerable<Member> MembersOf(Type type)
    {
        if (type.Namespace?.StartsWith("Guerdon.", StringComparison.Ordinal) is not true) yield break;
        foreach (var property in type.GetProperties(BindingFlags.Public | BindingFlags.Instance))
        {
            if (property.GetIndexParameters().Length > 0 || property.GetMethod is null) continue;
            var kind = Nullable.GetUnderlyingType(property.PropertyType) ?? property.PropertyType;
            if (!IsInput(kind)) continue;
            var most = property.GetCustomAttribute<StringLengthAttribute>()?.MaximumLength;
            var shape = most is { } own && kind == typeof(string) ? new InputShape(kind, own) : Of(kind);
            if (kind == type || shape.IsChecked)
                yield return new Member(
                    JsonNamingPolicy.CamelCase.ConvertName(property.Name), property.GetValue, shape,
                    kind != typeof(string) && !kind.IsValueType
                        && new NullabilityInfoContext().Create(property).ReadState == NullabilityState.NotNull);
        }
    }

    private static bool IsInput(Type type) => type == typeof(string) || type == typeof(DateOnly)
        || type == typeof(DateTimeOffset) || type == typeof(DateTime) || typeof(IEnumerable).IsAssignableFrom(type)
        || (type.Namespace?.StartsWith("Guerdon.", StringComparison.Ordinal) is true && !type.IsEnum);
}
