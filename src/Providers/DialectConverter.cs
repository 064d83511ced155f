using System.ComponentModel;
using System.Globalization;
using Guerdon.Dialects.Calls;
using Guerdon.Dialects.Known;

namespace Guerdon.Providers;

/// <summary>Reads a dialect's name where settings are bound. <see cref="Dialect"/> itself knows of no list.</summary>
internal sealed class DialectConverter : TypeConverter
{
    /// <summary>From here on, settings may name dialects. A repeat changes nothing.</summary>
    public static void Register()
    {
        if (TypeDescriptor.GetConverter(typeof(Dialect)) is DialectConverter) return;
        TypeDescriptor.AddAttributes(typeof(Dialect), new TypeConverterAttribute(typeof(DialectConverter)));
    }

    public override bool CanConvertFrom(ITypeDescriptorContext? context, Type sourceType) =>
        sourceType == typeof(string) || base.CanConvertFrom(context, sourceType);

    public override object? ConvertFrom(ITypeDescriptorContext? context, CultureInfo? culture, object value) =>
        value is string name && KnownDialects.TryFind(name, out var dialect)
            ? dialect
            : throw new FormatException($"A dialect is {KnownDialects.Names}, and not '{value}'.");
}
