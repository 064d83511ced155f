using System.ComponentModel;
using System.Globalization;
using Guerdon.Dialects.Calls;
using Guerdon.Dialects.Known;

namespace Guerdon.Providers;

/// <summary>Reads a dialect's name where settings are bound. <see cref="Dialect"/> itself knows of no list.</summary>
internal sealed class DialectConverter : TypeConverter
{
    // Once in a process: adding attributes drops what is known of the type, and another server that starts at the same
    // moment would read its settings with no converter, and so with the default dialect.
    private static readonly Lazy<TypeDescriptionProvider> Added = new(() =>
        TypeDescriptor.AddAttributes(typeof(Dialect), new TypeConverterAttribute(typeof(DialectConverter))));

    /// <summary>From here on, settings may name dialects. A repeat changes nothing.</summary>
    public static void Register() => _ = Added.Value;

    public override bool CanConvertFrom(ITypeDescriptorContext? context, Type sourceType) =>
        sourceType == typeof(string) || base.CanConvertFrom(context, sourceType);

    public override object? ConvertFrom(ITypeDescriptorContext? context, CultureInfo? culture, object value) =>
        value is string name && KnownDialects.TryFind(name, out var dialect)
            ? dialect
            : throw new FormatException($"A dialect is {KnownDialects.Names}, and not '{value}'.");
}
