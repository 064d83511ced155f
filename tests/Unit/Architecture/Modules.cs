using System.Reflection;

namespace Guerdon.Unit.Architecture;

/// <summary>What src/ is built into.</summary>
internal static class Modules
{
    public static readonly IReadOnlyList<Assembly> Assemblies =
    [
        .. Repository.Files("src", ".csproj").Select(Path.GetFileNameWithoutExtension)
            .Select(module => Assembly.Load(module == "Host" ? "guerdon" : module!)),
    ];
}
