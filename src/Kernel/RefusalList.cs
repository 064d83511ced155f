using System.Reflection;

namespace Guerdon.Kernel;

/// <summary>The closed lists of all modules as one: docs/errors.md and the pages of errors are made of it.</summary>
public static class RefusalList
{
    /// <summary>Every refusal that the assemblies list, by module and code.</summary>
    public static IReadOnlyList<(string Module, Refusal Refusal)> Of(IEnumerable<Assembly> assemblies) =>
    [
        .. from assembly in assemblies
           let name = assembly.GetName().Name!
           let module = name == "guerdon" ? "Host" : name
           from type in assembly.GetTypes()
           from field in type.GetFields(BindingFlags.Public | BindingFlags.Static)
           where field.FieldType == typeof(Refusal)
           let refusal = (Refusal)field.GetValue(null)!
           orderby module, refusal.Code
           select (module, refusal),
    ];

    /// <summary>A program's own assembly and all that it is made of which can refuse anything.</summary>
    public static IEnumerable<Assembly> AssembliesOf(Assembly program)
    {
        HashSet<Assembly> found = [typeof(Refusal).Assembly, program];
        Queue<Assembly> left = new([program]);
        while (left.TryDequeue(out var assembly))
            foreach (var module in assembly.GetReferencedAssemblies().Select(Assembly.Load).Where(RefersToKernel))
                if (found.Add(module)) left.Enqueue(module);
        return found;
    }

    private static bool RefersToKernel(Assembly assembly)
    {
        var kernel = typeof(Refusal).Assembly.GetName().Name;
        return assembly.GetReferencedAssemblies().Any(reference => reference.Name == kernel);
    }
}
