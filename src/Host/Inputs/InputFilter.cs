using Stipend.Kernel;

namespace Stipend.Host.Inputs;

/// <summary>
/// The one place for what handlers are given, out of addresses, queries and bodies: every text and every time of every
/// argument, at any depth, before the handler runs. What a handler takes is read from its signature once.
/// </summary>
internal static class InputFilter
{
    public static EndpointFilterDelegate For(EndpointFilterFactoryContext context, EndpointFilterDelegate next)
    {
        var services = context.ApplicationServices.GetService<IServiceProviderIsService>();
        var checks = context.MethodInfo.GetParameters()
            .Where(p => services?.IsService(p.ParameterType) is not true)
            .Select(p => (p.Position, Name: p.Name ?? "", Shape: InputShape.Of(p.ParameterType)))
            .Where(check => check.Shape.IsChecked).ToArray();
        if (checks.Length == 0) return next;

        return async invocation =>
        {
            foreach (var (position, name, shape) in checks)
            {
                var path = shape.IsWhole ? "" : name; // a body's fields are named as they stand in it
                if (shape.Fault(path, invocation.Arguments[position], 0) is { } fault) return fault.ToProblem();
            }

            return await next(invocation);
        };
    }
}
