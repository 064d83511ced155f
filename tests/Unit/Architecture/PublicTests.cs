using System.Reflection;
using System.Reflection.Metadata;
using System.Reflection.PortableExecutable;
using System.Text.RegularExpressions;
using Microsoft.AspNetCore.Components;

namespace Guerdon.Unit.Architecture;

/// <summary>
/// What is public is what another module names, or what such a type shows; all else is internal, and so its module's
/// own to change.
/// </summary>
public sealed partial class PublicTests
{
    private const BindingFlags Shown =
        BindingFlags.Public | BindingFlags.Instance | BindingFlags.Static | BindingFlags.DeclaredOnly;

    [Fact]
    public void Types_NoOtherModuleNames_AreInternal()
    {
        var types = Modules.Assemblies.SelectMany(assembly => assembly.GetTypes())
            .Where(type => type.IsPublic && !IsGenerated(type)).ToArray();
        var named = Closure(types.Where(type => IsPage(type) || IsNamed(type)));
        Assert.True(named.Count > 300, $"Only {named.Count} types are named by another module.");
        Assert.Equal("", string.Join(", ", types.Where(type => !named.Contains(type)).Select(type => type.FullName)));
    }

    // The compiler of pages makes them public, and so what they show to each other has to be.
    private static bool IsPage(Type type) => typeof(IComponent).IsAssignableFrom(type);

    private static bool IsGenerated(Type type) => type.Namespace is null || type.Name == "_Imports";

    private static readonly HashSet<string> Referred = [.. Modules.Assemblies.SelectMany(ReferencesOf)];

    private static readonly Dictionary<string, HashSet<string>> Words = Repository.Files("src", ".cs", ".razor")
        .GroupBy(file => file.Split('/')[1], file => Word().Matches(Repository.Read(file)).Select(word => word.Value))
        .ToDictionary(module => module.Key, module => module.SelectMany(words => words).ToHashSet());

    // Constants leave no reference in what is compiled: types that have some are looked for as words.
    private static bool IsNamed(Type type) =>
        Referred.Contains(type.FullName!)
        || (type.GetFields(Shown).Any(field => field.IsLiteral) && Words.Any(
            module => module.Key != ModuleOf(type) && module.Value.Contains(type.Name)));

    private static string ModuleOf(Type type) => type.FullName!.Split('.')[1];

    // What an assembly names of the others, nested types by the type around them.
    private static IEnumerable<string> ReferencesOf(Assembly assembly)
    {
        using var file = new PEReader(File.OpenRead(assembly.Location));
        var reader = file.GetMetadataReader();
        foreach (var handle in reader.TypeReferences)
        {
            var type = reader.GetTypeReference(handle);
            while (type.ResolutionScope.Kind == HandleKind.TypeReference)
                type = reader.GetTypeReference((TypeReferenceHandle)type.ResolutionScope);
            yield return $"{reader.GetString(type.Namespace)}.{reader.GetString(type.Name)}";
        }
    }

    // With all that they show: what they derive from, and the types of their public members.
    private static HashSet<Type> Closure(IEnumerable<Type> types)
    {
        var (found, left) = (new HashSet<Type>(), new Stack<Type>(types));
        while (left.TryPop(out var type))
        {
            if (!found.Add(type)) continue;
            foreach (var shown in ShownBy(type).SelectMany(Parts))
                if (shown.Assembly.GetName().Name is { } name && Ours.Contains(name)) left.Push(shown);
        }

        return found;
    }

    private static readonly HashSet<string> Ours = [.. Modules.Assemblies.Select(one => one.GetName().Name!)];

    private static IEnumerable<Type?> ShownBy(Type type) =>
    [
        type.BaseType, .. type.GetInterfaces(), .. type.GetNestedTypes(BindingFlags.Public), type.DeclaringType,
        .. type.GetFields(Shown).Select(field => field.FieldType),
        .. type.GetProperties(Shown).Select(property => property.PropertyType),
        .. type.GetMethods(Shown).SelectMany(
            method => method.GetParameters().Select(parameter => parameter.ParameterType).Append(method.ReturnType)
                .Concat(method.GetGenericArguments().SelectMany(each => each.GetGenericParameterConstraints()))),
        .. type.GetConstructors(Shown).SelectMany(
            made => made.GetParameters().Select(parameter => parameter.ParameterType)),
        .. type.GetCustomAttributesData().Select(attribute => attribute.AttributeType),
    ];

    private static IEnumerable<Type> Parts(Type? type) => type switch
    {
        null => [],
        { HasElementType: true } => Parts(type.GetElementType()),
        { IsConstructedGenericType: true } => type.GetGenericArguments().SelectMany(Parts)
            .Append(type.GetGenericTypeDefinition()),
        _ => [type],
    };

    [GeneratedRegex(@"\b[A-Z]\w+")]
    private static partial Regex Word();
}
