using System.Globalization;
using System.Reflection;
using System.Text.Json;
using Guerdon.Kernel;

namespace Guerdon.Host.Inputs;

/// <summary>
/// The one place for what handlers are given, out of addresses, queries and bodies: every text and every time of every
/// argument, at any depth, before the handler runs. What a handler takes is read from its signature once.
/// </summary>
internal static class InputFilter
{
    // Only these, because the framework takes 11/12/2026 too, and everybody reads that as another day.
    private static readonly string[] Instants =
    [
        "yyyy-MM-dd'T'HH:mmK", "yyyy-MM-dd'T'HH:mm:ssK", "yyyy-MM-dd'T'HH:mm:ss.FFFFFFFK", "yyyy-MM-dd",
    ];

    public static EndpointFilterDelegate For(EndpointFilterFactoryContext context, EndpointFilterDelegate next)
    {
        var services = context.ApplicationServices.GetService<IServiceProviderIsService>();
        var checks = context.MethodInfo.GetParameters()
            .Where(p => services?.IsService(p.ParameterType) is not true)
            .Select(p => (p.Position, Name: p.Name ?? "", Shape: InputShape.Of(p.ParameterType)))
            .Where(check => check.Shape.IsChecked).ToArray();
        var times = context.MethodInfo.GetParameters().SelectMany(TimesIn).ToArray();
        if (checks.Length == 0) return next;

        return async invocation =>
        {
            foreach (var (name, type) in times)
                if (Misread(invocation.HttpContext.Request, name, type) is { } misread) return misread.ToProblem();
            foreach (var (position, name, shape) in checks)
            {
                var path = shape.IsWhole ? "" : name; // a body's fields are named as they are in it
                if (shape.Fault(path, invocation.Arguments[position], 0) is { } fault) return fault.ToProblem();
            }

            return await next(invocation);
        };
    }

    private static IEnumerable<(string Name, Type Type)> TimesIn(ParameterInfo parameter)
    {
        (string? Name, Type Type)[] all = parameter.GetCustomAttribute<AsParametersAttribute>() is null
            ? [(parameter.Name, parameter.ParameterType)]
            : [.. parameter.ParameterType.GetProperties().Select(p => ((string?)p.Name, p.PropertyType))];
        return all.Select(p => (JsonNamingPolicy.CamelCase.ConvertName(p.Name ?? ""),
                Nullable.GetUnderlyingType(p.Type) ?? p.Type))
            .Where(p => p.Item2 == typeof(DateOnly) || p.Item2 == typeof(DateTimeOffset));
    }

    private static Refused? Misread(HttpRequest request, string name, Type type)
    {
        var text = request.RouteValues.TryGetValue(name, out var value) ? value as string
            : request.Query[name].FirstOrDefault();
        if (string.IsNullOrEmpty(text)) return null;
        var (form, style) = (CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal);
        var wanted = type == typeof(DateOnly)
            ? DateOnly.TryParseExact(text, "yyyy-MM-dd", form, DateTimeStyles.None, out _)
                ? null : "a day such as 2026-11-30"
            : DateTimeOffset.TryParseExact(text, Instants, form, style, out _)
                ? null : "a time such as 2026-11-30T09:30:00Z";
        return wanted is null ? null
            : InputRefusals.RequestInvalid.With($"{name} is '{Wording.Shortened(text)}', not {wanted}.");
    }
}
